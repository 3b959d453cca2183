"""Cache of entry layouts: created on demand, least recently used evicted first."""

from collections import OrderedDict
from collections.abc import Mapping

from nodion_tui.model.run import RunStatus
from nodion_tui.monitor.log.buffer import EntryKind, LogEntry
from nodion_tui.monitor.log.folds.fold import Fold, FoldKind
from nodion_tui.monitor.log.line.carried import MAX_LINES, carried_pen
from nodion_tui.monitor.log.line.reader import shown_text
from nodion_tui.monitor.log.patterns.runner_patterns import (
    LOOK_CHARACTERS,
    PatternsAt,
    no_patterns,
)
from nodion_tui.monitor.log.shown_log import LogEntries, Renumbering
from nodion_tui.ui.log.render import line_forms as forms
from nodion_tui.ui.log.render.display_options import DisplayOptions, TimestampMode
from nodion_tui.ui.log.render.entry_layout import EntryLayout
from nodion_tui.ui.log.render.line_text import LineSegment, LineText, TextRole

_SCREENFULS = 4
_MAX_CHARACTERS = 32 * 1024 * 1024


class LayoutCache:
    """The layouts of a buffer's entries, by index.

    Args:
        buffer: the log.
        patterns_at: returns the line patterns that apply to an entry.
    """

    def __init__(self, buffer: LogEntries, patterns_at: PatternsAt = no_patterns) -> None:
        self._buffer = buffer
        self._patterns_at = patterns_at
        self._options = DisplayOptions()
        self._layouts: OrderedDict[int, EntryLayout] = OrderedDict()
        self._characters = 0
        self.viewport_height = 25
        """Rows of the viewport; the cache keeps a few times as many layouts."""
        self.expanded: set[int] = set()
        """Indexes of expanded entries."""
        self.folded: Mapping[int, Fold] = {}
        """Folded ranges by the index of their first line."""

    def __len__(self) -> int:
        """Number of cached layouts."""
        return len(self._layouts)

    def set_options(self, options: DisplayOptions) -> None:
        """Apply display options to layouts created from now on."""
        if options.pretty != self._options.pretty:
            self.invalidate()
        self._options = options

    def invalidate(self, index: int | None = None) -> None:
        """Drop the layout of an entry; without an index, all layouts."""
        if index is None:
            self._layouts.clear()
            self._characters = 0
        elif layout := self._layouts.pop(index, None):
            self._characters -= _size(layout)

    def renumber(self, renumbering: Renumbering) -> None:
        """Keep the layouts of entries that have other indexes now.

        Where entries were removed, one may say so that was a line before: then none is kept.
        """
        self.expanded = {renumbering(index) for index in self.expanded}
        if renumbering.removed:
            self.invalidate()
            return
        layouts = [(renumbering(index), layout) for index, layout in self._layouts.items()]
        self._layouts = OrderedDict(layouts)

    def toggle_expanded(self, index: int) -> None:
        """Switch an entry between its expanded and its one-row form."""
        self.expanded ^= {index}
        self.invalidate(index)

    def get(self, index: int) -> EntryLayout:
        """The layout of an entry in the buffer."""
        if layout := self._layouts.get(index):
            self._layouts.move_to_end(index)
            return layout
        layout = self._create(index, self._buffer.entry(index))
        if layout.is_line:  # the text of a marker may still change
            self._layouts[index] = layout
            self._characters += _size(layout)
            self._trim()
        return layout

    def height(self, index: int, wrap: int | None) -> int:
        """Rows of an entry; avoids creating its layout where possible."""
        if wrap is None and index not in self.expanded and index not in self.folded:
            return 1
        return self.get(index).height(wrap)

    def _create(self, index: int, entry: LogEntry) -> EntryLayout:
        if entry.kind is not EntryKind.LINE:
            return _marker(entry, self._fetch_hint(index))
        pen = carried_pen(self._buffer.regions_before(index, MAX_LINES))
        timed = self._options.timestamps is not TimestampMode.OFF
        line, role = forms.one_row_form(entry.body, pen, pretty=self._options.pretty, timed=timed)
        lines = forms.expanded_form(entry.body) if index in self.expanded else [line]
        if fold := self.folded.get(index):
            lines = [*lines, _fold_note(fold)]
        return EntryLayout(entry.kind, lines, entry.created_at, role, self._look(index, entry.body))

    def _look(self, index: int, body: str) -> frozenset[str]:
        patterns = self._patterns_at(index)
        if not patterns:
            return frozenset()
        return patterns.look(shown_text(body, LOOK_CHARACTERS))

    def _fetch_hint(self, index: int) -> str:
        """The keys that fetch dropped lines again."""
        missing = self._buffer.dropped_segment(index)
        if missing is None:
            return ""
        begins = index == self._buffer.first and missing.number
        return f" · Enter fetches {missing.lines:,}{' · g the first' if begins else ''}"

    def _trim(self) -> None:
        while len(self._layouts) > _SCREENFULS * self.viewport_height or (
            self._characters > _MAX_CHARACTERS and len(self._layouts) > 1
        ):
            _, layout = self._layouts.popitem(last=False)
            self._characters -= _size(layout)


def _fold_note(fold: Fold) -> LineText:
    """The row under a fold's head that says what is hidden."""
    count = len(fold.hidden)
    lines = "line" if count == 1 else "lines"
    is_repeat = fold.kind is FoldKind.REPEATS
    what = f"× {count + 1:,} equal lines" if is_repeat else f"{count:,} {lines} folded"
    note = f"  ▸ {what} · Enter unfolds"
    return LineText.from_segments([LineSegment(note, role=TextRole.FAINT)])


def _marker(entry: LogEntry, hint: str) -> EntryLayout:
    text = f"── {entry.body}{hint} ──"
    failed = entry.kind is EntryKind.ENDED and entry.body.startswith(RunStatus.FAILED)
    role = TextRole.BAD_END if failed else TextRole.NOTE
    return EntryLayout(
        entry.kind, [LineText.from_segments([LineSegment(text, role=role)])], None, role
    )


def _size(layout: EntryLayout) -> int:
    return sum(line.characters for line in layout.lines)
