"""Drops the cells of a frame that the terminal already shows, and lets it move those it shows.

A change of layout, focus or style makes Textual paint the whole screen, of which little is new;
over SSH that is 10,000 unnecessary bytes. A log that grows moves up a row, which would be sent as
all its rows.
"""

from collections.abc import Iterable, Iterator, Sequence

from rich.console import RenderableType
from textual._compositor import LayoutUpdate

from nodion_tui.ui.terminal.inside.minimal_compositor import MinimalUpdate
from nodion_tui.ui.terminal.output.changed_parts import changed_parts
from nodion_tui.ui.terminal.output.output_form import PLAIN, OutputForm
from nodion_tui.ui.terminal.output.scroll import MIN_MOVED, Rows, Scroll, find_scroll
from nodion_tui.ui.terminal.row_segments import PaintedRow, RowSegments

_MAX_SCROLLS = 4
"""Parts of the screen that move in one frame: the wall has several logs."""
_MIN_COLUMNS = 16
"""A part of a row that has fewer is written: times that tick are not worth a look for a scroll."""


class ScreenDiff:
    """The rows last sent to the terminal, and the difference of an update to them.

    Args:
        form: what the terminal can do.
    """

    def __init__(self, form: OutputForm = PLAIN) -> None:
        self._form = form
        self._rows: dict[int, list[PaintedRow]] = {}

    def reset(self) -> None:
        """Forget the content of the terminal, which may show anything now."""
        self._rows.clear()

    def changed_part(self, update: RenderableType | None, width: int = 0) -> RenderableType | None:
        """The part of an update to send, recorded as sent; None if there is no change.

        Args:
            update: what Textual wants to write.
            width: columns of the terminal; 0: nothing is moved.
        """
        match update:
            case MinimalUpdate():
                rows = update.rows
            case LayoutUpdate():
                rows = list(_painted_rows(update))
            case _:
                if update is not None:
                    self.reset()
                return update
        scrolls: list[Scroll] = []
        wide = sum(row.segments.width >= _MIN_COLUMNS for row in rows)
        if self._rows and self._form.scrolls and width and wide >= MIN_MOVED:
            rows, scrolls = self._scrolled(rows, width)
        new = [part for row in rows for part in self._new_parts(row)]
        return MinimalUpdate(new, scrolls, form=self._form, width=width) if new or scrolls else None

    def _scrolled(
        self, rows: Sequence[PaintedRow], width: int
    ) -> tuple[list[PaintedRow], list[Scroll]]:
        """What is to be painted once rows have moved, and how they move."""
        wanted = self._wanted(rows, width)
        scrolls: list[Scroll] = []
        while len(scrolls) < _MAX_SCROLLS:
            scroll = find_scroll(self._whole(wanted, width), wanted)
            if scroll is None:
                break
            scrolls.append(scroll)
            self._move(scroll)
        if not scrolls:
            return list(rows), scrolls
        moved = range(min(s.top for s in scrolls), max(s.bottom for s in scrolls))
        shown = self._whole(moved, width)
        others = [row for row in rows if row.y not in moved]
        changed = [
            part for y in moved for part in changed_parts(PaintedRow(y, 0, wanted[y]), shown.get(y))
        ]
        return [*others, *changed], scrolls

    def _wanted(self, rows: Sequence[PaintedRow], width: int) -> Rows:
        """The whole rows after an update, from the first changed one to the last.

        The rows around one that is not wholly known are left out.
        """
        updates: dict[int, list[PaintedRow]] = {}
        for row in rows:
            updates.setdefault(row.y, []).append(row)
        wanted: dict[int, RowSegments] = {}
        best: dict[int, RowSegments] = {}
        for y in range(min(updates), max(updates) + 1):
            pieces = self._rows.get(y, [])
            for update in updates.get(y, ()):
                pieces = _written_over(pieces, update)
            whole = _whole_row(pieces, width)
            if whole is None:
                best, wanted = max(best, wanted, key=len), {}
            else:
                wanted[y] = whole
        return max(best, wanted, key=len)

    def _whole(self, rows: Iterable[int], width: int) -> dict[int, RowSegments]:
        """The rows among these that the terminal is known to show in all columns."""
        whole = ((y, _whole_row(self._rows.get(y, []), width)) for y in rows)
        return {y: row for y, row in whole if row is not None}

    def _move(self, scroll: Scroll) -> None:
        """Record that the terminal has moved its rows."""
        before = self._rows.copy()
        for y in range(scroll.top, scroll.bottom):
            source = scroll.source(y)
            self._rows[y] = (
                [] if source is None else [row._replace(y=y) for row in before.get(source, ())]
            )

    def _new_parts(self, row: PaintedRow) -> Sequence[PaintedRow]:
        """The parts of the row that differ from the terminal; records them as sent."""
        known = self._rows.get(row.y, ())
        if not any(_overlaps(piece, row) for piece in known):
            self._rows[row.y] = [*known, row]
            return (row,)
        if any(_contains(piece, row) for piece in known):
            return ()
        shown = _shown(known, row)
        self._rows[row.y] = _written_over(known, row)
        return changed_parts(row, shown)


def _painted_rows(update: LayoutUpdate) -> Iterator[PaintedRow]:
    for y, strips in enumerate(update.strips, update.region.y):
        x = update.region.x
        for strip in strips:
            yield PaintedRow(y, x, RowSegments.of(strip))
            x += strip.cell_length


def _overlaps(known: PaintedRow, wanted: PaintedRow) -> bool:
    """Whether two pieces of a row have a column in common."""
    return known.x < wanted.x + wanted.segments.width and wanted.x < known.x + known.segments.width


def _contains(known: PaintedRow, wanted: PaintedRow) -> bool:
    """Whether the wanted segments are part of the known ones."""
    left = wanted.x - known.x
    width = wanted.segments.width
    if left < 0 or left + width > known.segments.width:
        return False
    return known.segments.crop(left, left + width) == wanted.segments


def _shown(known: Iterable[PaintedRow], wanted: PaintedRow) -> RowSegments | None:
    """What the pieces of a row show where another one is to be written; None if not all of it."""
    start, stop = wanted.x, wanted.x + wanted.segments.width
    for piece in known:
        if piece.x <= start and stop <= piece.x + piece.segments.width:
            return piece.segments.crop(start - piece.x, stop - piece.x)
    parts = (
        (max(start, piece.x), piece.segments.crop(start - piece.x, stop - piece.x))
        for piece in sorted(known, key=lambda piece: piece.x)
    )
    return _whole_row((PaintedRow(wanted.y, *part) for part in parts), wanted.segments.width)


def _written_over(known: Iterable[PaintedRow], new: PaintedRow) -> list[PaintedRow]:
    """Pieces of a row after another one was written over them."""
    return [*(rest for piece in known for rest in _remainders(piece, new)), new]


def _remainders(known: PaintedRow, new: PaintedRow) -> Iterator[PaintedRow]:
    """The parts of the known row left and right of the new one."""
    left, right = new.x - known.x, new.x + new.segments.width - known.x
    width = known.segments.width
    if left >= width or right <= 0:
        yield known
        return
    if left > 0:
        yield known._replace(segments=known.segments.crop(0, left))
    if right < width:
        yield PaintedRow(known.y, known.x + right, known.segments.crop(right, width))


def _whole_row(pieces: Iterable[PaintedRow], width: int) -> RowSegments | None:
    """Pieces of a row, which do not overlap, as one; None unless they fill this width."""
    whole = RowSegments.joined(
        piece.segments for piece in sorted(pieces, key=lambda piece: piece.x)
    )
    return whole if whole.width == width else None
