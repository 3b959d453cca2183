"""The borders of the log pane: the run above; position, messages and completeness below."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual.widget import Widget

from nodion_tui.model.text.signs import AWAITED_SIGN
from nodion_tui.monitor.monitor import Monitor
from nodion_tui.ui.log import status_text
from nodion_tui.ui.log.border import BorderText, LogBorder
from nodion_tui.ui.log.open_log import OpenLog
from nodion_tui.ui.log.status_text import LogTexts

if TYPE_CHECKING:
    from textual.timer import Timer

_MESSAGE_SECONDS = 4.0
"""Seconds that a message stays in the border."""

_SINGLE_PANE_HEIGHT = 0.8
"""Fraction of the screen height from which the log counts as the only pane."""

_CORNERS = 4
"""Columns of the lower border that no text can have."""


class LogFrame:
    """Upper and lower border of a pane, to be composed by it.

    Args:
        pane: the pane.
        texts: what it says.
    """

    def __init__(self, pane: Widget, texts: LogTexts) -> None:
        self._pane = pane
        self._texts = texts
        self.upper = LogBorder("top", id="log-title")
        self.lower = LogBorder("bottom", id="log-footer")
        self._position: tuple[BorderText, ...] = ()
        self._facts: tuple[BorderText, ...] = ()
        self._progress = 0.0
        self._message: tuple[BorderText, ...] = ()
        self._message_timer: Timer | None = None
        self.zoom_sign = ""
        """After the title, where the pane has the whole screen."""

    def show(self, log: OpenLog | None, monitor: Monitor | None) -> None:
        """Show the state of a log, or that there is none."""
        if log is None:
            self.upper.set_text((BorderText(f"Log{self.zoom_sign}", "title"),))
            self.lower.set_text(())
            self._position = ()
            return
        title = f"{self._texts.title(log)}{self.zoom_sign}"
        if monitor is not None and log.run is not None and monitor.is_awaited(log.run):
            title = f"{title} {AWAITED_SIGN}"
        self.upper.set_text((BorderText(title, "title"),), self._run_facts(log, monitor))
        self._position = status_text.position(log)
        self._facts = self._texts.facts(log)
        self._progress = status_text.progress(log.session, log.run)
        self._update_lower()

    def show_message(self, text: str) -> None:
        """Show a short-lived message in the lower border; empty: none any more."""
        if self._message_timer is not None:
            self._message_timer.stop()
        self._message_timer = self._pane.set_timer(_MESSAGE_SECONDS, self._clear_message)
        self._message = (BorderText(f" · {text}", "title"),) if text else ()
        self._update_lower()

    def set_focused(self, *, focused: bool) -> None:
        """Use the styles of a focused or unfocused pane."""
        self.upper.set_focused(focused=focused)
        self.lower.set_focused(focused=focused)

    def _clear_message(self) -> None:
        self._message = ()
        self._update_lower()

    def _update_lower(self) -> None:
        if self._position:
            self.lower.set_text(self._left(), self._facts, self._progress)

    def _left(self) -> tuple[BorderText, ...]:
        """Position and message; in a narrow pane the message has the place of the search.

        What tells that lines are hidden stays, if need be without the message.
        """
        hidden = tuple(text for text in self._position if text.hides_lines)
        narrow = (self._position[0], *hidden, *self._message)
        candidates = [(*self._position, *self._message), narrow]
        if self._message:
            candidates += [self._position] if hidden else []
        room = self._pane.size.width - _CORNERS
        fitting = (texts for texts in candidates if _width(texts) <= room)
        return next(fitting, candidates[-1] if self._message else self._position)

    def _run_facts(self, log: OpenLog, monitor: Monitor | None) -> tuple[BorderText, ...]:
        """Facts of the run where the run list is not on screen."""
        pane, run = self._pane, log.run
        if (
            run is None
            or monitor is None
            or pane.size.height < _SINGLE_PANE_HEIGHT * pane.app.size.height
        ):
            return ()
        runner = monitor.runs.runner(run.runner_id)
        return status_text.run_facts(run, runner, monitor.known_until(run.runner_id))


def _width(texts: Iterable[BorderText]) -> int:
    return sum(cell_len(each.text) for each in texts)
