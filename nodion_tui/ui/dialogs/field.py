"""A form field: label, controls, and below them counters, problems and hints."""

from collections.abc import Sequence
from dataclasses import dataclass

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from nodion_tui.model.text.sanitize import sanitize

MAX_NOTE_CHARACTERS = 400
"""Maximum length of one note."""


@dataclass(frozen=True, slots=True)
class FieldNotes:
    """Notes below a field."""

    count: str = ""
    """How much of the limit is used."""
    over_limit: bool = False
    """Whether the limit is exceeded."""
    problems: Sequence[str] = ()
    """Why the value cannot be sent, or was rejected by the service."""
    hints: Sequence[str] = ()
    """Warnings that do not prevent sending."""

    def content(self) -> Content:
        """Problems, then hints, one per line."""
        lines = [Content.styled(f"✗ {shorten(text)}", "$text-error") for text in self.problems]
        lines += [Content.styled(f"! {shorten(text)}", "$text-warning") for text in self.hints]
        return Content("\n").join(lines)


def shorten(text: str) -> str:
    """External text, sanitized and cut to `MAX_NOTE_CHARACTERS`."""
    return sanitize(text if len(text) <= MAX_NOTE_CHARACTERS else f"{text[:MAX_NOTE_CHARACTERS]}…")


def update_text(shown: Static, content: Content) -> None:
    """Show a text; the whole form is laid out, for each key typed, only if its height differs."""
    if shown.content != content:
        width, height = shown.size
        shown.update(content, layout=not width or len(content.wrap(width)) != height)


class FormField(Widget):
    """A labelled field of a form.

    It paints its label itself, and mounts notes and counter when there is something to say: every
    widget costs a millisecond when a form opens.

    Args:
        label: name of the field.
        controls: input widgets.
        footer_control: a small control in the same row as the counter.
        id: Textual id.
    """

    DEFAULT_CSS = """
    FormField {
        height: auto;
        margin: 0 0 1 0;
        /* Textual restyles on focus only widgets that have a rule for it. */
        &:focus-within { color: $foreground; }
        & > * { margin: 0 0 0 13; }
        .field--foot { height: auto; }
        .field--count { width: 1fr; height: auto; padding: 0 1; text-align: right; }
        .field--count { color: $text-muted; }
        .field--count.-over { color: $text-error; text-style: bold; }
        .field--notes { height: auto; width: 1fr; padding: 0 1; }
    }
    """

    def __init__(
        self,
        label: str,
        *controls: Widget,
        footer_control: Widget | None = None,
        id: str | None = None,  # noqa: A002 - Textual's own name
    ) -> None:
        super().__init__(id=id)
        self._tool = footer_control
        self._label = label
        self._notes = FieldNotes()
        self._is_changed = False
        self._controls = controls
        # Not styled yet: that comes with its parents, and a text area takes 2 ms each time.
        controls[0].add_class("field--first", update=False)
        self._note_line = Static(classes="field--notes")
        self._counter = Static(classes="field--count")

    def compose(self) -> ComposeResult:
        """Textual: compose the child widgets."""
        yield from self._controls
        if self._notes.content().plain:
            yield self._note_line
        if self._tool is not None:
            yield Horizontal(self._tool, self._counter, classes="field--foot")
        elif self._notes.count:
            yield self._counter

    def render(self) -> Content:
        """Textual: the label, beside the controls or above them."""
        style = "bold $foreground" if self.has_focus_within else "$text-muted"
        if self.has_class("-problem"):
            style = "$text-error"
        mark = ("*", "bold $text-accent") if self._is_changed else ""
        return Content.assemble((self._label, style), mark)

    def show_notes(self, notes: FieldNotes) -> None:
        """Show counters, problems and hints; also before the field is mounted."""
        if notes == self._notes:
            return
        self._notes = notes
        content = notes.content()
        self._note_line.update(content)
        self._counter.update(Content(notes.count))
        self._counter.set_class(notes.over_limit, "-over")
        self.set_class(bool(notes.problems), "-problem")
        if self.is_mounted:
            self._mount_line(self._note_line, self._controls[-1], needed=bool(content.plain))
            if self._tool is None:
                above = self._note_line if self._note_line.is_attached else self._controls[-1]
                self._mount_line(self._counter, above, needed=bool(notes.count))

    def mark_changed(self, *, changed: bool) -> None:
        """Mark in the label whether the value differs from the initial one."""
        if changed != self._is_changed:
            self._is_changed = changed
            self.set_class(changed, "-changed")
            self.refresh()

    def _mount_line(self, line: Static, above: Widget, *, needed: bool) -> None:
        """Mount a line at its first use; later it is only hidden."""
        if line.is_attached:
            line.display = needed
        elif needed:
            self.mount(line, after=above)
