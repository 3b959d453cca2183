"""The keys that look for something in a log."""

from collections.abc import Callable
from weakref import ref

from textual import on, work
from textual.message import Message
from textual.timer import Timer

from nodion_tui.model.errors import NodionError
from nodion_tui.monitor.log.search.log_search import LogSearch
from nodion_tui.monitor.log.search.query import InvalidPattern, SearchQuery
from nodion_tui.ui.log.pane_navigation import LogNavigation
from nodion_tui.ui.log.search_bar import LogSearchBar
from nodion_tui.ui.log.search_state import SearchState
from nodion_tui.ui.session.error_text import full_text
from nodion_tui.ui.terminal.weak_worker import run_weakly

_TYPING = 0.12
"""Seconds after a key before what is typed is looked for."""


class LogSearchActions(LogNavigation):
    """Actions that find and filter."""

    class SearchUpdated(Message):
        """The search has brought something new."""

        def can_replace(self, message: Message) -> bool:
            """One of several in a row is enough."""
            return isinstance(message, LogSearchActions.SearchUpdated)

    bar: LogSearchBar
    """Where a pattern is typed."""
    search_state: SearchState | None = None
    """What is looked for in the log that is shown."""
    _typing: Timer | None = None
    _unsearch: Callable[[], None] | None = None
    _before: "tuple[SearchQuery, ...]" = ()
    """What was looked for before the bar was opened."""
    _base: "tuple[SearchQuery, ...]" = ()
    """What the pattern in the bar is looked for inside of."""

    def action_log_search(self) -> None:
        """Type a pattern; where only matches are shown, one inside the other."""
        if self.search_state is None or self.reader is None:
            return
        self._before, self._base = self.search_state.queries, self.search_state.kept
        self.reader.remember()
        inside = "".join(f"/{query.text} " for query in self._base)
        self.bar.open(f"{inside}/")

    def action_log_next_match(self) -> None:
        """To the next match."""
        self._step(back=False)

    def action_log_previous_match(self) -> None:
        """To the match before."""
        self._step(back=True)

    def action_log_only(self) -> None:
        """Show matches only, or all lines again; without a search, type one first."""
        if self.search_state is None:
            return
        if self.search_state.search is None:
            self.action_log_search()
            self.search_state.only = True
        else:
            self.search_state.toggle_only()
            self.redraw()

    def action_log_less_context(self) -> None:
        """A line less around each match."""
        self._widen(-1)

    def action_log_more_context(self) -> None:
        """A line more around each match."""
        self._widen(1)

    def redraw(self) -> None:
        """Something else is shown: paint it and tell. The pane says how."""
        raise NotImplementedError

    def end_search(self) -> bool:
        """Give up one level of what is looked for; False if nothing was."""
        finder = self.search_state
        if finder is None or finder.search is None:
            return False
        if finder.only and len(finder.queries) > 1:
            self._look(finder.queries[:-1])
        elif finder.only:
            finder.toggle_only()
        else:
            self._look(())
        self.redraw()
        return True

    def drop_search(self) -> None:
        """Stop looking; another log comes."""
        if self._unsearch is not None:
            self._unsearch()
            self._unsearch = None
        self.workers.cancel_group(self, "log-search")
        if self.search_state is not None and self.reader is not None:
            self.reader.shown.pick(None)
        # The marks of a log are kept as long as it is, and would keep it by what is looked for.
        self.view.annotations.matcher = self.search_state = None
        self.bar.close()

    @on(LogSearchBar.Changed)
    def _typed(self, event: LogSearchBar.Changed) -> None:
        event.stop()
        if self._typing is not None:
            self._typing.stop()
        if self.bar.is_open:  # what was typed last may be told after it was settled
            self._typing = self.set_timer(_TYPING, lambda: self._try(event.pattern))

    @on(LogSearchBar.Submitted)
    def _settled(self, event: LogSearchBar.Submitted) -> None:
        event.stop()
        if self._typing is not None:
            self._typing.stop()
        if self._try(event.pattern) or not event.pattern:
            self.bar.close()
            self.view.focus()

    @on(LogSearchBar.Cancelled)
    def _given_up(self, event: LogSearchBar.Cancelled) -> None:
        event.stop()
        if self._typing is not None:
            self._typing.stop()
        self.bar.close()
        self.view.focus()
        if self.search_state is not None:
            if self.search_state.queries != self._before:
                self._look(self._before)
            self.search_state.only = self.search_state.only and bool(self._before)
        if self.reader is not None:
            self.reader.recall()
        self.redraw()

    def _try(self, pattern: str) -> bool:
        """Look for what is typed; True if it can be looked for."""
        if self.search_state is None:
            return False
        wanted = (*self._base, SearchQuery(pattern)) if pattern else self._base
        try:
            if wanted != self.search_state.queries:
                if self.reader is not None:
                    self.reader.recall()
                self._look(wanted)
        except InvalidPattern as error:
            self._wrong(error)
            return False
        self._found()
        return True

    def _look(self, queries: "tuple[SearchQuery, ...]") -> None:
        if self.search_state is None:
            return
        search = self.search_state.look_for(queries)
        if self._unsearch is not None:
            self._unsearch()
            self._unsearch = None
        self.workers.cancel_group(self, "log-search")
        self.view.annotations.matcher = self.search_state.spans if search else None
        if search is not None:
            self._unsearch = search.subscribe(self._told_of_search)
            self._search(ref(search))

    @work(group="log-search", exclusive=True, exit_on_error=False)
    async def _search(self, search: ref[LogSearch]) -> None:
        await run_weakly(search)

    def _told_of_search(self) -> None:
        self.post_message(self.SearchUpdated())

    @on(SearchUpdated)
    def _found(self) -> None:
        finder = self.search_state
        if finder is None:
            return
        finder.take_in()
        if finder.search is not None and finder.search.state.error is not None:
            self._wrong(finder.search.state.error)
        else:
            self.bar.say(finder.counted())
        self.redraw()

    def _wrong(self, error: NodionError) -> None:
        if self.bar.is_open:
            self.bar.say(error.detail or error.title, wrong=True)
        else:
            self.notify(full_text(error), severity="warning", markup=False)

    def _step(self, *, back: bool) -> None:
        if self.search_state is not None:
            self.search_state.step(back=back)
            self.view.moved()

    def _widen(self, lines: int) -> None:
        if self.search_state is not None and self.search_state.only:
            self.search_state.widen(lines)
            self.redraw()
