"""Input fields that keep every character and sanitize what they display.

Textual's own fields treat U+2028 or a carriage return as a line end and lose it, and pass escape
sequences on to the terminal. A form has to send its fields byte for byte.
"""

import re
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from rich.text import Text
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Offset, Region
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import TextArea
from textual.widgets.text_area import Edit, EditResult, Location

from nodion_tui.ui.commands.registry import bindings
from nodion_tui.ui.dialogs.hidden_characters import (
    DisplayHighlighter,
    HiddenCharacterCodes,
    with_placeholders,
)
from nodion_tui.ui.paint.steady_input import SteadyInput
from nodion_tui.ui.terminal.dialog_door import ExactCellInput, forget_watchers

MAX_PASTE = 65_536
"""Characters; far above every documented limit, and still fast to edit."""

_MORE_BEFORE, _MORE_BEHIND = "‹", "›"
_MIN_SIGNED = 4
"""Columns of a field from which the signs leave room for what they are about."""

_BULLET = "•"
"""Textual's sign for a character of a password."""

_LOOK = """
    padding: 0 1;
    border: none;
    border-left: outer $border-blurred;
    background: $panel;
    &:focus { border: none; border-left: outer $border; background-tint: $foreground 5%; }
    &.-problem { border-left: outer $error; }
"""
"""CSS of both fields."""


class LineField(ExactCellInput):
    """A single-line field; a line break in its value is kept and shown as ␊.

    On a plain Textual, clicks and sideways scrolling are off by a column for each hidden character.
    """

    DEFAULT_CSS = f"LineField {{ height: 1; {_LOOK} &:disabled {{ opacity: 60%; }} }}"
    BINDINGS = bindings("field")

    def __init__(
        self,
        value: str = "",
        placeholder: str = "",
        *,
        password: bool = False,
        select_on_focus: bool = False,
        id: str | None = None,  # noqa: A002 - Textual's own name
        classes: str | None = None,
    ) -> None:
        super().__init__(
            value,
            placeholder,
            highlighter=DisplayHighlighter(self.displayed_value),
            password=password,
            id=id,
            classes=classes,
            select_on_focus=select_on_focus,
        )
        self.cursor_blink = False

    def action_line_break(self) -> None:
        """Insert a line break into the value."""
        self.insert_text_at_cursor("\n")

    def displayed_value(self) -> str:
        """The text to display, of the same length as the value."""
        if self.password:
            return _BULLET * len(self.value)
        return with_placeholders(self.value).replace("\t", "␉")

    def render_line(self, y: int) -> Strip:
        """Textual: the value; where it goes on beyond an edge, a sign says so."""
        strip, width = super().render_line(y), self.scrollable_content_region.width
        if not self.value or width < _MIN_SIGNED:
            return strip
        first, end = self.scroll_offset.x, cell_len(self.displayed_value())
        cursor = self._cursor_cell - self.cursor_at_end - first if self.has_focus else None
        if first and cursor != 0:
            strip = Strip.join([_sign(_MORE_BEFORE, strip, 0), strip.crop(1)])
        if end > first + width and cursor != width - 1:
            cut = width - 1
            parts = [strip.crop(0, cut), _sign(_MORE_BEHIND, strip, cut), strip.crop(width)]
            strip = Strip.join(parts)
        return strip

    @property
    def cursor_screen_offset(self) -> Offset:
        """Textual: where the terminal puts its cursor, which is behind the last character."""
        x, y, _, _ = self.content_region
        return Offset(x + self._cursor_cell - self.scroll_offset.x, y)

    @property
    def _cursor_cell(self) -> int:
        return cell_len(self.displayed_value()[: self.cursor_position]) + self.cursor_at_end

    def on_blur(self) -> None:
        """Textual: a long value that is left is read from its beginning."""
        self.scroll_to(x=0, animate=False, immediate=True)

    def on_focus(self) -> None:
        """Textual: scroll the cursor into view again."""
        self.scroll_to_region(Region(self._cursor_cell, 0, 1, 1), animate=False, immediate=True)

    def action_copy(self) -> None:
        """Copy the selection, unless the value is hidden."""
        if not self.password:
            super().action_copy()

    def action_cut(self) -> None:
        """Cut the selection, unless the value is hidden."""
        if not self.password:
            super().action_cut()

    def on_paste(self, event: events.Paste) -> None:
        """Textual: insert a pasted text whole, not only its first line."""
        event.stop()
        event.prevent_default()
        if _fits(self, event.text):
            self.insert_pasted(_newlines(event.text))

    def insert_pasted(self, text: str) -> None:
        """Replace the selection by pasted text, or insert it at the cursor."""
        self.replace(text, *self.selection)


class OneLineInput(SteadyInput):
    """A field for a pattern or a key, of which a paste is one line, within `MAX_CHARACTERS`.

    Textual inserts what is before the first line break, which is nothing where a terminal's
    selection began with one.
    """

    MAX_CHARACTERS = 2_000

    def on_paste(self, event: events.Paste) -> None:
        """Textual: insert the first line of a pasted text that is not blank."""
        event.stop()
        event.prevent_default()
        lines = _newlines(event.text[: 2 * MAX_PASTE]).split("\n")
        line = next((line for line in lines if line.strip()), "")
        if _fits(self, line, self.MAX_CHARACTERS):
            self.replace(line, *self.selection)


class MultilineField(TextArea, inherit_bindings=False):
    """A multi-line field that grows with its text; Tab moves on.

    Function keys are those of the form around it: Textual's F7 selects all, which the next
    character would replace.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        each
        for each in TextArea.BINDINGS
        if not (isinstance(each, Binding) and re.fullmatch(r"f\d+", each.key))
    ]
    DEFAULT_CSS = f"""
    MultilineField {{
        height: auto;
        min-height: 1;
        max-height: 10;
        scrollbar-size-vertical: 1;
        {_LOOK}
    }}
    """

    def __init__(self, text: str = "", placeholder: str = "", *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        self._codes = HiddenCharacterCodes()
        super().__init__(
            self._codes.encode(text),
            id=id,
            placeholder=placeholder,
            highlight_cursor_line=False,
            soft_wrap=True,
        )
        self.cursor_blink = False
        self.move_cursor(self.document.end)

    @property
    def text(self) -> str:
        """Textual: the text, exactly."""
        return self._codes.decode(super().text)

    @text.setter
    def text(self, value: str) -> None:
        self.load_text(value)

    def load_text(self, text: str) -> None:
        """Textual: replace the text, without undo."""
        super().load_text(self._codes.encode(text))

    def get_text_range(self, start: Location, end: Location) -> str:
        """Textual: a part of the text, exactly; the selection for example."""
        return self._codes.decode(super().get_text_range(start, end))

    def edit(self, edit: Edit) -> EditResult:
        """Textual: every change of the text by a person."""
        edit.text = self._codes.encode(edit.text)
        result = super().edit(edit)
        return EditResult(result.end_location, self._codes.decode(result.replaced_text))

    def get_line(self, line_index: int) -> Text:
        """Textual: a line as displayed, of the same length."""
        line = self._codes.decode(self.document.get_line(line_index))
        return Text(with_placeholders(line), end="", no_wrap=True)

    def scroll_cursor_visible(self, center: bool = False, animate: bool = False) -> Offset:  # noqa: FBT001, FBT002 - Textual's signature
        """Textual: scroll the cursor into view, unless it is about to be moved.

        While an edit is undone, the cursor is on a line that has gone; where the scroll bar went
        with it, Textual 8.2 asked for the cursor at once, and the program ended with ValueError.
        """
        if self.cursor_location[0] >= self.document.line_count:
            return Offset()
        return super().scroll_cursor_visible(center, animate)

    def on_paste(self, event: events.Paste) -> None:
        """Textual: insert a pasted text, unless it is too long."""
        event.stop()
        event.prevent_default()
        if _fits(self, event.text):
            self.paste(_newlines(event.text))

    def paste(self, text: str) -> None:
        """Take a pasted text."""
        self.insert_pasted(text)

    def insert_pasted(self, text: str) -> None:
        """Replace the selection by a text, or insert it at the cursor."""
        result = self.replace(text, *self.selection, maintain_selection_offset=False)
        self.move_cursor(result.end_location)

    def on_unmount(self) -> None:
        """Textual: the app must not keep the field, and with it the form."""
        forget_watchers(self)


def _sign(sign: str, strip: Strip, column: int) -> Strip:
    """A sign in the style of a cell, dimmed."""
    style = next((segment.style for segment in strip.crop(column, column + 1)), None) or Style()
    return Strip([Segment(sign, style + Style(dim=True))], 1)


def _fits(field: Widget, pasted: str, limit: int = MAX_PASTE) -> bool:
    """Whether a paste is within a number of characters; notifies the user if not."""
    if len(pasted) <= limit:
        return True
    field.notify(
        f"{len(pasted):,} characters exceed the limit of {limit:,}",
        title="Not pasted",
        severity="warning",
    )
    return False


def _newlines(pasted: str) -> str:
    """Line feeds instead of the carriage returns that terminals send for pasted line breaks."""
    return pasted.replace("\r\n", "\n").replace("\r", "\n")
