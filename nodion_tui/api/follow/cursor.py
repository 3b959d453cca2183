"""Delivery cursor: position in the log and delivered line ids, for exactly-once delivery."""

from collections.abc import Iterator, Sequence
from itertools import compress

from nodion_tui.api.follow.events import FollowEvent, LogNotice, NewLines
from nodion_tui.model.line_ids import LineIdSet
from nodion_tui.model.listing import BadRow, Listing
from nodion_tui.model.log_line import LogLine, ids_of

_CHUNK_LINES = 2000
"""Lines per event, so that other tasks run in between."""


class DeliveryCursor:
    """The cursor and the ids of all lines that were delivered."""

    def __init__(self, after_id: str | None = None, seen_ids: LineIdSet | None = None) -> None:
        self.last_id = after_id
        """Id of the last delivered line."""
        self.after_id = after_id
        """The `after_id` of the next request; None requests the whole log."""
        self.seen_ids = LineIdSet() if seen_ids is None else seen_ids
        self.page_has_new_lines = False
        """The last page had new lines."""
        self.page_moved_cursor = False
        """The last page ended at another line than the cursor it was requested with."""
        self.page_proves_complete = False
        """The last page proved that no line follows: it was empty or ended at the cursor."""
        self.lossless = True
        """No delivered line can have been preceded by a missing one."""
        self.has_unreadable = False
        """A line could not be read and is missing."""
        self.uncertain = False
        """The cursor was dropped, and the server may no longer have all lines."""
        self.has_unread_event = False
        """An event of the stream could not be read: it may have been a line."""
        self.listed_rows = 0
        """Rows of all pages so far."""

    @property
    def proves_complete(self) -> bool:
        """The last page proved that every line was delivered."""
        return self.page_proves_complete and self.lossless and not self.has_unreadable

    def drop_cursor(self) -> None:
        """Reset an expired cursor: the whole log is read again, only new lines are delivered."""
        self.after_id = None
        self.uncertain = len(self.seen_ids) > 0

    def mark_delivered(
        self, lines: Sequence[LogLine], *, starts_response: bool = False
    ) -> list[bool]:
        """Marks lines as delivered, in the order received; returns for each whether it is new."""
        ids = ids_of(lines)
        new_flags = self.seen_ids.add_each(ids, starts_response=starts_response)
        for line_id, is_new in zip(reversed(ids), reversed(new_flags), strict=True):
            if is_new:
                self.last_id = self.after_id = line_id
                break
        return new_flags

    def unreadable_line(self, problem: str) -> LogNotice:
        """The notice in place of a line that cannot be read; the log is not complete any more."""
        self.has_unreadable = True
        return LogNotice(f"unreadable line: {problem}", line_missing=True)

    def deliver_page(self, listing: Listing[LogLine]) -> Iterator[FollowEvent]:
        """Yields the new lines of a page, and a notice in place of each unreadable row."""
        before = self.after_id
        self.page_has_new_lines = False
        self.listed_rows += len(listing.items) + listing.bad_count
        if self.uncertain and not (listing.items or listing.bad_rows):
            yield from self._check_lossless(None)
        last: str | None = None
        for chunk, raw, bad_row in _chunks(listing):
            yield from self._lines(chunk, raw, starts_response=last is None)
            last = chunk[-1].id if chunk else last
            if bad_row is not None:
                yield from self._unreadable(bad_row, last or before)
                last = bad_row.id or last
        if listing.more_bad_rows:
            self.has_unreadable = True
            yield LogNotice(f"{listing.more_bad_rows:,} more unreadable lines", line_missing=True)
        if last is not None:
            self.after_id = last
        self.page_moved_cursor = last not in {None, before}
        self.page_proves_complete = not (self.page_has_new_lines or self.page_moved_cursor)

    def _lines(
        self, chunk: Sequence[LogLine], raw: Sequence[bytes], *, starts_response: bool
    ) -> Iterator[FollowEvent]:
        if self.uncertain and chunk:
            yield from self._check_lossless(chunk[0].id)
        new_flags = self.mark_delivered(chunk, starts_response=starts_response)
        if any(new_flags):
            self.page_has_new_lines = True
            lines = chunk if all(new_flags) else tuple(compress(chunk, new_flags))
            yield NewLines(lines, live=False, raw=tuple(compress(raw, new_flags)))

    def _check_lossless(self, first: str | None) -> Iterator[FollowEvent]:
        """After a dropped cursor, checks that the server's lines reach back to delivered ones."""
        self.uncertain = False
        if first is None or first not in self.seen_ids:
            self.lossless = False
            yield LogNotice("lines may be missing here: the service no longer keeps them")

    def _unreadable(self, row: BadRow, before: str | None) -> Iterator[FollowEvent]:
        if self.seen_ids.add(row.id or f"\0{before} {row.problem}"):
            self.page_has_new_lines = self.page_has_new_lines or row.id is not None
            yield self.unreadable_line(row.problem)


def _chunks(
    listing: Listing[LogLine],
) -> Iterator[tuple[Sequence[LogLine], Sequence[bytes], BadRow | None]]:
    """Yields the good rows in chunks of limited size, and each bad row at its position."""
    start = 0
    for count, bad_row in enumerate((*listing.bad_rows, None)):
        end = len(listing.items) if bad_row is None else bad_row.index - count
        for offset in range(start, end, _CHUNK_LINES):
            rows = slice(offset, min(offset + _CHUNK_LINES, end))
            yield listing.items[rows], listing.raw[rows], None
        if bad_row is not None:
            yield (), (), bad_row
        start = end
