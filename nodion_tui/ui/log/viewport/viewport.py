"""Where a person is in a log: the window, the cursor, and whether the end is followed.

Nothing here knows of a terminal.
"""

from nodion_tui.monitor.log.buffer import LogBuffer
from nodion_tui.ui.log.render.display_options import DisplayOptions
from nodion_tui.ui.log.viewport.row_window import EntryRow, RowWindow
from nodion_tui.ui.log.viewport.visible_entries import fold_at


class LogViewport(RowWindow):
    """A window that a person moves."""

    def __init__(self, buffer: LogBuffer, options: DisplayOptions | None = None) -> None:
        super().__init__(buffer, options)
        self.cursor = buffer.first
        """Index of the entry that keys act on."""
        self.follow = True
        """Whether the newest row is kept at the bottom."""
        self.holding = False
        """Whether the start is shown although the end is followed, while the past arrives."""
        self._folds: dict[int, range] = {}
        self._holes: list[range] = []
        self._seen_end = 0
        self._kept: tuple[int, EntryRow, int, bool] | None = None

    @property
    def unseen(self) -> int:
        """Entries below all that have been on screen."""
        return len(self.shown) - self.shown.position(self._seen_end)

    def set_size(self, width: int, height: int) -> None:
        """Take the window's new size; what was at its top stays there."""
        size = (max(width, 1), max(height, 1))
        if size != (self.width, self.height):
            self.width, self.height = size
            self.blocks.height_shown = self.height
            self.sync()

    def set_options(self, options: DisplayOptions) -> None:
        """Look at the log in another way; the cursor's line stays where it is on screen."""
        offset = self.offset_of(self.cursor)
        self.options = options
        self.blocks.use(options)
        if options.wrap:
            self.left = 0
        self.place(self.cursor, offset)

    def sync(self) -> None:
        """Come to terms with what the buffer holds now."""
        if self.buffer.dropped_ranges() != self._holes:
            self._hide()
        if not len(self.shown):
            self.top = EntryRow(self.buffer.first)
            self.cursor = self.buffer.first
            return
        self.cursor = self.nearest(self.cursor)
        if self.follow and not self.holding:
            self.cursor = self.shown.at(len(self.shown) - 1)
            self.top = self.last_top()
        else:
            self.top = min(self.valid(self.top), self.last_top())
        self._note_seen()

    def scroll(self, rows: int) -> None:
        """Move the window; the cursor stays within it. Up leaves the end."""
        if not len(self.shown):
            return
        if rows < 0:
            self.follow = False
            self.top = self.above(self.top, -rows)
        else:
            self.top = min(self.below(self.top, rows), self.last_top())
        self._keep_cursor_in_window()
        self._note_seen()

    def move_cursor(self, entries: int) -> None:
        """Move the cursor; the window goes along. Up leaves the end; down past it returns.

        An entry that is higher than the window is gone through row by row first.
        """
        if not len(self.shown):
            return
        if self._cut_off(entries):
            self.scroll(1 if entries > 0 else -1)
            return
        position = self.shown.position(self.cursor)
        last = len(self.shown) - 1
        if position >= last and entries > 0 and self.at_end:
            self.to_end()
            return
        self.follow = self.follow and entries > 0
        self.cursor = self.shown.at(min(max(position + entries, 0), last))
        self.reveal(self.cursor)

    def scroll_pages(self, windows: float) -> None:
        """Move the window by so many of its heights, and the cursor with it."""
        if not len(self.shown):
            return
        if windows > 0 and self.at_end:
            self.to_end()
            return
        offset = self.offset_of(self.cursor) or 0
        self.scroll(round(windows * max(self.height - 1, 1)))
        page = self.page()
        self.cursor = page[min(offset, len(page) - 1)].index

    def put_cursor(self, index: int) -> None:
        """Put the cursor on an entry that is on screen; nothing scrolls, the end is left."""
        if len(self.shown):
            self.follow = False
            self.cursor = self.nearest(index)

    def toggle_whole(self, index: int) -> None:
        """Show everything that an entry has, or its usual form again."""
        self.follow = False
        self.blocks.toggle(index)
        self.reveal(index)

    def toggle_fold(self, index: int) -> bool:
        """Fold the traceback that a line belongs to, or show it again; False if there is none."""
        if self.shown.is_filtered:
            return False
        if (head := self._folded_around(index)) is not None:
            self.unfold(head)
            return True
        fold = fold_at(self.buffer, index)
        if fold is None:
            return False
        self._folds[fold.head] = fold.hidden
        self._refold(fold.head)
        self.follow = False
        self.cursor = fold.head
        self.reveal(fold.head)
        return True

    def unfold(self, index: int) -> None:
        """Show the fold again that an entry is the head of, or hidden in."""
        head = self._folded_around(index)
        if head is not None:
            del self._folds[head]
            self._refold(head)

    def _folded_around(self, index: int) -> int | None:
        for head, hidden in self._folds.items():
            if head == index or index in hidden:
                return head
        return None

    def _refold(self, head: int) -> None:
        self.blocks.folded = {at: len(hidden) for at, hidden in self._folds.items()}
        self.blocks.forget(head)
        self._hide()
        self.sync()

    def _hide(self) -> None:
        """Leave out what is folded, and of each hole all but the entry that stands for it."""
        self._holes = self.buffer.dropped_ranges()
        beyond = (range(hole.start + 1, hole.stop) for hole in self._holes)
        self.shown.fold([*self._folds.values(), *beyond])

    def remember(self) -> None:
        """Keep the place for `recall`."""
        self._kept = (self.cursor, self.top, self.left, self.follow)

    def recall(self) -> None:
        """Back to the place that was kept."""
        if self._kept is not None:
            self.cursor, self.top, self.left, self.follow = self._kept
            self.sync()

    def to_start(self) -> None:
        """Go to the first line."""
        self.follow = False
        if len(self.shown):
            self.cursor = self.shown.at(0)
            self.top = EntryRow(self.cursor)
            self._note_seen()

    def to_end(self) -> None:
        """Go to the newest line and follow; what was fetched again may go."""
        self.follow, self.holding = True, False
        self.buffer.drop_restored()
        self.sync()

    def go(self, index: int) -> None:
        """Go to an entry that is shown; in the middle of the window if it was not on screen."""
        self.follow = False
        self.cursor = self.nearest(index)
        if self.offset_of(self.cursor) is None:
            self.place(self.cursor, self.height // 2)
        else:
            self.reveal(self.cursor)

    def show_row(self, place: EntryRow) -> None:
        """Bring a row into the middle of the window if it is not on screen."""
        if place not in self.page():
            self.top = min(self.above(place, self.height // 2), self.last_top())
            self._note_seen()

    def to_fraction(self, fraction: float) -> None:
        """Go to this part of the log, 0 the start and 1 the end."""
        count = len(self.shown)
        if not count:
            return
        position = min(max(round(fraction * count), 0), count - 1)
        self.follow = False
        self.top = min(EntryRow(self.shown.at(position)), self.last_top())
        self._keep_cursor_in_window()
        self._note_seen()

    def place(self, index: int, offset: int | None) -> None:
        """Put an entry's first row `offset` rows below the window's top."""
        if self.follow or not len(self.shown):
            self.sync()
            return
        index = self.nearest(index)
        top = self.above(EntryRow(index), offset or 0)
        self.top = min(top, self.last_top())
        self._note_seen()

    def reveal(self, index: int) -> None:
        """Bring an entry into the window with as little movement as can be."""
        first = EntryRow(index)
        last = EntryRow(index, self.blocks.height(index, self.wrap) - 1)
        if first < self.top:
            self.top = first
        else:
            lowest = self.above(last, self.height - 1)
            self.top = max(self.top, min(lowest, first))
        self._note_seen()

    def _cut_off(self, entries: int) -> bool:
        """Whether the cursor's entry goes on beyond the window where a single step leads."""
        edge = self.page()[-1 if entries > 0 else 0]
        if abs(entries) != 1 or edge.index != self.cursor:
            return False
        last = self.blocks.height(edge.index, self.wrap) - 1
        return edge.row < last if entries > 0 else edge.row > 0

    def _keep_cursor_in_window(self) -> None:
        page = self.page()
        self.cursor = min(max(self.cursor, page[0].index), page[-1].index)

    def _note_seen(self) -> None:
        page = self.page()
        if page:
            self._seen_end = max(self._seen_end, page[-1].index + 1)
