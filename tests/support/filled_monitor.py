"""A monitor that a test fills directly; nothing is requested."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from nodion_tui.config import Profile, Secret
from nodion_tui.model.listing import Listing
from nodion_tui.model.run import Run, RunRecord
from nodion_tui.model.runner import Runner
from nodion_tui.monitor.monitor import Monitor

START = datetime(2026, 1, 15, 14, 5, tzinfo=UTC)


def a_run(runner_id: str, number: int, status: str = "succeeded", **more: object) -> Run:
    """A run; the higher its number, the newer it is."""
    fields: dict[str, object] = {
        "id": f"{runner_id}-{number}",
        "runner_id": runner_id,
        "status": status,
        "argv": ("echo", str(number)),
        "created_at": START + timedelta(seconds=number),
    }
    return RunRecord(**(fields | more)).run  # type: ignore[arg-type]  # test data


def filled_monitor(
    *runner_ids: str, runs: Sequence[Run] = (), profile: Profile | None = None
) -> Monitor:
    """A monitor that knows these runners, named like their ids, and all their runs."""
    monitor = Monitor(profile or Profile(name="test", key=Secret("key")))
    monitor.runs.apply_runners(Listing(tuple(Runner(id=each, name=each) for each in runner_ids)))
    for runner_id in runner_ids:
        monitor.runs.apply_runs(
            runner_id, Listing(tuple(run for run in runs if run.runner_id == runner_id))
        )
    return monitor
