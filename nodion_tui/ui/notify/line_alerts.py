"""Tells lines that match a pattern, by the channels of the notification rules."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from nodion_tui.model.run import Run, RunStatus
from nodion_tui.model.text.sanitize import sanitize

if TYPE_CHECKING:
    from nodion_tui.model.line_pattern import LinePattern
    from nodion_tui.monitor.monitor import Monitor
    from nodion_tui.monitor.notify.lines.line_match import LineMatch
    from nodion_tui.monitor.notify.rules import RunNotification
    from nodion_tui.ui.notify.run_toasts import RunToasts


class LineAlerts:
    """Delivers the matches of one monitor, and tells patterns that do not work.

    Args:
        deliver: sends notifications and runs commands.
        toasts: shows warnings.
    """

    def __init__(
        self, deliver: "Callable[[Sequence[RunNotification]], None]", toasts: "RunToasts"
    ) -> None:
        self._deliver = deliver
        self._toasts = toasts
        self._monitor: Monitor | None = None
        self._unsubscribe: Callable[[], None] | None = None
        self._skipped = 0

    def attach(self, monitor: "Monitor | None") -> None:
        """Tell the lines of another monitor."""
        if self._unsubscribe is not None:
            self._unsubscribe()
            self._unsubscribe = None
        self._monitor, self._skipped = monitor, 0
        if monitor is not None:
            self._unsubscribe = monitor.line_watch.subscribe(self._tell)

    def tick(self) -> None:
        """Tell, every few seconds, which patterns were given up, and which lines were not read."""
        monitor = self._monitor
        if monitor is None:
            return
        slow = [*monitor.patterns.take_slow(), *monitor.line_watch.take_slow()]
        for pattern in dict.fromkeys(slow):
            self._warn(_slow_text(pattern))
        skipped = monitor.line_watch.skipped
        if skipped > self._skipped:
            count, self._skipped = skipped - self._skipped, skipped
            self._warn(f"{count:,} lines came too fast and were not held against patterns")

    def _tell(self, match: "LineMatch") -> None:
        from nodion_tui.monitor.notify.rules import RunNotification  # noqa: PLC0415 - seldom

        monitor = self._monitor
        if monitor is None:
            return
        run = monitor.runs.run(match.key) or Run(
            id=match.key.run_id, runner_id=match.key.runner_id, status=RunStatus.RUNNING
        )
        runner = monitor.runs.runner(run.runner_id)
        name = runner.label if runner else ""
        elapsed = run.duration(monitor.server_now(run.runner_id))
        rule = match.pattern.rule
        self._deliver([RunNotification(rule, run, name, match.at, elapsed, match=match)])

    def _warn(self, text: str) -> None:
        self._toasts.tell("Patterns", sanitize(text))


def _slow_text(pattern: "LinePattern") -> str:
    where = f"{pattern.source}: " if pattern.source else ""
    return f"{where}{pattern.label} takes too long on a line; it is no longer held against this log"
