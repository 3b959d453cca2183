"""The viewport of a log: scroll position, cursor, folds, and whether the end is followed.

Independent of the terminal.
"""

from dataclasses import dataclass
from typing import Self

from nodion_tui.monitor.log.patterns.runner_patterns import PatternsAt, no_patterns
from nodion_tui.monitor.log.shown_log import LogEntries, Renumbering
from nodion_tui.ui.log.render.display_options import DisplayOptions
from nodion_tui.ui.log.viewport.folds import Folds
from nodion_tui.ui.log.viewport.row_window import EntryRow, RowWindow


class LogViewport(RowWindow):
    """A window that the user scrolls, with a cursor."""

    def __init__(
        self,
        buffer: LogEntries,
        options: DisplayOptions | None = None,
        patterns_at: PatternsAt = no_patterns,
    ) -> None:
        super().__init__(buffer, options, patterns_at)
        self.cursor = buffer.first
        """Index of the entry that keys apply to."""
        self.follow = True
        """Whether the newest row stays at the bottom."""
        self.hold_at_start = False
        """Whether the start stays on screen while existing lines load, despite following."""
        self.is_held = False
        """Whether the page stays while a mouse button is held down, despite following."""
        self._folds = Folds(buffer, self.entries, self.layouts)
        self._seen_end = 0

    @property
    def unseen(self) -> int:
        """Number of entries below the lowest one that has been on screen."""
        return len(self.entries) - self.entries.position_of(self._seen_end)

    def set_size(self, width: int, height: int) -> None:
        """Apply a new window size; the top row stays, unless a cursor on screen would leave it."""
        size = (max(width, 1), max(height, 1))
        if size != (self.width, self.height):
            self.sync()
            shows_cursor = self.offset_of(self.cursor) is not None
            self.width, self.height = size
            self.layouts.viewport_height = self.height
            self.sync()
            if shows_cursor and not self.follow:
                self.reveal(self.cursor)

    def set_options(self, options: DisplayOptions) -> None:
        """Apply display options; the cursor's line keeps its screen row."""
        offset = self.offset_of(self.cursor)
        self.options = options
        self.layouts.set_options(options)
        self._folds.set_public_only(public_only=options.public_only)
        self._folds.refresh()
        if options.wrap:
            self.first_column = 0
        self.scroll_entry_to(self.cursor, offset)

    def sync(self) -> None:
        """Adjust cursor and scroll position to the current content of the buffer."""
        self._folds.refresh()
        if not len(self.entries):
            self.top = EntryRow(self.buffer.first)
            self.cursor = self.buffer.first
            return
        self.cursor = self.nearest_entry(self.cursor)
        if self.follow and not (self.hold_at_start or self.is_held):
            self.cursor = self.entries.index_at(len(self.entries) - 1)
            self.top = self.last_top()
        else:
            self.top = min(self.clamp(self.top), self.last_top())
        self._update_seen_end()

    def renumber(self, renumbering: Renumbering) -> None:
        """Stay at the same entries, which have other indexes now."""
        self.cursor = renumbering(self.cursor)
        self.top = EntryRow(renumbering(self.top.index), self.top.row)
        self._seen_end = renumbering(self._seen_end - 1) + 1
        self.layouts.renumber(renumbering)
        self.sync()

    def scroll(self, rows: int) -> None:
        """Scroll the window; the cursor stays within it. Scrolling up stops following."""
        if not len(self.entries):
            return
        if rows < 0:
            self.follow = False
            self.top = self.above(self.top, -rows)
        else:
            self.top = min(self.below(self.top, rows), self.last_top())
        self._keep_cursor_in_window()
        self._update_seen_end()

    def move_cursor(self, entries: int) -> None:
        """Move the cursor and scroll along. Up stops following; down past the end resumes it.

        An entry that is higher than the window is scrolled row by row first.
        """
        if not len(self.entries):
            return
        if self._continues_off_screen(entries):
            self.scroll(1 if entries > 0 else -1)
            return
        position = self.entries.position_of(self.cursor)
        last = len(self.entries) - 1
        if position >= last and entries > 0 and self.at_end:
            self.to_end()
            return
        self.follow = self.follow and entries > 0
        self.cursor = self.entries.index_at(min(max(position + entries, 0), last))
        self.reveal(self.cursor)

    def scroll_pages(self, windows: float) -> None:
        """Scroll by a number of window heights; the cursor moves along."""
        if not len(self.entries):
            return
        if windows > 0 and self.at_end:
            self.to_end()
            return
        offset = self.offset_of(self.cursor) or 0
        self.scroll(round(windows * max(self.height - 1, 1)))
        page = self.visible_rows()
        self.cursor = page[min(offset, len(page) - 1)].index

    def set_cursor(self, index: int) -> None:
        """Put the cursor on an entry on screen; stops following, does not scroll."""
        if len(self.entries):
            self.follow = False
            self.cursor = self.nearest_entry(index)

    def toggle_expanded(self, index: int) -> None:
        """Switch an entry between its expanded and its one-row form."""
        self.follow = False
        self.layouts.toggle_expanded(index)
        self.reveal(index)

    def toggle_fold(self, index: int, *, expandable: bool = False) -> bool:
        """Fold or unfold what a line belongs to, as `Folds.fold`; False if there is nothing."""
        if self.entries.is_filtered:
            return False
        if self.unfold(index):
            return True
        head = self._folds.fold(index, expandable=expandable)
        if head is None:
            return False
        self.sync()
        self.follow = False
        self.cursor = head
        self.reveal(head)
        return True

    def unfold(self, index: int) -> bool:
        """Unfold what an entry heads or is hidden in; False if there is nothing."""
        if not self._folds.unfold(index):
            return False
        self.sync()
        return True

    def to_start(self) -> None:
        """Go to the first line."""
        self.follow = False
        if len(self.entries):
            self.cursor = self.entries.index_at(0)
            self.top = self.top_row(self.cursor)
            self._update_seen_end()

    def to_end(self) -> None:
        """Go to the newest line and follow; re-fetched older lines may be dropped."""
        self.follow, self.hold_at_start = True, False
        self.buffer.drop_restored()
        self.sync()

    def go_to(self, index: int) -> None:
        """Move the cursor to a visible entry; centre it if it was off screen."""
        self.follow = False
        self.cursor = self.nearest_entry(index)
        if self.offset_of(self.cursor) is None:
            self.scroll_entry_to(self.cursor, self.height // 2)
        else:
            self.reveal(self.cursor)

    def show_row(self, entry_row: EntryRow) -> None:
        """Centre a row if it is off screen."""
        if entry_row not in self.visible_rows():
            self.top = min(self.above(entry_row, self.height // 2), self.last_top())
            self._update_seen_end()

    def to_fraction(self, fraction: float) -> None:
        """Scroll to a fraction of the log, from 0 (start) to 1 (end)."""
        count = len(self.entries)
        if not count:
            return
        position = min(max(round(fraction * count), 0), count - 1)
        self.follow = False
        self.top = min(self.top_row(self.entries.index_at(position)), self.last_top())
        self._keep_cursor_in_window()
        self._update_seen_end()

    def scroll_entry_to(self, index: int, offset: int | None) -> None:
        """Scroll until an entry's first row is `offset` rows below the top of the window."""
        if self.follow or not len(self.entries):
            self.sync()
            return
        index = self.nearest_entry(index)
        top = self.above(EntryRow(index), offset or 0)
        self.top = min(top, self.last_top())
        self._update_seen_end()

    def reveal(self, index: int) -> None:
        """Scroll as little as possible to bring an entry into the window."""
        first = self.top_row(index)
        last = EntryRow(index, self.layouts.height(index, self.wrap) - 1)
        if first < self.top:
            self.top = first
        else:
            lowest = self.above(last, self.height - 1)
            self.top = max(self.top, min(lowest, first))
        self._update_seen_end()

    def _continues_off_screen(self, entries: int) -> bool:
        """Whether a single step would skip rows of the cursor's entry that are off screen."""
        edge = self.visible_rows()[-1 if entries > 0 else 0]
        if abs(entries) != 1 or edge.index != self.cursor:
            return False
        last = self.layouts.height(edge.index, self.wrap) - 1
        return edge.row < last if entries > 0 else edge.row > self.days.first_row(edge.index)

    def _keep_cursor_in_window(self) -> None:
        page = self.visible_rows()
        self.cursor = min(max(self.cursor, page[0].index), page[-1].index)

    def _update_seen_end(self) -> None:
        page = self.visible_rows()
        if page:
            self._seen_end = max(self._seen_end, page[-1].index + 1)


@dataclass(frozen=True, slots=True)
class SavedPosition:
    """Where a viewport was, to return to."""

    cursor: int
    top: EntryRow
    first_column: int
    follow: bool

    @classmethod
    def of(cls, viewport: LogViewport) -> Self:
        """The current position of a viewport."""
        return cls(viewport.cursor, viewport.top, viewport.first_column, viewport.follow)

    def restore(self, viewport: LogViewport) -> None:
        """Return to the position."""
        viewport.cursor, viewport.top = self.cursor, self.top
        viewport.first_column, viewport.follow = self.first_column, self.follow
        viewport.sync()
