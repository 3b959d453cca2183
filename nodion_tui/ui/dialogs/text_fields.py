"""Input fields that keep every character and sanitize what they display.

Textual's own fields treat U+2028 or a carriage return as a line end and lose it, and pass escape
sequences on to the terminal. A form has to send its fields byte for byte.
"""

import re
from typing import overload

from rich.cells import cell_len, get_character_cell_size
from rich.text import Text
from textual import events
from textual.document._document import Document, EditResult, Location
from textual.document._document_navigator import DocumentNavigator
from textual.document._wrapped_document import WrappedDocument
from textual.widget import Widget
from textual.widgets import Input, TextArea

from nodion_tui.model.sanitize import HIDDEN_CHARACTERS, visible_form
from nodion_tui.ui.commands.registry import bindings

MAX_PASTE = 65_536
"""Characters; far above every documented limit, and still fast to edit."""

_HIDDEN = re.compile(f"[{HIDDEN_CHARACTERS}]")


class LineField(Input):
    """A single-line field; a line break in its value is kept and shown as ␊."""

    DEFAULT_CSS = """
    LineField {
        height: 1;
        padding: 0 1;
        border: none;
        border-left: outer $border-blurred;
        background: $panel;
        &:focus { border: none; border-left: outer $border; background-tint: $foreground 5%; }
        &.-problem { border-left: outer $error; }
        &:disabled { opacity: 60%; }
    }
    """
    BINDINGS = bindings("field")

    def __init__(
        self,
        value: str = "",
        placeholder: str = "",
        *,
        password: bool = False,
        id: str | None = None,  # noqa: A002 - Textual's own name
        classes: str | None = None,
    ) -> None:
        super().__init__(
            value, placeholder, password=password, id=id, classes=classes, select_on_focus=False
        )
        self.cursor_blink = False

    def action_line_break(self) -> None:
        """Insert a line break into the value."""
        self.insert_text_at_cursor("\n")

    @property
    def _value(self) -> Text:
        shown = "•" * len(self.value) if self.password else _one_line(self.value)
        return Text(shown, no_wrap=True, overflow="ignore", end="")

    def _position_to_cell(self, position: int) -> int:
        return cell_len(self._value.plain[:position])

    def _cell_offset_to_index(self, offset: int) -> int:
        target = offset + self.scroll_offset.x
        cells = 0
        for index, character in enumerate(self._value.plain):
            cells += get_character_cell_size(character)
            if target < cells:
                return index
        return len(self.value)

    def action_copy(self) -> None:
        """Copy the selection, unless the value is hidden."""
        if not self.password:
            super().action_copy()

    def action_cut(self) -> None:
        """Cut the selection, unless the value is hidden."""
        if not self.password:
            super().action_cut()

    def _on_paste(self, event: events.Paste) -> None:
        event.stop()
        event.prevent_default()
        if _fits(self, event.text):
            self.insert_pasted(_newlines(event.text))

    def insert_pasted(self, text: str) -> None:
        """Replace the selection by pasted text, or insert it at the cursor."""
        self.replace(text, *self.selection)


class MultilineField(TextArea):
    """A multi-line field that grows with its text; Tab moves on."""

    DEFAULT_CSS = """
    MultilineField {
        height: auto;
        min-height: 1;
        max-height: 10;
        scrollbar-size-vertical: 1;
        padding: 0 1;
        border: none;
        border-left: outer $border-blurred;
        background: $panel;
        &:focus { border: none; border-left: outer $border; background-tint: $foreground 5%; }
        &.-problem { border-left: outer $error; }
    }
    """

    def __init__(self, text: str = "", placeholder: str = "", *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(
            text, id=id, placeholder=placeholder, highlight_cursor_line=False, soft_wrap=True
        )
        self.cursor_blink = False
        self.move_cursor(self.document.end)

    def get_line(self, line_index: int) -> Text:
        """Textual: the sanitized line, of the same length."""
        return Text(with_placeholders(self.document.get_line(line_index)), end="", no_wrap=True)

    def on_unmount(self) -> None:
        """Textual: remove the theme watcher, through which the app would keep a reference."""
        watchers = getattr(self.app, "__watchers", {}).get("theme", [])
        watchers[:] = [watcher for watcher in watchers if watcher[0] is not self]

    def _set_document(self, text: str, language: str | None) -> None:
        del language
        exact = LosslessDocument(text)
        self.document = exact
        self.wrapped_document = WrappedDocument(DisplayDocument(exact), tab_width=self.indent_width)
        self.navigator = DocumentNavigator(self.wrapped_document)
        self._build_highlight_map()
        self.move_cursor((0, 0))
        self._rewrap_and_refresh_virtual_size()

    async def _on_paste(self, event: events.Paste) -> None:
        event.stop()
        event.prevent_default()
        if not _fits(self, event.text):
            return
        if result := self._replace_via_keyboard(_newlines(event.text), *self.selection):
            self.move_cursor(result.end_location)


class LosslessDocument(Document):
    """A document in which only a line feed ends a line, so that its text is preserved."""

    def __init__(self, text: str) -> None:
        super().__init__("")
        self._lines = text.split("\n")

    def replace_range(self, start: Location, end: Location, text: str) -> EditResult:
        """Replace the text between two locations."""
        (top_row, top_column), (bottom_row, bottom_column) = sorted((start, end))
        replaced = self.get_text_range(start, end)
        before = self._line(top_row)[:top_column]
        after = self._line(bottom_row)[bottom_column:]
        new_lines = (before + text).split("\n")
        end_location = (top_row + len(new_lines) - 1, len(new_lines[-1]))
        new_lines[-1] += after
        self._lines[top_row : bottom_row + 1] = new_lines
        return EditResult(end_location, replaced)

    def _line(self, row: int) -> str:
        return self._lines[row] if row < len(self._lines) else ""


class DisplayDocument(LosslessDocument):
    """View of a document as displayed, for column arithmetic; shares its lines."""

    def __init__(self, exact: LosslessDocument) -> None:
        super().__init__("")
        self._lines = exact.lines

    @property
    def lines(self) -> list[str]:
        """All lines as displayed."""
        return [with_placeholders(line) for line in self._lines]

    @overload
    def __getitem__(self, line_index: int) -> str: ...

    @overload
    def __getitem__(self, line_index: slice) -> list[str]: ...

    def __getitem__(self, line_index: int | slice) -> str | list[str]:
        content = self._lines[line_index]
        return (
            with_placeholders(content)
            if isinstance(content, str)
            else [with_placeholders(line) for line in content]
        )


def with_placeholders(text: str) -> str:
    """Replaces each hidden character but tabs by one visible character; positions stay."""
    return _HIDDEN.sub(_placeholder, text)


def _placeholder(match: re.Match[str]) -> str:
    character = match.group()
    marked = character if character == "\t" else visible_form(character)
    return marked if len(marked) == 1 else "\ufffd"


def _one_line(text: str) -> str:
    return with_placeholders(text).replace("\t", "␉")


def _fits(field: Widget, pasted: str) -> bool:
    """Whether a paste is within `MAX_PASTE`; notifies the user if not."""
    if len(pasted) <= MAX_PASTE:
        return True
    field.notify(
        f"{len(pasted):,} characters exceed the limit of {MAX_PASTE:,}",
        title="Not pasted",
        severity="warning",
    )
    return False


def _newlines(pasted: str) -> str:
    """Line feeds instead of the carriage returns that terminals send for pasted line breaks."""
    return pasted.replace("\r\n", "\n").replace("\r", "\n")
