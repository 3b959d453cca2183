"""Editor of one environment variable: enabled, name, value, hidden, remove.

A row is painted as text until it is used; only then it gets its fields. A field of Textual is five
nodes that are styled three times while a form opens, which takes 15 ms of a processor for a row.
"""

from msgspec.structs import replace
from rich.cells import cell_len, set_cell_size
from textual import events, on
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input, Static

from nodion_tui.model.dotenv import looks_like_dotenv
from nodion_tui.model.text.masking import looks_secret
from nodion_tui.model.trigger_draft import EnvRow
from nodion_tui.ui.commands.registry import bindings
from nodion_tui.ui.dialogs.controls import CompactButton, CompactCheckbox, ControlMessage
from nodion_tui.ui.dialogs.field import shorten
from nodion_tui.ui.dialogs.hidden_characters import with_placeholders
from nodion_tui.ui.dialogs.text_fields import LineField

TAB_STOP = "-tab-stop"
"""Class of what Tab stops at in a row: one field, or the row while it is painted."""
_NARROW = 50
"""Columns below which name and value are on a line each."""
_BOX, _TOOLS = 6, 11
"""Columns of the checkbox and of the buttons."""
_EMPTY_VALUE = {True: "not stored: enter it", False: "value"}
"""Placeholder, by whether the value has to be entered."""


class KeyField(LineField):
    """Field for the name of a variable; a pasted assignment becomes rows instead."""

    class BlockPasted(Message):
        """A block of assignments was pasted."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    def insert_pasted(self, text: str) -> None:
        """Insert a pasted name, or post a pasted block."""
        if looks_like_dotenv(text):
            self.post_message(self.BlockPasted(text))
        else:
            super().insert_pasted(text.strip())

    def action_cursor_right(self, select: bool = False) -> None:  # noqa: FBT001, FBT002 - Textual's signature
        """Textual: move the cursor; from the end of the name, on to the value."""
        if self.cursor_at_end and not select:
            self.screen.focus_next(ValueField)
        else:
            super().action_cursor_right(select)


class ValueField(LineField):
    """Field for the value of a variable; it is selected on focus, so that typing replaces it."""

    def action_cursor_left(self, select: bool = False) -> None:  # noqa: FBT001, FBT002 - Textual's signature
        """Textual: move the cursor; from the start of the value, back to the name."""
        if self.cursor_at_start and self.selection.is_empty and not select:
            self.screen.focus_previous(KeyField)
        else:
            super().action_cursor_left(select)


class RowButton(CompactButton, can_focus=False):
    """A button for the mouse only; the row has a key for it."""


class RowCheckbox(CompactCheckbox, can_focus=False):
    """A checkbox for the mouse only; the row has a key for it."""


class EnvRowEditor(Widget, can_focus=True):
    """A variable that overrides that of the runner."""

    DEFAULT_CSS = """
    EnvRowEditor {
        height: auto;
        .env--problem { height: auto; margin: 1 0 0 0; padding: 0 0 0 8; color: $text-error; }
        &.-two .env--problem { margin: 2 0 0 0; }
        &.-open {
            layout: grid;
            grid-size: 5;
            grid-columns: 6 2fr 3fr 7 4;
            grid-rows: 1;
            KeyField, ValueField { width: 1fr; }
            ValueField, RowButton { margin: 0 0 0 1; }
            .env--problem { column-span: 5; margin: 0; }
        }
        &.-open.-problem { grid-rows: 1 auto; }
        &.-open.-two {
            grid-size: 4;
            grid-columns: 6 1fr 7 4;
            grid-rows: 1 1;
            KeyField { column-span: 3; }
            ValueField { column-span: 2; margin: 0 0 0 6; }
            .env--problem { column-span: 4; }
        }
        &.-open.-two.-problem { grid-rows: 1 1 auto; }
        &.-off LineField { color: $text-disabled; }
    }
    """
    BINDINGS = bindings("env")
    FOCUS_ON_CLICK = False  # which would replace what is clicked by fields before the click comes

    class Changed(Message):
        """The row was edited."""

    class RemoveRequested(ControlMessage["EnvRowEditor"]):
        """The user wants to remove the row."""

    class CursorLeft(ControlMessage["EnvRowEditor"]):
        """The cursor moves to the row above (-1) or below (1).

        `submitted` is set when Enter ended the value, so that a new row may be appended.
        """

        def __init__(
            self,
            row_editor: "EnvRowEditor",
            step: int,
            *,
            on_value: bool = False,
            submitted: bool = False,
        ) -> None:
            super().__init__(row_editor)
            self.submitted = submitted
            self.step = step
            self.on_value = on_value

    def __init__(self, row: EnvRow) -> None:
        super().__init__(classes=TAB_STOP)
        self.row = row
        """Content of the row."""
        self._is_hiding_manual = row.hidden != looks_secret(row.key, row.value)
        self._is_changed = False
        self._problem_line = Static(classes="env--problem")
        self.problem = ""
        """What is wrong with the row; empty: nothing."""
        self._fields: _RowFields | None = None

    def render(self) -> Content:
        """Textual: the row as text; nothing below its fields once it has them."""
        return Content() if self._fields else Content("\n").join(self._lines(self.size.width))

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Textual: rows that are needed; of the painted row, as many as of its fields."""
        if self._fields or self.problem:
            return super().get_content_height(container, viewport, width)
        return 2 if width < _NARROW else 1

    def show_problem(self, problem: str) -> None:
        """Show the problem below the row; empty: none."""
        if problem == self.problem:
            return
        self.problem = problem
        self.set_class(bool(problem), "-problem")
        self._problem_line.update(Content(f"✗ {shorten(problem)}" if problem else ""))
        self._problem_line.display = bool(problem)
        if problem and not self._problem_line.is_attached:
            self.mount(self._problem_line)
        if self._fields:
            self._fields.mark_problem(is_one=bool(problem))

    def mark_changed(self, *, changed: bool) -> None:
        """Mark whether the row differs from the initial one."""
        if changed != self._is_changed:
            self._is_changed = changed
            self._show()

    @property
    def is_changed(self) -> bool:
        """Whether it is marked as different from the initial one."""
        return self._is_changed

    def focus_field(self, *, on_value: bool = False) -> None:
        """Focus the name or the value."""
        fields = self._open()
        # At once, not after the next message: what is typed next is for the field.
        self.screen.set_focus(fields.value if on_value else fields.key)

    def on_focus(self) -> None:
        """Textual: the row itself is never focused, but its value, or its name if it has none."""
        self.focus_field(on_value=bool(self.row.key))

    def on_resize(self, event: events.Resize) -> None:
        """Textual: the layout depends on the width."""
        self.set_class(event.size.width < _NARROW, "-two")

    def on_click(self, event: events.Click) -> None:
        """Textual: a click on the text does what one on the control would."""
        if self._fields:
            return  # it comes from one of them, which has handled it
        event.stop()
        width = self.size.width
        tools = width - event.x
        if event.x < _BOX and event.y == 0:
            self.action_switch()
        elif tools <= _TOOLS and event.y == int(width < _NARROW):
            (self.action_remove if tools <= 4 else self.action_hide)()
        else:
            is_value = event.y == 1 if width < _NARROW else event.x > _BOX + _name_width(width)
            self.focus_field(on_value=is_value)

    def action_leave(self, step: int) -> None:
        """Move to the row above (-1) or below (1)."""
        on_value = self._fields is None or self._fields.value.has_focus
        self.post_message(self.CursorLeft(self, step, on_value=on_value))

    def action_switch(self) -> None:
        """Send the variable, or keep it in the form only."""
        self._change(enabled=not self.row.enabled)

    @on(RowButton.Pressed, ".env--hide")
    def action_hide(self) -> None:
        """Show or hide the value."""
        self._is_hiding_manual = True
        self._change(hidden=not self.row.hidden)

    @on(RowButton.Pressed, ".env--remove")
    def action_remove(self) -> None:
        """Ask the editor to remove the row."""
        self.post_message(self.RemoveRequested(self))

    @on(RowCheckbox.Toggled)
    def _toggled(self, event: RowCheckbox.Toggled) -> None:
        event.stop()
        self._change(enabled=event.control.on)

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        if self._fields is None:
            return
        key, value = self._fields.key.value, self._fields.value.value
        hidden = self.row.hidden if self._is_hiding_manual else looks_secret(key, value)
        needs_value = self.row.needs_value and not value
        self._change(key=key, value=value, hidden=hidden, needs_value=needs_value)

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        event.stop()
        if isinstance(event.input, KeyField):
            self.focus_field(on_value=True)
            return
        self._change(needs_value=False)
        self.post_message(self.CursorLeft(self, 1, submitted=True))

    def _change(self, **changes: str | bool) -> None:
        self.row = replace(self.row, **changes)
        self._show()
        self.post_message(self.Changed())

    def _open(self) -> "_RowFields":
        """Mount the fields at their first use."""
        if self._fields is None:
            self._fields = _RowFields(self.row)
            self._show()
            self._fields.mark_problem(is_one=bool(self.problem))
            self.can_focus = False
            self.remove_class(TAB_STOP)
            self.add_class("-open")
            self.mount_all(self._fields.widgets(), before=0)
        return self._fields

    def _show(self) -> None:
        self.set_class(not self.row.enabled, "-off")
        if self._fields:
            self._fields.show(self.row, is_changed=self._is_changed)
        else:
            self.refresh()

    def _lines(self, width: int) -> list[Content]:
        row = self.row
        box = f"[{'x' if row.enabled else ' '}]{' *' if self._is_changed else ''}"
        value = "•" * len(row.value) if row.hidden else with_placeholders(row.value)
        tools = f"  {'show' if row.hidden else 'hide'}   × "
        color = "$foreground" if row.enabled else "$text-disabled"
        placeholder = _EMPTY_VALUE[row.needs_value]
        if width < _NARROW:
            return [
                Content(f"{box:<{_BOX}}") + _face(row.key, "NAME", width - _BOX, color),
                Content(" " * _BOX)
                + _face(value, placeholder, width - _BOX - _TOOLS, color)
                + Content.styled(tools, "$text-muted"),
            ]
        name_width = _name_width(width)
        return [
            Content.assemble(
                (f"{box:<{_BOX}}", color if row.enabled else "$text-muted"),
                _face(row.key, "NAME", name_width, color),
                " ",
                _face(value, placeholder, width - _BOX - name_width - 1 - _TOOLS, color),
                (tools, "$text-muted"),
            )
        ]


class _RowFields:
    """The controls of a row in use."""

    def __init__(self, row: EnvRow) -> None:
        self.key = KeyField(row.key, "NAME")
        self.value = ValueField(
            row.value, _EMPTY_VALUE[row.needs_value], password=row.hidden, select_on_focus=True
        )
        self._checkbox = RowCheckbox(on=row.enabled)
        self._hide_button = RowButton("hide", classes="env--hide")

    def widgets(self) -> list[Widget]:
        """The controls, in the order of the row."""
        remove = RowButton("×", classes="-quiet env--remove")
        return [self._checkbox, self.key, self.value, self._hide_button, remove]

    def show(self, row: EnvRow, *, is_changed: bool) -> None:
        """Show the state of the row; Tab stops at its value, or at the name if it has none."""
        self._checkbox.on = row.enabled
        self._checkbox.label = "*" if is_changed else ""
        self._hide_button.label = "show" if row.hidden else "hide"
        self.value.password = row.hidden
        self.key.set_class(not row.key, TAB_STOP)
        self.value.set_class(bool(row.key), TAB_STOP)

    def mark_problem(self, *, is_one: bool) -> None:
        """Mark the fields of a row that cannot be sent."""
        for field in (self.key, self.value):
            field.set_class(is_one, "-problem")


def _name_width(width: int) -> int:
    """Columns of the name in a row of this width, as the grid gives them to its field."""
    return max(1, (width - _BOX - _TOOLS) * 2 // 5)


def _face(text: str, placeholder: str, width: int, color: str) -> Content:
    """A field as text, cut to its width."""
    style = f"{color} on $panel" if text else "$text-muted on $panel"
    shown = text or placeholder
    room = max(1, width - 3)
    if cell_len(shown) > room:
        shown = f"{set_cell_size(shown, room - 1)}…"
    return Content.assemble(
        ("▌", "$border-blurred on $panel"),
        (f" {set_cell_size(shown, room)} ", style),
    )
