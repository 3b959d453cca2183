"""The keys that go to places in a log, mark them, and open what a line holds."""

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
    """Jumps are made one after the other, each from where the last one went."""

    def action_log_first(self) -> None:
        """To the first line; where it was dropped, once more fetches it again."""
        reader = self.reader
        if reader is None or not len(reader.shown):
            return
        if reader.cursor <= reader.buffer.first and reader.buffer.dropped_segment() is not None:
            self._fetch_older(0)
        super().action_log_first()

    def action_log_mark(self) -> None:
        """Set a mark on the cursor's line, or take it away."""
        if self.reader is not None and len(self.reader.shown):
            self.view.annotations.bookmarks ^= {self.reader.cursor}
            self.view.moved()

    def action_log_next_mark(self) -> None:
        """To the next mark, around the end."""
        self._to_mark(back=False)

    def action_log_previous_mark(self) -> None:
        """To the mark before, around the start."""
        self._to_mark(back=True)

    def action_log_next_error(self) -> None:
        """To the next line that is an error."""
        self._to_error(back=False)

    def action_log_previous_error(self) -> None:
        """To the last error before."""
        self._to_error(back=True)

    def action_log_open_line(self) -> None:
        """Expand a structured line, fold a traceback, or fetch what was dropped."""
        reader = self.reader
        if reader is None or not len(reader.shown):
            return
        index = reader.cursor
        entry = reader.buffer.entry(index)
        if entry.kind is EntryKind.DROPPED:
            self._fetch_older(index)
        elif entry.kind is EntryKind.LINE and not reader.toggle_fold(index):
            if not forms.has_more(entry.body):
                self.show_message("nothing more in this line")
                return
            reader.toggle_whole(index)
        self.view.moved()

    def _to_mark(self, *, back: bool) -> None:
        reader = self.reader
        marks = sorted(self.view.annotations.bookmarks)
        if reader is None or not marks:
            self.show_message("no marks: m sets one")
            return
        find, step = (bisect_left, -1) if back else (bisect_right, 0)
        place = find(marks, reader.cursor) + step
        reader.go(marks[place % len(marks)])
        self.view.moved()

    @work(group="log-jump", exit_on_error=False)
    async def _to_error(self, *, back: bool) -> None:
        async with self._jumping:
            await self._jump_to_error(back=back)

    async def _jump_to_error(self, *, back: bool) -> None:
        reader = self.reader
        if reader is None:
            return
        find = previous_error if back else next_error
        index = await find(reader.buffer, reader.cursor)
        if reader is not self.reader:
            return
        if index is None:
            self.show_message("no error above" if back else "no error below")
            return
        reader.unfold(index)
        reader.go(index)
        self.view.moved()

    @work(group="log-older", exclusive=True, exit_on_error=False)
    async def _fetch_older(self, index: int) -> None:
        session, reader = self.session, self.reader
        if session is None or reader is None:
            return
        self.show_message("fetching …")
        try:
            fetched = await session.fetch_older(index)
        except NodionError as error:
            toast(self.app, error)
            return
        self.show_message("fetched" if fetched else "the service has these lines no more")
        if index == 0 and reader is self.reader:
            reader.to_start()
        self.view.moved()
