"""Keys that go to bookmarks and errors, and that expand, fold and fetch lines."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial, partialmethod

from nodion_tui.model.errors import NodionError
from nodion_tui.monitor.log.buffer import EntryKind
from nodion_tui.monitor.log.search.error_jumps import next_error, previous_error
from nodion_tui.ui.log.actions.context import ActionContext
from nodion_tui.ui.log.actions.loaded import loaded
from nodion_tui.ui.log.actions.steady import steady
from nodion_tui.ui.log.open_log import OpenLog
from nodion_tui.ui.log.render import line_forms as forms
from nodion_tui.ui.log.viewport.bookmarks import next_bookmark, toggle_bookmark


@dataclass(frozen=True, slots=True, kw_only=True)
class LogJumpActions:
    """Actions on single lines."""

    context: ActionContext
    show_error: Callable[[NodionError], None]
    open_entry: Callable[[OpenLog], None] | None = None
    """What Enter does on a line instead of expanding or folding it."""
    _jumping: asyncio.Lock = field(init=False, default_factory=asyncio.Lock)
    """Serializes jumps: each starts where the previous one ended."""

    def action_log_first(self, log: OpenLog) -> None:
        """Go to the first line; if already there, fetch dropped older lines."""
        viewport = log.viewport
        if not len(viewport.entries):
            return
        if (
            viewport.cursor <= viewport.buffer.first
            and viewport.buffer.dropped_segment() is not None
        ):
            self._fetch_older(log, 0)
        viewport.to_start()
        self.context.moved()

    def action_log_mark(self, log: OpenLog) -> None:
        """Toggle a bookmark on the cursor's line."""
        toggle_bookmark(log.viewport)
        self.context.moved()

    def action_log_open_line(self, log: OpenLog) -> None:
        """Expand a structured line, fold what a line belongs to, or fetch dropped lines."""
        viewport = log.viewport
        if not len(viewport.entries):
            return
        if self.open_entry is not None:
            self.open_entry(log)
            return
        index = viewport.cursor
        entry = viewport.buffer.entry(index)
        if entry.kind is EntryKind.DROPPED:
            self._fetch_older(log, index)
        elif entry.kind is EntryKind.LINE:
            is_expandable = forms.is_expandable(entry.body)
            if not viewport.toggle_fold(index, expandable=is_expandable):
                if not is_expandable:
                    self.context.show_message("this line cannot be expanded")
                    return
                viewport.toggle_expanded(index)
        self.context.moved()

    def _to_mark(self, log: OpenLog, *, back: bool) -> None:
        """Go to the next or previous bookmark, wrapping around the end."""
        index = next_bookmark(log.viewport, back=back)
        if index is None:
            self.context.show_message("no bookmarks: m sets one")
            return
        log.viewport.go_to(index)
        self.context.moved()

    def to_first_error(self, log: OpenLog) -> None:
        """Go to the first error, as soon as the existing lines have been read."""
        self.context.start(self._jump_to_first_error, log, "log-first-error")

    def _to_error(self, log: OpenLog, *, back: bool) -> None:
        work = partial(self._jump_to_error, back=back)
        self.context.start(work, log, "log-jump", exclusive=False)

    action_log_next_mark = partialmethod(_to_mark, back=False)
    action_log_previous_mark = partialmethod(_to_mark, back=True)
    action_log_next_error = partialmethod(_to_error, back=False)
    action_log_previous_error = partialmethod(_to_error, back=True)

    async def _jump_to_error(self, log: OpenLog, *, back: bool) -> None:
        find, viewport = previous_error if back else next_error, log.viewport
        buffer = viewport.buffer
        async with self._jumping:
            find = partial(find, patterns=log.session.patterns)
            index, message = await steady(viewport, lambda: find(buffer, viewport.cursor)), ""
            if not self.context.is_shown(log):
                return
            if index is None:
                index = await steady(viewport, lambda: find(buffer, buffer.end if back else -1))
                if index is None or not self.context.is_shown(log):
                    self.context.show_message("no error in this log")
                    return
                message = "continued at the end" if back else "continued at the start"
            viewport.unfold(index)
            viewport.go_to(index)
            self.context.moved()
            self.context.show_message(message)  # Empty: that of the jump before goes.

    async def _jump_to_first_error(self, log: OpenLog) -> None:
        await loaded(log.session)
        buffer, patterns = log.viewport.buffer, log.session.patterns
        index = await next_error(buffer, buffer.first - 1, patterns, errors_only=True)
        if index is not None and self.context.is_shown(log):
            log.viewport.hold_at_start = False
            log.viewport.unfold(index)
            log.viewport.go_to(index)
            self.context.moved()

    def _fetch_older(self, log: OpenLog, index: int) -> None:
        self.context.start(partial(self._fetch, index=index), log, "log-older")

    async def _fetch(self, log: OpenLog, *, index: int) -> None:
        self.context.show_message("fetching …")
        try:
            fetched = await log.session.fetch_older(index)
        except NodionError as error:
            self.show_error(error)
            return
        self.context.show_message("fetched" if fetched else "the service no longer has these lines")
        if index == 0 and self.context.is_shown(log):
            log.viewport.to_start()
        self.context.moved()
