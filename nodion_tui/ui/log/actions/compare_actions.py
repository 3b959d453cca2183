"""The key that compares a log with that of another run."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from functools import partial

from nodion_tui.model.run import Run, RunKey
from nodion_tui.model.run_difference import RunComparison
from nodion_tui.model.runner import short_id
from nodion_tui.model.text import format as fmt
from nodion_tui.model.text.sanitize import sanitize
from nodion_tui.model.text.signs import status_sign
from nodion_tui.monitor.insight.run_comparison import compare_executed
from nodion_tui.monitor.log.session import LogSession
from nodion_tui.monitor.monitor import Monitor
from nodion_tui.monitor.runs.last_good import last_good
from nodion_tui.ui.dialogs.menu import MenuEntry
from nodion_tui.ui.log.actions.context import ActionContext
from nodion_tui.ui.log.open_log import OpenLog

_MAX_CHOICES = 9
"""Maximum number of runs to choose from."""

ComparedLog = tuple[LogSession, Run]
CompareExecuted = Callable[[], Awaitable[RunComparison]]


@dataclass(slots=True, kw_only=True)
class LogCompareActions:
    """Action that compares with the last succeeded run, a marked run, or another one."""

    context: ActionContext
    show: Callable[[ComparedLog, ComparedLog, CompareExecuted], None]
    """Shows the logs of two runs side by side, and what they executed."""
    _marked: RunKey | None = field(init=False, default=None)

    def action_log_compare(self, log: OpenLog) -> None:
        """Choose the other run, and show both logs."""
        self.context.start(self._choose_and_compare, log, "log-compare")

    async def _choose_and_compare(self, log: OpenLog) -> None:
        run, monitor = log.run, self.context.monitor()
        if run is None or monitor is None:
            return
        candidates = _candidates(monitor, run, self._marked)
        title = f"Compare {short_id(run.id)} with"
        chosen = await self.context.choose(title, _choices(candidates, monitor))
        if chosen == "mark":
            self._marked = run.key
            self.context.show_message(
                f"{short_id(run.id)} marked: press = on another run to compare"
            )
        elif chosen is not None:
            _, other = candidates[int(chosen)]
            self.show(
                (monitor.logs.get(other.key), other),
                (monitor.logs.get(run.key), run),
                partial(_compare_executed, monitor, other, run),
            )


def _candidates(monitor: Monitor, run: Run, marked: RunKey | None) -> list[tuple[str, Run]]:
    """Candidates for comparison with their reasons, best first."""
    same_runner = [other for other in monitor.runs.runs_of(run.runner_id) if other.key != run.key]
    preferred: list[tuple[str, Run]] = []
    marked_run = monitor.runs.run(marked) if marked and marked != run.key else None
    if marked_run is not None:
        preferred.append(("marked run", marked_run))
    if good := last_good(run, same_runner):
        preferred.append(("last success before it", good))
    listed = {other.key for _, other in preferred}
    return (preferred + [("", other) for other in same_runner if other.key not in listed])[
        :_MAX_CHOICES
    ]


async def _compare_executed(monitor: Monitor, older: Run, newer: Run) -> RunComparison:
    """Compare what two runs executed, as far as it is known now."""
    return await compare_executed(
        older,
        newer,
        runner_of=monitor.runs.runner,
        history=monitor.account_of(newer.runner_id).history,
        now=monitor.server_now(newer.runner_id),
        service_key=lambda key: monitor.account_of(key.runner_id).service_key(key),
    )


def _choices(candidates: Sequence[tuple[str, Run]], monitor: Monitor) -> list[MenuEntry]:
    now = monitor.server_now()
    choices = []
    for number, (reason, run) in enumerate(candidates):
        ago = "" if run.created_at is None else fmt.ago(now - run.created_at)
        facts = (fmt.short_duration(run.duration(now)), ago, reason)
        sign = status_sign(run.status)
        details = " · ".join([sanitize(f"{sign} {run.status}"), *filter(None, facts)])
        choices.append(MenuEntry(str(number + 1), str(number), short_id(run.id), details))
    choices.append(MenuEntry("m", "mark", "Mark this run", "for comparison with another run"))
    return choices
