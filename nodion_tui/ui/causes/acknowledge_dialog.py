"""Dialog that acknowledges the cause of failures, with a note, or acknowledges it no more."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Static

from nodion_tui.model.text.format import count
from nodion_tui.monitor.insight.failure_causes import CauseFamily
from nodion_tui.monitor.storage.known_failures import MAX_NOTE, Lasting
from nodion_tui.ui.causes.cause_text import cause_lines, exit_text, family_text, known_text
from nodion_tui.ui.dialogs.box import DialogBox
from nodion_tui.ui.dialogs.button_row import ButtonRow
from nodion_tui.ui.dialogs.controls import CompactButton, RadioRow
from nodion_tui.ui.dialogs.text_fields import LineField

_OPTIONS = (
    (Lasting.SUCCESS.value, "next success"),
    (Lasting.WEEK.value, "7 days"),
    (Lasting.FOREVER.value, "for good"),
)


class Acknowledgement(NamedTuple):
    """What was decided about a cause."""

    lasts: Lasting | None
    """How long it counts; None: the cause is acknowledged no more."""
    note: str = ""


class AcknowledgeDialog(DialogBox[Acknowledgement | None]):
    """Dismisses what was decided; None on Esc. Stores nothing itself.

    Args:
        family: the failures of the cause.
        names: runner id → sanitized name.
        now: the server's clock.
        is_read: whether the last lines of the logs are known.
        unread: number of failures with this exit code whose log is not read.
    """

    AUTO_FOCUS = "#acknowledge-note"
    ENTER_ACCEPTS = True
    DEFAULT_CSS = """
    AcknowledgeDialog .acknowledge--row { height: 1; margin: 1 0 0 0; }
    AcknowledgeDialog .acknowledge--label { width: 7; color: $text-muted; }
    AcknowledgeDialog LineField, AcknowledgeDialog RadioRow { width: 1fr; }
    AcknowledgeDialog #acknowledge-known { margin: 1 0 0 0; height: auto; color: $text-muted; }
    """

    def __init__(
        self,
        family: CauseFamily,
        names: Mapping[str, str],
        now: datetime,
        *,
        is_read: bool,
        unread: int = 0,
    ) -> None:
        super().__init__()
        self._family = family
        self._names = names
        self._now = now
        self._is_read = is_read
        self._unread = unread

    def compose(self) -> ComposeResult:
        """Textual: compose the child widgets."""
        family, known = self._family, self._family.known
        field = LineField(
            known.note if known else "",
            "why, such as a ticket",
            id="acknowledge-note",
            classes="-note",
        )
        field.max_length = MAX_NOTE
        lasts = known.lasts if known else Lasting.SUCCESS
        with Vertical(classes="box -wide") as frame:
            frame.border_title = "Known failure" if known else "Acknowledge this cause?"
            yield Static(self._facts(), classes="box--facts", id="acknowledge-facts")
            if known is not None:
                text = f"Acknowledged {known_text(known, self._now)}{_ended(family)}"
                yield Static(Content(text), id="acknowledge-known")
            with Horizontal(classes="acknowledge--row"):
                yield Static("Until", classes="acknowledge--label")
                yield RadioRow(_OPTIONS, lasts.value, id="acknowledge-lasts")
            with Horizontal(classes="acknowledge--row"):
                yield Static("Note", classes="acknowledge--label")
                yield field
            with ButtonRow(classes="box--buttons box--ask"):
                yield CompactButton("Cancel", id="acknowledge-leave", classes="-leave")
                if known is not None:
                    yield CompactButton("Not known any more", id="acknowledge-withdraw")
                label = "Acknowledge anew" if known else "Acknowledge"
                yield CompactButton(label, id="acknowledge-accept", classes="-main")

    def update(self, family: CauseFamily, unread: int) -> None:
        """Show how many failures it is about, now that more logs are read."""
        if self.is_open and (family, unread) != (self._family, self._unread):
            self._family, self._unread = family, unread
            self.query_one("#acknowledge-facts", Static).update(self._facts())

    def _facts(self) -> Content:
        cause = self._family.group.cause
        text = family_text(self._family, self._names, self._now, is_whole=not self._unread)
        unread = f"\n{count(self._unread, 'more log')} of {exit_text(cause)} not read yet"
        return Content.assemble(
            text,
            (unread if self._unread else "", "$text-muted"),
            (f"\n{exit_text(cause)}" if cause.shapes else "", "$text-muted"),
            (f"\n{cause_lines(cause, is_read=self._is_read)}", "bold"),
        )

    @on(CompactButton.Pressed, "#acknowledge-accept")
    def _accepted(self) -> None:
        lasts = Lasting(self.query_one(RadioRow).value)
        self.dismiss(Acknowledgement(lasts, self.query_one(LineField).value.strip()))

    @on(CompactButton.Pressed, "#acknowledge-withdraw")
    def _withdrawn(self) -> None:
        self.dismiss(Acknowledgement(None))


def _ended(family: CauseFamily) -> str:
    """How many failures an acknowledgement does not cover."""
    if not family.new:
        return ""
    return f"\n{family.new:,} newer: it has ended for " + (
        "this one" if family.new == 1 else "them"
    )
