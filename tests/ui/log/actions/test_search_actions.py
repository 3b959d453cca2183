from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from nodion_tui.monitor.log.search.query import InvalidPattern, SearchQuery
from nodion_tui.ui.log.actions.pattern_edit import PatternEdit
from nodion_tui.ui.log.actions.running_search import RunningSearch
from nodion_tui.ui.log.actions.search_actions import LogSearchActions
from tests.support.filled_session import until
from tests.support.log_desk import LogDesk

if TYPE_CHECKING:
    from nodion_tui.model.errors import NodionError

BODIES = [f"ERROR number {n}" if n % 20 == 5 else f"line {n}" for n in range(100)]


class Search:
    """The controller of a log, with a search bar."""

    def __init__(self, desk: LogDesk) -> None:
        self.desk, self.log = desk, desk.log
        self.edit: PatternEdit | None = None
        self.counts: list[str] = []
        self.errors: list[NodionError] = []
        self.redraws = self.early_paints = 0
        self.focused = 0
        running = RunningSearch(
            show_count=self.counts.append,
            show_error=self.errors.append,
            redraw=self._redraw,
            paint_early=self._paint_early,
            start_worker=desk.start_worker,
            stop_workers=desk.stop_workers,
            call_later=self._call,
        )
        self.keys = LogSearchActions(
            search=running,
            open_bar=self._open,
            close_bar=self._close,
            focus_log=self._focus,
            moved=desk.moved,
        )

    def opened(self) -> PatternEdit:
        """Open the search bar."""
        self.keys.action_log_search(self.log)
        assert self.edit is not None
        return self.edit

    async def searched(self, pattern: str) -> None:
        """Enter a pattern and wait for all results."""
        self.opened().submitted(SearchQuery(pattern))
        await self.done()

    async def done(self) -> None:
        """Wait for all results of the current search."""
        search = self.log.navigator.search
        assert search is not None
        await until(search, lambda: search.state.done)

    @property
    def shown(self) -> int:
        """Number of lines that are shown."""
        return len(self.log.viewport.entries)

    def _open(self, edit: PatternEdit) -> None:
        self.edit = edit

    def _close(self) -> None:
        self.edit = None

    def _focus(self) -> None:
        self.focused += 1

    def _redraw(self) -> None:
        self.redraws += 1

    def _paint_early(self) -> None:
        self.early_paints += 1

    def _call(self, function: Callable[[], None]) -> None:
        function()


@pytest.fixture
async def search() -> Search:
    desk = LogDesk(*BODIES)
    desk.log.viewport.go_to(50)
    return Search(desk)


async def test_a_search_goes_to_the_nearest_match_and_leaves_the_bar(search: Search) -> None:
    await search.searched("error")
    assert search.log.viewport.cursor == 65
    assert search.counts[-1] == "4 of 5"
    assert (search.edit, search.focused) == (None, 1)
    search.keys.action_log_next_match(search.log)
    search.keys.action_log_next_match(search.log)
    assert search.log.viewport.cursor == 5
    search.keys.action_log_previous_match(search.log)
    assert search.log.viewport.cursor == 85


async def test_only_the_first_match_is_painted_without_waiting_for_a_frame(search: Search) -> None:
    await search.searched("nowhere")
    assert search.early_paints == 0
    await search.searched("error")
    search.desk.session.write("another error")
    found = search.log.navigator.search
    assert found is not None
    await until(found, lambda: found.state.count == 6)
    assert search.early_paints == 1


async def test_escape_returns_to_the_position_and_the_search_before(search: Search) -> None:
    await search.searched("error")
    edit = search.opened()
    edit.typed(SearchQuery("line 3"))
    await search.done()
    assert search.log.viewport.cursor != 65
    edit.cancelled()
    assert search.log.viewport.cursor == 65
    assert [query.text for query in search.log.navigator.queries] == ["error"]


async def test_each_pattern_is_searched_from_where_the_bar_was_opened(search: Search) -> None:
    edit = search.opened()
    for pattern, cursor in (("line 9", 90), ("line 52", 52)):
        edit.typed(SearchQuery(pattern))
        await search.done()
        assert search.log.viewport.cursor == cursor


async def test_a_bad_pattern_is_told_and_keeps_the_bar_open(search: Search) -> None:
    search.opened().submitted(SearchQuery("(oops"))
    assert search.edit is not None
    assert [type(error) for error in search.errors] == [InvalidPattern]
    assert search.log.viewport.cursor == 50


async def test_matches_only_are_narrowed_and_left_level_by_level(search: Search) -> None:
    await search.searched("error")
    search.keys.action_log_only(search.log)
    assert search.shown == 5
    edit = search.opened()
    assert edit.narrowed == "/error "
    edit.submitted(SearchQuery("[68]5"))
    await search.done()
    assert search.shown == 2
    assert search.keys.end_search(search.log)
    await search.done()
    assert search.shown == 5
    assert search.keys.end_search(search.log)
    assert search.shown == 100
    assert search.keys.end_search(search.log)
    assert not search.keys.end_search(search.log)


async def test_matches_only_without_a_search_asks_for_one(search: Search) -> None:
    search.keys.action_log_only(search.log)
    assert search.edit is not None
    search.edit.submitted(SearchQuery("error"))
    await search.done()
    assert search.shown == 5
    search.keys.action_log_more_context(search.log)
    assert search.shown == 15
    search.keys.action_log_less_context(search.log)
    assert search.shown == 5


async def test_context_is_not_changed_where_all_lines_are_shown(search: Search) -> None:
    await search.searched("error")
    search.keys.action_log_more_context(search.log)
    assert search.log.navigator.context == 0


async def test_results_after_the_log_was_closed_filter_nothing(search: Search) -> None:
    await search.searched("error")
    search.keys.action_log_only(search.log)
    late = search.keys.search.show_results
    search.keys.close()
    search.log.close()
    cursor = search.log.viewport.cursor
    late(search.log)
    assert search.shown == 100
    assert search.log.viewport.cursor == cursor
    assert search.log.annotations.matcher is None
