"""The environment of a trigger, as rows: typed, pasted as a `.env` block, switched off, hidden."""

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from nodion_tui.model.dotenv import parse_dotenv
from nodion_tui.model.trigger_draft import EnvRow, env_row_from
from nodion_tui.ui.dialogs.ascii_signs import DialogText
from nodion_tui.ui.dialogs.controls import CompactButton
from nodion_tui.ui.trigger.env_row import EnvRowEditor, KeyField

MAX_ROWS = 100
"""So many rows are made of a pasted block; the API documents no limit."""


class EnvEditor(Widget):
    """Rows of variables, and a way to add one."""

    DEFAULT_CSS = """
    EnvEditor {
        height: auto;
        .env--add { height: 1; padding: 0 0 0 6; }
        .env--tip { width: 1fr; height: 1; padding: 0 1; color: $text-muted; }
    }
    """

    class Changed(Message):
        """The rows are not what they were."""

    def __init__(
        self,
        rows: tuple[EnvRow, ...],
        *,
        id: str | None = None,  # noqa: A002 - Textual's own name
    ) -> None:
        super().__init__(id=id)
        self._rows = rows
        self.paste_notes: tuple[str, ...] = ()
        """What of the last block that was pasted did not become a row."""

    def compose(self) -> ComposeResult:
        """Textual: what it is made of."""
        for row in self._rows:
            yield EnvRowEditor(row)
        with Horizontal(classes="env--add"):
            yield CompactButton("+ variable", classes="env--new")
            yield DialogText(Content("or paste a .env block"), classes="env--tip")

    @property
    def rows(self) -> tuple[EnvRow, ...]:
        """What stands in the rows, blank ones too."""
        return tuple(line.row for line in self._lines)

    def show_problems(self, problems: dict[int, str]) -> None:
        """Say under each row what is wrong with it, by its place."""
        for index, line in enumerate(self._lines):
            line.show_problem(problems.get(index, ""))

    def mark_changes(self, places: frozenset[int]) -> None:
        """Mark the rows at these places as changed."""
        for index, line in enumerate(self._lines):
            line.mark_changed(changed=index in places)

    def focus_row(self) -> None:
        """Put the cursor into the first row with a problem, else the first, else on adding."""
        lines = [line for line in self._lines if line.has_class("-problem")] or self._lines
        if lines:
            lines[0].focus_field(on_value=lines[0].row.needs_value)
        else:
            self.query_one(".env--new", CompactButton).focus()

    async def replace(self, rows: tuple[EnvRow, ...]) -> None:
        """Show these rows instead."""
        await self.query(EnvRowEditor).remove()
        await self.mount_all([EnvRowEditor(row) for row in rows], before=0)
        self.post_message(self.Changed())

    async def merge(self, rows: tuple[EnvRow, ...]) -> None:
        """Put rows at the end, each in the place of the row of its name where there is one."""
        kept = [row for row in self.rows if not row.is_blank]
        fresh = {row.key: row for row in rows}
        merged = [fresh.pop(row.key.strip(), row) for row in kept]
        await self.replace((*merged, *fresh.values()))
        self._lines[-1].focus_field(on_value=True)

    async def paste_block(self, text: str) -> None:
        """Make rows of a pasted block, and say which of its lines are none."""
        found = parse_dotenv(text)
        words = [f"pasted line {each.line}: {each.message}" for each in found.problems[:3]]
        if len(found.problems) > 3:
            words.append(f"and {len(found.problems) - 3} pasted lines more")
        if len(found.variables) > MAX_ROWS:
            words.append(
                f"only the first {MAX_ROWS} of {len(found.variables):,} variables are rows"
            )
        self.paste_notes = tuple(words)
        if found.variables:
            await self.merge(tuple(env_row_from(each) for each in found.variables[:MAX_ROWS]))
        self.post_message(self.Changed())

    @property
    def _lines(self) -> list[EnvRowEditor]:
        return list(self.query(EnvRowEditor))

    async def _append(self) -> None:
        line = EnvRowEditor(EnvRow())
        await self.mount(line, before=self.query_one(".env--add"))
        line.focus_field()
        self.post_message(self.Changed())

    @on(CompactButton.Pressed, ".env--new")
    async def _wanted(self, event: CompactButton.Pressed) -> None:
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
    async def _removed(self, event: EnvRowEditor.RemoveRequested) -> None:
        event.stop()
        lines = self._lines
        index = lines.index(event.row_editor)
        await event.row_editor.remove()
        rest = self._lines
        if rest:
            rest[min(index, len(rest) - 1)].focus_field()
        else:
            self.query_one(".env--new", CompactButton).focus()
        self.post_message(self.Changed())

    @on(EnvRowEditor.CursorLeft)
    async def _left(self, event: EnvRowEditor.CursorLeft) -> None:
        event.stop()
        lines = self._lines
        index = lines.index(event.row_editor) + event.step
        if 0 <= index < len(lines):
            lines[index].focus_field(on_value=event.on_value)
        elif event.submitted and not event.row_editor.row.is_blank:
            await self._append()
        elif event.step > 0:
            self.query_one(".env--new", CompactButton).focus()
