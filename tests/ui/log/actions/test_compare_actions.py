from datetime import timedelta

from msgspec.structs import replace

from nodion_tui.config import Profile, Secret
from nodion_tui.model.run import Run
from nodion_tui.monitor.monitor import Monitor
from nodion_tui.ui.log.actions.compare_actions import (
    ComparedLog,
    CompareExecuted,
    LogCompareActions,
)
from tests.support.log_desk import RUN, LogDesk


def earlier(run_id: str, minutes: int, status: str) -> Run:
    assert RUN.created_at is not None
    created_at = RUN.created_at - timedelta(minutes=minutes)
    return replace(RUN.record, id=run_id, status=status, created_at=created_at).run


def monitor_of(*runs: Run) -> Monitor:
    monitor = Monitor(Profile(api_url="https://api.example/v1", key=Secret("none")))
    for run in runs:
        monitor.runs.apply_run(run)
    return monitor


class Comparison:
    """The controller with a monitor, and the ids of the runs that it compared."""

    def __init__(self, desk: LogDesk, monitor: Monitor | None) -> None:
        self.compared: list[tuple[str, str]] = []
        self._desk = desk
        self._actions = LogCompareActions(context=desk.context(monitor), show=self._show)

    def _show(self, older: ComparedLog, newer: ComparedLog, _: CompareExecuted) -> None:
        for session, run in (older, newer):
            assert session.key == run.key
        self.compared.append((older[1].id, newer[1].id))

    async def choose(self, title: str | None) -> list[str]:
        """Choose a run by its title; the titles of all."""
        self._desk.answer = title
        self._actions.action_log_compare(self._desk.log)
        await self._desk.worked("log-compare")
        return [entry.title for entry in self._desk.menus[-1][1]]


async def test_the_last_that_succeeded_comes_first_and_is_compared_as_the_older() -> None:
    desk = LogDesk("one")
    monitor = monitor_of(RUN, earlier("bad", 1, "failed"), earlier("good", 2, "succeeded"))
    comparison = Comparison(desk, monitor)
    titles = await comparison.choose("good")
    assert titles == ["good", "bad", "Mark this run"]
    assert comparison.compared == [("good", "run")]


async def test_a_marked_run_is_offered_first_for_another_log() -> None:
    desk, other = LogDesk("one"), earlier("other", 1, "failed")
    comparison = Comparison(desk, monitor_of(RUN, other))
    await comparison.choose("Mark this run")
    assert desk.messages == ["run marked: press = on another run to compare"]
    desk.log.run = other
    assert await comparison.choose("run") == ["run", "Mark this run"]
    assert comparison.compared == [("run", "other")]


async def test_without_a_monitor_nothing_is_asked() -> None:
    desk = LogDesk("one")
    actions = LogCompareActions(context=desk.context(), show=lambda *_: None)
    actions.action_log_compare(desk.log)
    await desk.worked("log-compare")
    assert not desk.menus
