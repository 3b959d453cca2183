import asyncio
import threading
import time
from collections.abc import Awaitable, Sequence
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nodion_tui.model.log_line import LogLine
from nodion_tui.monitor.log.buffer import EntryKind
from nodion_tui.monitor.log.search.log_search import LogSearch, SearchState
from nodion_tui.monitor.log.search.query import PatternTooSlow, SearchQuery
from nodion_tui.monitor.log.search.scan import scan_segment
from nodion_tui.monitor.log.segment import LogSegment
from nodion_tui.monitor.log.session import LogSession
from tests.support.filled_session import FilledSession, until
from tests.support.running import running

if TYPE_CHECKING:
    from array import array


def queries(*texts: str) -> list[SearchQuery]:
    return [SearchQuery(text) for text in texts]


async def done(search: LogSearch) -> None:
    await until(search, lambda: search.state.done)


async def test_finds_in_existing_and_new_lines() -> None:
    session = FilledSession()
    session.write("one error", "fine")
    search = LogSearch(session, queries("error"))
    async with running(search):
        await done(search)
        assert list(search.hits) == [0]
        session.write("fine", "error again")
        session.buffer.append_marker(EntryKind.LOST, "error in a mark")
        session.write("ERROR")
        await until(search, lambda: search.state.count == 3)
    assert list(search.hits) == [0, 3, 5]
    assert search.state == SearchState(count=3, searched=6, done=True)


async def test_next_and_previous_wrap_around() -> None:
    session = FilledSession()
    session.write("x", "hit", "x", "hit", "x")
    search = LogSearch(session, queries("hit"), start=2)
    assert (search.nearest_hit, search.next_hit(0), search.previous_hit(0)) == (None, None, None)
    async with running(search):
        await done(search)
    assert search.nearest_hit == 3
    assert [search.next_hit(index) for index in range(5)] == [1, 3, 3, 1, 1]
    assert [search.previous_hit(index) for index in range(5)] == [3, 3, 1, 1, 3]
    assert [search.hit_number(index) for index in range(5)] == [0, 1, 1, 2, 2]
    assert [search.is_hit(index) for index in range(5)] == [False, True, False, True, False]


async def test_the_first_hit_may_be_before_the_start() -> None:
    session = FilledSession()
    session.write("hit", "hit", "x", "x")
    search = LogSearch(session, queries("hit"), start=3)
    async with running(search):
        await done(search)
    assert search.nearest_hit == 1


async def test_the_nearest_segments_are_searched_first(monkeypatch: pytest.MonkeyPatch) -> None:
    taken: list[int] = []

    def scan(segment: LogSegment, *options: Any) -> "array[int]":
        taken.append(segment.first)
        return scan_segment(segment, *options)

    monkeypatch.setattr("nodion_tui.monitor.log.search.log_search.scan_segment", scan)
    session = FilledSession(max_bytes=2**19)
    session.write(*(f"{n:04} hit {'x' * 40}" for n in range(4000)))
    search = LogSearch(session, queries("hit"), start=2500)
    async with running(search):
        await done(search)
    assert taken == [2000, 3000, 1000, 0]
    assert list(search.hits) == list(range(4000))


async def test_the_first_hit_is_told_without_waiting_for_the_next_update() -> None:
    session = FilledSession()
    session.write("fine")
    search = LogSearch(session, queries("hit"), per_second=0.001)
    async with running(search):
        await until(search, lambda: search.state.searched == 1)
        session.write("hit")
        await until(search, lambda: search.state.count == 1)


async def test_a_slow_pattern_tells_what_it_has_found(monkeypatch: pytest.MonkeyPatch) -> None:
    go_on = threading.Event()

    def scan(segment: LogSegment, *options: Any) -> "array[int]":
        if segment.first:
            go_on.wait(60)
        return scan_segment(segment, *options)

    monkeypatch.setattr("nodion_tui.monitor.log.search.log_search.scan_segment", scan)
    monkeypatch.setattr("nodion_tui.monitor.log.search.log_search._TELL_SECONDS", 0)
    session = FilledSession(max_bytes=2**20)
    session.write("hit", *("x" * 60 for _ in range(2000)))
    search = LogSearch(session, queries("hit"))
    try:
        async with running(search):
            await until(search, lambda: search.state.count == 1)
            assert not search.state.done
            go_on.set()
            await done(search)
    finally:
        go_on.set()


async def test_a_search_within_a_search() -> None:
    session = FilledSession()
    session.write("GET /a 200", "GET /b 500", "POST /b 500", "GET /c 500")
    inside = LogSearch(session, queries("GET", "!/c", "500"))
    async with running(inside):
        await done(inside)
    assert list(inside.hits) == [1]


async def test_matches_only_with_context() -> None:
    session = FilledSession()
    session.write(*"xxxhxxxxxxhx")
    search = LogSearch(session, queries("h"), start=6)
    async with running(search):
        await done(search)
        assert indexes(search, 0) == [3, 10]
        assert indexes(search, 2) == [1, 2, 3, 4, 5, 8, 9, 10, 11]
        session.write("x", "x", "h")
        await until(search, lambda: search.state.count == 3)
        assert indexes(search, 2) == [1, 2, 3, 4, 5, 8, 9, 10, 11, 12, 13, 14]
        assert indexes(search, 1) == [2, 3, 4, 9, 10, 11, 13, 14]


def indexes(search: LogSearch, context: int) -> list[int]:
    rows = search.rows(context)
    return [rows.index(row) for row in range(len(rows))]


async def test_a_pattern_that_hangs_ends_the_search_with_an_error(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("nodion_tui.monitor.log.search.scan.SEGMENT_TIMEOUT_SECONDS", 0.1)
    session = FilledSession()
    session.write("fine", "a" * 60 + "b")
    search = LogSearch(session, queries("(a|a)+$"))
    ticks = 0
    async with running(search) as task, asyncio.timeout(10):
        while not task.done():
            await asyncio.sleep(0.001)
            ticks += 1
    assert isinstance(search.state.error, PatternTooSlow)
    assert ticks > 20


async def test_a_cancelled_search_stops_and_can_resume() -> None:
    session = FilledSession(max_bytes=2**22)
    session.write(*("a" * 40 + str(n) for n in range(20_000)))
    search = LogSearch(session, queries(r"1\Z"))
    async with running(search):
        await until(search, lambda: search.state.searched > 0)
    async with running(search):
        await done(search)
    assert len(search.hits) == 2000


async def test_hits_in_dropped_segments_are_removed_and_restored() -> None:
    session = FilledSession(max_bytes=2**18)
    lines = [f"{n:040} hit" for n in range(9000)]
    search = LogSearch(session, queries("hit"))
    async with running(search):
        for start in range(0, 9000, 750):
            session.write(*lines[start : start + 750])
            await until(search, lambda: up_to_date(search, session))
        assert session.buffer.first_retained > 1000
        missing = session.buffer.dropped_segment()
        assert missing is not None
        span = range(missing.first, missing.stop)
        assert session.buffer.restore(missing, [LogLine(str(n), lines[n]) for n in span])
        session.tell()
        await until(search, lambda: up_to_date(search, session))
        assert search.hits[0] == missing.first


def up_to_date(search: LogSearch, session: LogSession) -> bool:
    buffer = session.buffer
    return list(search.hits) == list(range(buffer.first_retained, buffer.end))


BATCHES = st.lists(
    st.lists(st.sampled_from(["a", "b", "ab", "A", ""]), min_size=1, max_size=30), max_size=8
)


@settings(max_examples=40, deadline=None)
@given(BATCHES, st.sampled_from(["a", "!a", "A", "^$", "b$"]), st.integers(0, 60))
def test_it_finds_the_same_hits_as_a_list(
    batches: Sequence[Sequence[str]], text: str, start: int
) -> None:
    run(grow_and_compare(batches, text, start))


def run(work: Awaitable[None]) -> None:
    async def main() -> None:
        await work

    asyncio.run(main())


async def grow_and_compare(batches: Sequence[Sequence[str]], text: str, start: int) -> None:
    session = FilledSession()
    search = LogSearch(session, queries(text), start=start, per_second=10_000)
    (matcher,) = search.matchers
    bodies: list[str] = []
    async with running(search):
        for batch in batches:
            session.write(*batch)
            bodies += batch
            await until(
                search, lambda: search.state.done and search.state.searched == session.buffer.end
            )
            assert list(search.hits) == [
                n for n, body in enumerate(bodies) if matcher.matches(body) is not matcher.negated
            ]


@pytest.mark.parametrize("text", ["rare", r"rar\w"])
async def test_the_loop_stays_live_while_a_large_log_is_searched(text: str) -> None:
    session = FilledSession(max_bytes=2**26)
    for _ in range(200):
        session.write(*["some line of a log that says nothing of interest to anybody"] * 1000)
    session.write("a rare thing")
    search = LogSearch(session, queries(text))
    longest, last = 0.0, time.monotonic()
    async with running(search):
        while not search.state.done:
            await asyncio.sleep(0)
            longest, last = max(longest, time.monotonic() - last), time.monotonic()
    assert list(search.hits) == [200_000]
    assert threading.current_thread() is threading.main_thread()
    assert longest < 0.5
