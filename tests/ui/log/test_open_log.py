import gc
import weakref

import pytest
from msgspec.structs import replace

from nodion_tui.monitor.log.search.query import SearchQuery
from nodion_tui.monitor.log.state import LogPhase
from nodion_tui.ui.log.open_log import LogViews
from nodion_tui.ui.log.render.display_options import DisplayOptions
from tests.support.filled_session import FilledSession


async def test_a_log_opened_again_has_its_position_and_bookmarks() -> None:
    session, views = FilledSession(), LogViews()
    session.write(*(f"line {n}" for n in range(100)))
    log = views.open(session, None, DisplayOptions())
    log.viewport.set_size(40, 10)
    log.viewport.go_to(30)
    log.viewport.buffer.bookmarks.add(30)
    log.close()
    again = views.open(session, None, DisplayOptions(wrap=True))
    assert again.viewport.cursor == 30
    assert again.viewport.options.wrap
    assert again.viewport.buffer.bookmarks == {30}


async def test_closing_ends_the_search_and_shows_all_lines() -> None:
    session = FilledSession()
    session.write("one", "two")
    log = LogViews().open(session, None, DisplayOptions())
    log.navigator.start((SearchQuery("two"),))
    log.navigator.toggle_only_matches()
    log.annotations.matcher = log.navigator.match_spans
    assert len(log.viewport.entries) == 0, "nothing is found before the search has run"
    log.close()
    assert len(log.viewport.entries) == 2
    assert log.navigator.search is None
    assert log.annotations.matcher is None


def test_a_log_that_is_closed_and_forgotten_is_freed_without_a_collection() -> None:
    session, views = FilledSession(), LogViews()
    log = views.open(session, None, DisplayOptions())
    log.navigator.start((SearchQuery("two"),))
    log.annotations.matcher = log.navigator.match_spans
    log.close()
    freed = weakref.ref(session), weakref.ref(log.viewport)
    gc.disable()
    try:
        del session, log
        assert [reference() for reference in freed] == [None, None]
    finally:
        gc.enable()


@pytest.mark.parametrize(
    ("phase", "seconds", "top"),
    [(LogPhase.LIVE, 60.0, 90), (LogPhase.ENDED, 0.0, 90), (LogPhase.ENDED, 60.0, 0)],
)
async def test_existing_lines_load_at_the_start_and_a_slow_finished_log_stays_there(
    phase: LogPhase, seconds: float, top: int
) -> None:
    session = FilledSession()
    log = LogViews().open(session, None, DisplayOptions())
    log.viewport.set_size(40, 10)
    session.write(*(f"line {n}" for n in range(100)))
    log.sync()
    assert log.viewport.visible_rows()[0].index == 0
    session.state = replace(session.state, phase=phase)
    log.opened_at -= seconds
    log.sync()
    assert log.viewport.visible_rows()[0].index == top
