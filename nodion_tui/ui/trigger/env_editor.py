"""Editor of environment variables, one per row; accepts a pasted `.env` block."""

from textual import events, on
from textual.app import ComposeResult
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from nodion_tui.model.dotenv import parse_dotenv
from nodion_tui.model.trigger_draft import EnvRow, env_row_from
from nodion_tui.ui.commands.registry import commands_in, key_label, keymap_of, keys_of
from nodion_tui.ui.dialogs.control_row import ControlRow
from nodion_tui.ui.dialogs.controls import CompactButton
from nodion_tui.ui.dialogs.menu import Menu, MenuEntry
from nodion_tui.ui.trigger.env_row import EnvRowEditor, KeyField

_TIPS = {
    "env.toggle": "off",
    "env.hide": "show",
    "form.variable": "go to",
    "env.remove": "del",
}
"""Command → what it does, in a word, for the line below the rows."""
MAX_ROWS = 100
"""Maximum number of rows from a pasted block; the API documents no limit."""


class EnvEditor(Widget):
    """Rows of variables and a button to add one."""

    DEFAULT_CSS = """
    EnvEditor {
        height: auto;
        .env--new { margin: 0 1 0 0; }
    }
    """

    class Changed(Message):
        """The rows changed."""

    def __init__(self, rows: tuple[EnvRow, ...]) -> None:
        super().__init__()
        self._rows = rows
        self.paste_notes: tuple[str, ...] = ()
        """Notes on lines of the last pasted block that did not become a row."""

    def compose(self) -> ComposeResult:
        """Textual: compose the child widgets."""
        for row in self._rows:
            yield EnvRowEditor(row)
        new = CompactButton("+ variable", classes="env--new")
        yield ControlRow(new, text=self._tip(), classes="env--add")

    @property
    def rows(self) -> tuple[EnvRow, ...]:
        """Content of all rows, including blank ones."""
        return tuple(editor.row for editor in self._editors)

    def show_problems(self, problems: dict[int, str]) -> None:
        """Show the problem of each row, by index."""
        for index, editor in enumerate(self._editors):
            editor.show_problem(problems.get(index, ""))

    def mark_changes(self, indexes: frozenset[int]) -> None:
        """Mark the rows at these indexes as changed."""
        for index, editor in enumerate(self._editors):
            editor.mark_changed(changed=index in indexes)

    def focus_row(self) -> None:
        """Focus the first row with a problem, else the first row, else the add button."""
        editors = [editor for editor in self._editors if editor.problem] or self._editors
        if editors:
            editors[0].focus_field(on_value=bool(editors[0].row.key))
        else:
            self.query_one(".env--new", CompactButton).focus()

    def focus_value(self, index: int) -> None:
        """Focus the value of the row at this index."""
        self._editors[index].focus_field(on_value=True)

    async def replace(self, rows: tuple[EnvRow, ...]) -> None:
        """Replace all rows."""
        await self.query(EnvRowEditor).remove()
        await self.mount_all([EnvRowEditor(row) for row in rows], before=0)
        self._rows_changed()
        self.post_message(self.Changed())

    async def merge(self, rows: tuple[EnvRow, ...]) -> None:
        """Replace rows of the same name, and append the others."""
        existing = [row for row in self.rows if not row.is_blank]
        new_rows = {row.key: row for row in rows}
        merged = [new_rows.pop(row.key.strip(), row) for row in existing]
        await self.replace((*merged, *new_rows.values()))
        self._editors[-1].focus_field(on_value=True)

    async def paste_block(self, text: str) -> None:
        """Add rows from a pasted block, and note which of its lines are invalid."""
        parsed = parse_dotenv(text)
        notes = [
            f"pasted line {problem.line}: {problem.message}" for problem in parsed.problems[:3]
        ]
        if len(parsed.problems) > 3:
            notes.append(f"and {len(parsed.problems) - 3} more invalid lines")
        if len(parsed.variables) > MAX_ROWS:
            notes.append(
                f"only the first {MAX_ROWS} of {len(parsed.variables):,} variables were added"
            )
        self.paste_notes = tuple(notes)
        if parsed.variables:
            await self.merge(
                tuple(env_row_from(variable) for variable in parsed.variables[:MAX_ROWS])
            )
        self.post_message(self.Changed())

    def _tip(self) -> Content:
        """What can be done with the rows, by keys that the rows do not show."""
        if not self._rows:
            return Content("or paste .env")
        keymap = keymap_of(self.app)
        keys = {
            command.id: key_label(bound[0])
            for command in commands_in(("form", "env"))
            if (bound := keys_of(command, keymap))
        }
        tips = [f"{keys[name]} {tip}" for name, tip in _TIPS.items() if name in keys]
        return Content("  ".join(tips))

    @property
    def _editors(self) -> list[EnvRowEditor]:
        return list(self.query(EnvRowEditor))

    async def _append(self) -> None:
        editor = EnvRowEditor(EnvRow())
        await self.mount(editor, before=self.query_one(".env--add"))
        editor.focus_field()
        self._rows_changed()
        self.post_message(self.Changed())

    def _rows_changed(self) -> None:
        self._rows = self.rows
        self.query_one(".env--add", ControlRow).show_text(self._tip())

    @on(CompactButton.Pressed, ".env--new")
    async def _add_pressed(self, event: CompactButton.Pressed) -> None:
        event.stop()
        await self._append()

    @on(KeyField.BlockPasted)
    async def _pasted(self, event: KeyField.BlockPasted) -> None:
        event.stop()
        await self.paste_block(event.text)

    async def _on_paste(self, event: events.Paste) -> None:
        event.stop()
        await self.paste_block(event.text)

    @on(EnvRowEditor.Changed)
    def _edited(self, event: EnvRowEditor.Changed) -> None:
        event.stop()
        self.post_message(self.Changed())

    @on(EnvRowEditor.RemoveRequested)
    async def _remove_requested(self, event: EnvRowEditor.RemoveRequested) -> None:
        event.stop()
        index = self._editors.index(event.control)
        await event.control.remove()
        remaining = self._editors
        if remaining:
            remaining[min(index, len(remaining) - 1)].focus_field(on_value=True)
        else:
            self.query_one(".env--new", CompactButton).focus()
        self._rows_changed()
        self.post_message(self.Changed())

    @on(EnvRowEditor.CursorLeft)
    async def _cursor_left(self, event: EnvRowEditor.CursorLeft) -> None:
        event.stop()
        editors = self._editors
        index = editors.index(event.control) + event.step
        if 0 <= index < len(editors):
            editors[index].focus_field(on_value=event.on_value)
        elif event.submitted and not event.control.row.is_blank:
            await self._append()
        elif event.step > 0:
            self.query_one(".env--new", CompactButton).focus()
        else:
            self.screen.focus_previous()


def variable_menu(rows: tuple[EnvRow, ...]) -> Menu:
    """Chooses a variable: the index of its row."""
    return Menu(
        "Variable",
        [MenuEntry(str(number), str(number - 1), row.key) for number, row in enumerate(rows, 1)],
    )
