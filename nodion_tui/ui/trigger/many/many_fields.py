"""Fields of the trigger form to start more than one run: times, at most, vary."""

from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input, Static, TextArea

from nodion_tui.model.text.format import count
from nodion_tui.model.text.sanitize import sanitize
from nodion_tui.ui.dialogs.controls import CompactButton
from nodion_tui.ui.dialogs.field import FieldNotes, FormField
from nodion_tui.ui.dialogs.text_fields import LineField, MultilineField
from nodion_tui.ui.trigger.env_row import TAB_STOP
from nodion_tui.ui.trigger.many.many_draft import ManyDraft

if TYPE_CHECKING:
    from nodion_tui.model.trigger import TriggerRequest
    from nodion_tui.model.variation import PlannedRequest

_HINT = "one per line: NAME or argument's number = a | b"
_PLACEHOLDER = "REGION = eu | us | ap"


class ManyFields(Widget):
    """A button until it is used; then its fields."""

    DEFAULT_CSS = """
    ManyFields {
        height: auto;
        .many--row { height: 1; }
        .many--row LineField { width: 9; }
        .many--row Static { width: auto; margin: 0 1; color: $text-muted; }
        .many--row .many--at-most { margin: 0 1 0 3; }
    }
    """

    class Changed(Message):
        """A field was edited, or the fields were opened."""

    def __init__(self, draft: ManyDraft) -> None:
        super().__init__()
        self.is_open = draft != ManyDraft()
        """Whether the fields are shown."""
        self._draft = draft
        self._button = CompactButton("more than one …", id="many-open")

    def compose(self) -> ComposeResult:
        """Textual: compose the child widgets."""
        if self.is_open:
            yield from self._fields()
        else:
            yield self._button

    @property
    def draft(self) -> ManyDraft:
        """What was typed."""
        return self._draft

    async def open(self, draft: ManyDraft) -> None:
        """Show the fields with this content, and focus the one to type in."""
        is_varied = draft.vary != self._draft.vary
        self._draft = draft
        if not self.is_open:
            self.is_open = True
            await self._button.remove()
            await self.mount_all(list(self._fields()))
        vary = self.query_one("#many-vary", MultilineField)
        if vary.text != draft.vary:
            vary.text = draft.vary
            vary.move_cursor(vary.document.end)
        self.screen.set_focus(vary if is_varied else self.query_one("#many-times"))
        self.post_message(self.Changed())

    def _fields(self) -> ComposeResult:
        times = LineField(self._draft.times, "1", id="many-times", classes=TAB_STOP)
        at_most = LineField(self._draft.at_most, "any", id="many-at-most", classes=TAB_STOP)
        yield Horizontal(
            times,
            Static("times"),
            Static("at most", classes="many--at-most"),
            at_most,
            Static("at a time"),
            classes="many--row",
        )
        yield MultilineField(self._draft.vary, _PLACEHOLDER, id="many-vary")

    @on(CompactButton.Pressed, "#many-open")
    async def _opened(self, event: CompactButton.Pressed) -> None:
        event.stop()
        await self.open(ManyDraft())

    @on(Input.Changed)
    @on(TextArea.Changed)
    def _edited(self, event: Message) -> None:
        event.stop()
        self._draft = ManyDraft(
            times=self.query_one("#many-times", LineField).value,
            at_most=self.query_one("#many-at-most", LineField).value,
            vary=self.query_one("#many-vary", MultilineField).text,
        )
        self.post_message(self.Changed())

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        event.stop()
        self.screen.focus_next()


class ManyField(FormField):
    """The field `Runs` of the form.

    Args:
        draft: what was typed before.
    """

    def __init__(self, draft: ManyDraft) -> None:
        self._inputs = ManyFields(draft)
        super().__init__("Runs", self._inputs, id="trigger-field-many")
        self.planned: tuple[PlannedRequest, ...] = ()
        """The requests of the runs; empty: one run, as without these fields."""
        self.problem = ""
        """What is wrong with the fields; empty: nothing."""

    @property
    def draft(self) -> ManyDraft:
        """What was typed."""
        return self._inputs.draft

    async def open(self, draft: ManyDraft) -> None:
        """Show the fields with this content, and focus the one to type in."""
        await self._inputs.open(draft)

    def show_plan(self, request: "TriggerRequest | None") -> None:
        """Read the fields, and show how many runs are started or what is wrong."""
        self.planned, self.problem = (), ""
        if request is not None and self.draft != ManyDraft():
            try:
                self.planned = self.draft.requests(request)
            except ValueError as error:
                self.problem = sanitize(str(error))
        hint = _HINT if self._inputs.is_open else ""
        total = count(len(self.planned), "run") if self.planned else hint
        self.show_notes(FieldNotes(total))
        # The foot of the form says what: it is in view, and the hint stays where one types.
        self.set_class(bool(self.problem), "-problem")
