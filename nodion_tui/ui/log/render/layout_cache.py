"""Blocks of the entries that are looked at, made when they are needed and kept for a while."""

from collections import OrderedDict

from nodion_tui.model.run import RunStatus
from nodion_tui.monitor.log.buffer import EntryKind, LogBuffer, LogEntry
from nodion_tui.ui.log.render import line_forms as forms
from nodion_tui.ui.log.render.display_options import DisplayOptions
from nodion_tui.ui.log.render.entry_layout import EntryLayout
from nodion_tui.ui.log.render.line_text import LineSegment, LineText, TextRole

_SCREENFULS = 4
_KEPT_CHARACTERS = 32 * 1024 * 1024


class LayoutCache:
    """The blocks of a buffer, by index."""

    def __init__(self, buffer: LogBuffer) -> None:
        self._buffer = buffer
        self._options = DisplayOptions()
        self._made: OrderedDict[int, EntryLayout] = OrderedDict()
        self._characters = 0
        self.height_shown = 25
        """Rows of the window: a few times as many blocks are kept."""
        self.expanded: set[int] = set()
        """Indexes of entries that show everything they have."""
        self.folded: dict[int, int] = {}
        """Indexes of lines after which others are hidden, and how many."""

    def __len__(self) -> int:
        """How many are kept."""
        return len(self._made)

    def use(self, options: DisplayOptions) -> None:
        """Show lines as these options say from now on."""
        if options.pretty != self._options.pretty:
            self.forget()
        self._options = options

    def forget(self, index: int | None = None) -> None:
        """Make a block anew when it is next asked for; without an index, all of them."""
        if index is None:
            self._made.clear()
            self._characters = 0
        elif block := self._made.pop(index, None):
            self._characters -= _size(block)

    def toggle(self, index: int) -> None:
        """Expand an entry, or bring it back to its usual form."""
        self.expanded ^= {index}
        self.forget(index)

    def get(self, index: int) -> EntryLayout:
        """The block of an entry that is in the buffer."""
        if block := self._made.get(index):
            self._made.move_to_end(index)
            return block
        block = self._make(index, self._buffer.entry(index))
        if block.is_line:  # a mark may still be rewritten
            self._made[index] = block
            self._characters += _size(block)
            self._trim()
        return block

    def height(self, index: int, wrap: int | None) -> int:
        """Rows that an entry takes; told without making its block where that can be."""
        if wrap is None and index not in self.expanded and index not in self.folded:
            return 1
        return self.get(index).height(wrap)

    def _make(self, index: int, entry: LogEntry) -> EntryLayout:
        if entry.kind is not EntryKind.LINE:
            return _mark(entry, self._offer(index))
        line, role = forms.usual(entry.body, pretty=self._options.pretty)
        lines = forms.whole(entry.body) if index in self.expanded else [line]
        if hidden := self.folded.get(index):
            note = f"  ▸ {hidden:,} lines folded · Enter shows them"
            lines = [*lines, LineText.of([LineSegment(note, role=TextRole.FAINT)])]
        return EntryLayout(entry.kind, lines, entry.created_at, role)

    def _offer(self, index: int) -> str:
        """What can be done about dropped lines."""
        missing = self._buffer.dropped_segment(index)
        if missing is None:
            return ""
        begins = index == self._buffer.first and missing.number
        return f" · Enter fetches {missing.lines:,}{' · g the first' if begins else ''}"

    def _trim(self) -> None:
        while len(self._made) > _SCREENFULS * self.height_shown or (
            self._characters > _KEPT_CHARACTERS and len(self._made) > 1
        ):
            _, block = self._made.popitem(last=False)
            self._characters -= _size(block)


def _mark(entry: LogEntry, offer: str) -> EntryLayout:
    text = f"── {entry.body}{offer} ──"
    failed = entry.kind is EntryKind.ENDED and entry.body.startswith(RunStatus.FAILED)
    role = TextRole.BAD_END if failed else TextRole.NOTE
    return EntryLayout(entry.kind, [LineText.of([LineSegment(text, role=role)])], None, role)


def _size(block: EntryLayout) -> int:
    return sum(line.characters for line in block.lines)
