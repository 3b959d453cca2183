"""A form field: label, controls, and below them counters, problems and hints."""

from collections.abc import Sequence
from dataclasses import dataclass

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from nodion_tui.model.sanitize import sanitize

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


class FormField(Widget):
    """A labelled field of a form.

    Args:
        label: name of the field.
        controls: input widgets.
        footer_control: a small control in the same row as the counter.
        id: Textual id.
    """

    DEFAULT_CSS = """
    FormField {
        layout: horizontal;
        height: auto;
        margin: 0 0 1 0;
        & > .field--label { width: 13; height: auto; color: $text-muted; }
        & > .field--body { width: 1fr; height: auto; }
        /* Textual restyles on focus only widgets that have a rule for it. */
        &:focus-within { color: $foreground; }
        &:focus-within > .field--label { color: $foreground; text-style: bold; }
        &.-problem > .field--label { color: $text-error; }
        .field--foot { height: auto; display: none; }
        .field--foot.-shown { display: block; }
        .field--count { width: 1fr; height: auto; padding: 0 1; text-align: right; }
        .field--count { color: $text-muted; }
        .field--count.-over { color: $text-error; text-style: bold; }
        .field--notes { height: auto; width: 1fr; padding: 0 1; display: none; }
        .field--notes.-shown { display: block; }
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

    def compose(self) -> ComposeResult:
        """Textual: compose the child widgets."""
        yield Static(Content(self._label), classes="field--label")
        with Vertical(classes="field--body"):
            yield from self._controls
            yield Static(classes="field--notes")
            with Horizontal(classes="field--foot" + " -shown" * (self._tool is not None)):
                if self._tool is not None:
                    yield self._tool
                yield Static(classes="field--count")

    def show_notes(self, notes: FieldNotes) -> None:
        """Show counters, problems and hints."""
        if notes == self._notes:
            return
        self._notes = notes
        content = notes.content()
        line = self.query_one(".field--notes", Static)
        line.update(content)
        line.set_class(bool(content.plain), "-shown")
        count = self.query_one(".field--count", Static)
        count.update(Content(notes.count))
        count.set_class(notes.over_limit, "-over")
        if self._tool is None:
            self.query_one(".field--foot").set_class(bool(notes.count), "-shown")
        self.set_class(bool(notes.problems), "-problem")

    def mark_changed(self, *, changed: bool) -> None:
        """Mark in the label whether the value differs from the initial one."""
        if changed == self._is_changed:
            return
        self._is_changed = changed
        label = Content(self._label)
        if changed:
            label = Content.assemble(label, ("*", "bold $text-accent"))
        self.query_one(".field--label", Static).update(label)
        self.set_class(changed, "-changed")
