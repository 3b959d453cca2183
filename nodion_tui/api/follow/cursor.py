"""Where in the log are we? What has been given out, so that no line comes twice or goes missing."""

from collections.abc import Iterator, Sequence
from itertools import compress

from nodion_tui.api.follow.events import FollowEvent, LogNotice, NewLines
from nodion_tui.model.line_ids import LineIdSet
from nodion_tui.model.listing import BadRow, Listing
from nodion_tui.model.log_line import LogLine

_PART = 2000
"""Lines given out at once: others get their turn in between."""


class DeliveryCursor:
    """The cursor and the ids of all lines that were delivered."""

    def __init__(self, after_id: str | None = None, seen_ids: LineIdSet | None = None) -> None:
        self.last_id = after_id
        """Of the last line that was delivered."""
        self.after_id = after_id
        """What is sent as `after_id`; None asks for everything from the start."""
        self.seen_ids = LineIdSet() if seen_ids is None else seen_ids
        self.page_has_new_lines = False
        """The last page brought something new."""
        self.page_moved_cursor = False
        """The last page ended elsewhere than where it was asked to begin."""
        self.page_proves_complete = False
        """The last page proved that nothing is missing: it was empty, or ended in the cursor."""
        self.lossless = True
        """No line can be missing so far."""
        self.uncertain = False
        """The cursor was dropped, and it is not known yet whether the server still has all."""

    def drop_cursor(self) -> None:
        """The server knows the cursor no more: read all again, deliver only what is new."""
        self.after_id = None
        self.uncertain = len(self.seen_ids) > 0

    def mark_delivered(
        self, lines: Sequence[LogLine], *, starts_response: bool = False
    ) -> list[bool]:
        """For each line whether it was not delivered yet; from now on all of them count as such.

        Args:
            lines: in the order in which they came.
            starts_response: they are the first of an answer.
        """
        new = self.seen_ids.add_each([line.id for line in lines], starts_response=starts_response)
        for line, is_new in zip(reversed(lines), reversed(new), strict=True):
            if is_new:
                self.last_id = self.after_id = line.id
                break
        return new

    def deliver_page(self, listing: Listing[LogLine]) -> Iterator[FollowEvent]:
        """What a page brings that is new; an unreadable row is told where it stands."""
        before = self.after_id
        self.page_has_new_lines = False
        if self.uncertain and not (listing.items or listing.bad_rows):
            yield from self._settle(None)
        last: str | None = None
        for part, raw, problem in _parts(listing):
            yield from self._lines(part, raw, begins=last is None)
            last = part[-1].id if part else last
            if problem is not None:
                yield from self._bad(problem, last or before)
                last = problem.id or last
        if last is not None:
            self.after_id = last
        self.page_moved_cursor = last not in {None, before}
        self.page_proves_complete = not (self.page_has_new_lines or self.page_moved_cursor)

    def _lines(
        self, part: Sequence[LogLine], raw: Sequence[bytes], *, begins: bool
    ) -> Iterator[FollowEvent]:
        if self.uncertain and part:
            yield from self._settle(part[0].id)
        fresh = self.mark_delivered(part, starts_response=begins)
        if any(fresh):
            self.page_has_new_lines = True
            lines = tuple(compress(part, fresh))
            yield NewLines(lines, live=False, raw=tuple(compress(raw, fresh)))

    def _settle(self, first: str | None) -> Iterator[FollowEvent]:
        """After a dropped cursor: does what the server still has reach back to what we have?"""
        self.uncertain = False
        if first is None or first not in self.seen_ids:
            self.lossless = False
            yield LogNotice("lines may be missing here: the service no longer keeps them")

    def _bad(self, problem: BadRow, before: str | None) -> Iterator[FollowEvent]:
        if self.seen_ids.add(problem.id or f"\0{before} {problem.problem}"):
            self.page_has_new_lines = self.page_has_new_lines or problem.id is not None
            yield LogNotice(f"a line could not be read: {problem.problem}")


def _parts(
    listing: Listing[LogLine],
) -> Iterator[tuple[Sequence[LogLine], Sequence[bytes], BadRow | None]]:
    """The good rows in parts that are quickly worked on, with the bad row that follows each."""
    start = 0
    for count, bad in enumerate((*listing.bad_rows, None)):
        end = len(listing.items) if bad is None else bad.index - count
        for cut in range(start, end, _PART):
            piece = slice(cut, min(cut + _PART, end))
            yield listing.items[piece], listing.raw[piece], None
        if bad is not None:
            yield (), (), bad
        start = end
