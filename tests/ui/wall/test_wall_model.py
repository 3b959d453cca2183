"""What the wall shows of a monitor."""

import pytest

from nodion_tui.config import Profile
from nodion_tui.model.listing import Listing
from nodion_tui.model.run import Run, RunKey
from nodion_tui.model.runner import Runner
from nodion_tui.monitor.monitor import Monitor
from nodion_tui.ui.wall.wall_model import WallModel


def run(run_id: str, runner_id: str, status: str = "running") -> Run:
    return Run(id=run_id, runner_id=runner_id, status=status)


def model_of(monitor: Monitor, grace: float = 60.0) -> WallModel:
    return WallModel(monitor, streams=1, grace=grace)


@pytest.mark.parametrize(("grace", "count"), [(60.0, 1), (0.0, 0)])
def test_running_runs_join_and_those_that_ended_stay_for_a_while(grace: float, count: int) -> None:
    monitor = Monitor(Profile())
    monitor.runs.apply_runs("a", Listing((run("1", "a"), run("2", "a", "pending"))))
    model = model_of(monitor, grace)
    model.update_runs()
    assert model.membership.runs == (RunKey("a", "1"),)
    monitor.runs.apply_runs("a", Listing((run("1", "a", "failed"),)))
    model.update_runs()
    assert len(model.membership.ended) == len(model.membership.runs) == count


def test_the_edges_of_a_tile_have_the_name_of_its_runner() -> None:
    monitor = Monitor(Profile())
    monitor.runs.apply_runners(Listing((Runner(id="a", name="Backup"),)))
    monitor.runs.apply_run(run("1", "a"))
    monitor.runs.apply_run(run("2", "12345678-aaaa-bbbb-cccc-123456789012"))
    model = model_of(monitor)
    named, unnamed = (model.facts(key) for key in sorted(monitor.runs.active, reverse=True))
    assert named is not None
    assert unnamed is not None
    assert (named.run.id, named.name) == ("1", "Backup")
    assert (unnamed.run.id, unnamed.name) == ("2", "12345678")
    assert model.facts(RunKey("a", "gone")) is None


def test_an_empty_wall_tells_of_lists_that_are_not_loaded() -> None:
    monitor = Monitor(Profile())
    monitor.runs.apply_runners(Listing((Runner(id="a"), Runner(id="b"))))
    monitor.runs.apply_runs("a", Listing(()))
    model = model_of(monitor)
    assert model.empty_text().startswith("Nothing is running in 1 of 2 runners")
    monitor.runs.apply_runs("b", Listing(()))
    assert model.empty_text().startswith("Nothing is running.\n")
