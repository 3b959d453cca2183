"""Log pane: keys for errors, bookmarks, and expanding lines."""

import asyncio
from bisect import bisect_left, bisect_right

from textual import work

from nodion_tui.model.errors import NodionError
from nodion_tui.monitor.log.buffer import EntryKind
from nodion_tui.monitor.log.search.error_jumps import next_error, previous_error
from nodion_tui.ui.log.pane_navigation import LogNavigation
from nodion_tui.ui.log.render import line_forms as forms
from nodion_tui.ui.session.error_text import toast


class LogJumpActions(LogNavigation):
    """Actions on single lines: bookmarks, errors, expanding and folding."""

    _jumping: asyncio.Lock
    """Serializes jumps: each starts where the previous one ended."""

    def action_log_first(self) -> None:
        """Go to the first line; if already there, fetch dropped older lines."""
        viewport = self.viewport
        if viewport is None or not len(viewport.entries):
            return
        if (
            viewport.cursor <= viewport.buffer.first
            and viewport.buffer.dropped_segment() is not None
        ):
            self._fetch_older(0)
        super().action_log_first()

    def action_log_mark(self) -> None:
        """Toggle a bookmark on the cursor's line."""
        if self.viewport is not None and len(self.viewport.entries):
            self.view.annotations.bookmarks ^= {self.viewport.cursor}
            self.view.announce_move()

    def action_log_next_mark(self) -> None:
        """Go to the next bookmark, wrapping around the end."""
        self._to_mark(back=False)

    def action_log_previous_mark(self) -> None:
        """Go to the previous bookmark, wrapping around the start."""
        self._to_mark(back=True)

    def action_log_next_error(self) -> None:
        """Go to the next error line."""
        self._to_error(back=False)

    def action_log_previous_error(self) -> None:
        """Go to the previous error line."""
        self._to_error(back=True)

    def action_log_open_line(self) -> None:
        """Expand a structured line, fold a traceback, or fetch dropped lines."""
        viewport = self.viewport
        if viewport is None or not len(viewport.entries):
            return
        index = viewport.cursor
        entry = viewport.buffer.entry(index)
        if entry.kind is EntryKind.DROPPED:
            self._fetch_older(index)
        elif entry.kind is EntryKind.LINE and not viewport.toggle_fold(index):
            if not forms.is_expandable(entry.body):
                self.show_message("this line cannot be expanded")
                return
            viewport.toggle_expanded(index)
        self.view.announce_move()

    def _to_mark(self, *, back: bool) -> None:
        viewport = self.viewport
        bookmarks = sorted(self.view.annotations.bookmarks)
        if viewport is None or not bookmarks:
            self.show_message("no bookmarks: m sets one")
            return
        find, step = (bisect_left, -1) if back else (bisect_right, 0)
        position = find(bookmarks, viewport.cursor) + step
        viewport.go_to(bookmarks[position % len(bookmarks)])
        self.view.announce_move()

    @work(group="log-jump", exit_on_error=False)
    async def _to_error(self, *, back: bool) -> None:
        async with self._jumping:
            await self._jump_to_error(back=back)

    async def _jump_to_error(self, *, back: bool) -> None:
        viewport = self.viewport
        if viewport is None:
            return
        find = previous_error if back else next_error
        index = await find(viewport.buffer, viewport.cursor)
        if viewport is not self.viewport:
            return
        if index is None:
            self.show_message("no error above" if back else "no error below")
            return
        viewport.unfold(index)
        viewport.go_to(index)
        self.view.announce_move()

    @work(group="log-older", exclusive=True, exit_on_error=False)
    async def _fetch_older(self, index: int) -> None:
        session, viewport = self.session, self.viewport
        if session is None or viewport is None:
            return
        self.show_message("fetching …")
        try:
            fetched = await session.fetch_older(index)
        except NodionError as error:
            toast(self.app, error)
            return
        self.show_message("fetched" if fetched else "the service no longer has these lines")
        if index == 0 and viewport is self.viewport:
            viewport.to_start()
        self.view.announce_move()
