"""Log pane: the key that compares with another run's log."""

from collections.abc import Sequence

from textual import work

from nodion_tui.model.run import Run, RunKey, RunStatus
from nodion_tui.model.runner import short_id
from nodion_tui.model.sanitize import sanitize
from nodion_tui.monitor.monitor import Monitor
from nodion_tui.ui.dialogs.menu import Menu, MenuEntry
from nodion_tui.ui.log.compare_screen import CompareScreen
from nodion_tui.ui.log.pane_navigation import LogNavigation
from nodion_tui.ui.paint import format as fmt

_MAX_CHOICES = 9
"""Maximum number of runs to choose from."""


class LogCompareActions(LogNavigation):
    """Action that compares with the last succeeded run, a marked run, or another one."""

    _marked: RunKey | None = None
    _compare_screen: CompareScreen | None = None

    @work(group="log-compare", exclusive=True, exit_on_error=False)
    async def action_log_compare(self) -> None:
        """Choose the other run, and show both logs."""
        run, monitor = self.shown_run, self.monitor
        if run is None or monitor is None:
            return
        candidates = _candidates(monitor, run, self._marked)
        title = f"Compare {short_id(run.id)} with"
        chosen = await self.app.push_screen_wait(Menu(title, _choices(candidates, monitor)))
        if chosen == "mark":
            self._marked = run.key
            self.show_message(f"{short_id(run.id)} marked: press = on another run to compare")
        elif chosen is not None:
            self._compare(monitor, candidates[int(chosen)][1], run)

    def _compare(self, monitor: Monitor, other: Run, run: Run) -> None:
        if self._compare_screen is None:
            self._compare_screen = CompareScreen()
        self._compare_screen.show(
            (monitor.logs.get(other.key), other), (monitor.logs.get(run.key), run)
        )
        self.app.push_screen(self._compare_screen)


def _candidates(monitor: Monitor, run: Run, marked: RunKey | None) -> list[tuple[str, Run]]:
    """Candidates for comparison with their reasons, best first."""
    same_runner = [other for other in monitor.runs.runs_of(run.runner_id) if other.key != run.key]
    preferred: list[tuple[str, Run]] = []
    marked_run = monitor.runs.run(marked) if marked and marked != run.key else None
    if marked_run is not None:
        preferred.append(("marked run", marked_run))
    succeeded = [other for other in same_runner if other.status == RunStatus.SUCCEEDED]
    earlier = [other for other in succeeded if _created(other) < _created(run)] or succeeded
    if earlier:
        preferred.append(("last succeeded run", earlier[0]))
    listed = {other.key for _, other in preferred}
    return (preferred + [("", other) for other in same_runner if other.key not in listed])[
        :_MAX_CHOICES
    ]


def _created(run: Run) -> float:
    return run.created_at.timestamp() if run.created_at else 0.0


def _choices(candidates: Sequence[tuple[str, Run]], monitor: Monitor) -> list[MenuEntry]:
    now = monitor.server_now()
    choices = []
    for number, (reason, run) in enumerate(candidates):
        facts = [sanitize(run.status)]
        if run.created_at is not None:
            facts.append(fmt.ago(now - run.created_at))
        title = f"{short_id(run.id)} {reason}".rstrip()
        choices.append(MenuEntry(str(number + 1), str(number), title, " · ".join(facts)))
    choices.append(MenuEntry("m", "mark", "Mark this run", "for comparison with another run"))
    return choices
