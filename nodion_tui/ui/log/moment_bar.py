"""Moment bar: one row under the log in which a moment of it is typed, and what it means."""

from textual import on
from textual.widgets import Input

from nodion_tui.ui.log.actions.moment_actions import MomentEdit
from nodion_tui.ui.log.input_bar import LogInputBar

_PLACEHOLDER = "14:05, -10m from the end, +30s, 50%"


class MomentBar(LogInputBar[MomentEdit]):
    """Tells its edit what is typed, of Enter and of Escape."""

    def __init__(self) -> None:
        super().__init__("@", _PLACEHOLDER)

    @on(Input.Changed)
    def _changed(self, event: Input.Changed) -> None:
        event.stop()
        meaning = ""
        if self._edit is not None and event.value.strip():
            try:
                meaning = self._edit.preview(event.value)
            except ValueError:
                meaning = "…"  # It is typed still; Enter says what is wrong.
        self.show_result(meaning)

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        if self._edit is None:
            return
        if not event.value.strip():
            self._edit.cancelled()
            return
        try:
            self._edit.submitted(event.value)
        except ValueError:
            self.show_result("not a time: 14:05, -10m, +30s or 50%", wrong=True)
