"""Bookmarks of a log, which all its views share: set at the cursor, and gone to in a circle."""

from bisect import bisect_left, bisect_right

from nodion_tui.ui.log.viewport.viewport import LogViewport


def toggle_bookmark(viewport: LogViewport) -> None:
    """Mark the entry under the cursor, or no longer; a view that follows has it at the end."""
    if len(viewport.entries):
        viewport.buffer.bookmarks.symmetric_difference_update({viewport.cursor})


def next_bookmark(viewport: LogViewport, *, back: bool) -> int | None:
    """The next or previous marked entry, around the end; None if nothing is marked."""
    bookmarks = sorted(viewport.buffer.bookmarks)
    if not bookmarks:
        return None
    find, step = (bisect_left, -1) if back else (bisect_right, 0)
    return bookmarks[(find(bookmarks, viewport.cursor) + step) % len(bookmarks)]
