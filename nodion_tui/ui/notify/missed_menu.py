"""Menu of the runs that started or ended while the user was away."""

from collections.abc import Sequence
from typing import Any

from textual.app import App

from nodion_tui.model import format as fmt
from nodion_tui.model.run import Run
from nodion_tui.model.runner import short_id
from nodion_tui.model.signs import status_sign
from nodion_tui.monitor.monitor import Monitor
from nodion_tui.monitor.notify.missed_runs import MissedRuns
from nodion_tui.ui.dialogs.menu import Menu, MenuEntry
from nodion_tui.ui.session.messages import OpenRun

MAX_RUNS = 200
"""Maximum number of runs in the menu."""


async def open_missed_run(app: App[Any], monitor: Monitor | None) -> None:
    """Show the menu, then open the selected run.

    Args:
        app: shows the menu.
        monitor: the current monitor, if any.
    """
    missed = monitor.missed if monitor else None
    if monitor is None or missed is None:
        app.notify("No missed runs.", timeout=3)
        return
    monitor.set_missed(None)
    runs = missed.runs[:MAX_RUNS]
    index = await app.push_screen_wait(Menu(_title(missed), _entries(monitor, runs)))
    if index is not None:
        app.post_message(OpenRun(runs[int(index)].key))


def _title(missed: MissedRuns) -> str:
    since, until = fmt.time_of_day(missed.since), fmt.time_of_day(missed.until)
    return f"While you were away, {since} to {until}: {missed.text}"


def _entries(monitor: Monitor, runs: Sequence[Run]) -> list[MenuEntry]:
    return [
        MenuEntry(
            str(index + 1),
            str(index),
            f"{status_sign(run.status)} {_runner_label(monitor, run)}",
            _details(monitor, run),
        )
        for index, run in enumerate(runs)
    ]


def _runner_label(monitor: Monitor, run: Run) -> str:
    runner = monitor.runs.runner(run.runner_id)
    return runner.label if runner else short_id(run.runner_id)


def _details(monitor: Monitor, run: Run) -> str:
    now = monitor.server_now()
    exit_code = "" if run.exit_code is None else f"exit {run.exit_code}"
    ended = fmt.time_of_day(run.completed_at) if run.completed_at else ""
    parts = (
        run.status,
        exit_code,
        fmt.short_duration(run.duration(now)),
        ended,
        short_id(run.id),
    )
    return "  ".join(filter(None, parts))
