"""Many logs in one: every line once, each run's in order, late ones where they belong."""

import asyncio
import random
from collections.abc import Iterable
from datetime import timedelta
from types import SimpleNamespace

import pytest

from nodion_tui.api.http.decode_turns import DecodeTurns
from nodion_tui.model.line_pattern import LinePattern
from nodion_tui.model.runner import unknown_runner
from nodion_tui.monitor.insight.pauses import long_pauses
from nodion_tui.monitor.log.moments.line_times import first_line_from
from nodion_tui.monitor.log.patterns.pattern_book import PatternBook
from nodion_tui.monitor.log.plain_text import format_log
from nodion_tui.monitor.log.search.error_jumps import next_error, previous_error
from nodion_tui.monitor.log.search.log_search import LogSearch
from nodion_tui.monitor.log.search.query import SearchQuery
from nodion_tui.monitor.log.shown_log import Renumbering
from nodion_tui.monitor.log.state import LogPhase, LogState
from nodion_tui.monitor.merged import merged_index, merged_log
from nodion_tui.monitor.merged.merged_log import MergedLog
from nodion_tui.monitor.merged.merged_source import LOAD_PATIENCE
from tests.support.filled_session import until
from tests.support.merged_writers import Merge, Writer
from tests.support.running import running, wait_for_change


def of(name: str, lines: Iterable[str]) -> list[str]:
    return [line for line in lines if line.startswith(f"{name} ")]


def test_lines_are_merged_by_time_once_they_have_waited() -> None:
    merge = Merge("a", "b")
    merge.writers["a"].write(1, 3)
    assert merge.after(0.4) == []
    merge.writers["b"].write(2)
    assert merge.after(0.2) == ["a 0", "b 0", "a 1"]
    assert merge.late == []


def test_no_line_is_counted_before_one_is_placed() -> None:
    merge = Merge("a")
    merge.after(1)
    assert merge.log.state.phase is LogPhase.LIVE
    merge.writers["a"].write(1, 2)
    merge.after(0.4)
    assert (merge.log.state.phase, merge.log.state.lines) == (LogPhase.LOADING, 0)
    merge.after(0.2)
    assert (merge.log.state.phase, merge.log.state.lines) == (LogPhase.LIVE, 2)


def test_a_late_line_goes_where_it_belongs_and_is_marked() -> None:
    merge = Merge("a", "b")
    merge.writers["a"].write(1, 3, 5)
    merge.after(1)
    merge.writers["b"].write(2, 4)
    assert merge.after(1) == ["a 0", "b 0", "a 1", "b 1", "a 2"]
    assert merge.late == ["b 0", "b 1"]
    assert [move(index) for move in merge.moves for index in range(3)] == [0, 2, 4]


def test_history_that_others_did_not_wait_for_is_not_late() -> None:
    merge = Merge("a", "b")
    merge.writers["b"].enter(LogPhase.LOADING)
    merge.writers["a"].write(5, 6)
    assert merge.after(LOAD_PATIENCE + 1) == ["a 0", "a 1"]
    merge.writers["b"].write(1, 2)
    merge.writers["b"].state = LogState(phase=LogPhase.LIVE)  # told with the last page
    merge.writers["b"].write(3)
    merge.after(1)
    merge.writers["b"].write(4)
    assert merge.after(1) == ["b 0", "b 1", "b 2", "b 3", "a 0", "a 1"]
    assert merge.late == ["b 3"]


def test_what_a_run_wrote_before_it_joined_is_not_late() -> None:
    merge = Merge("a")
    merge.writers["a"].write(5)
    merge.after(1)
    joining = Writer("b")
    joining.write(1, 2)
    merge.log.add(joining, "b")
    assert merge.after(1) == ["b 0", "b 1", "a 0"]
    joining.write(3)
    merge.after(1)
    assert merge.late == ["b 2"]


@pytest.mark.parametrize("was_hidden", [False, True])
async def test_what_was_written_while_nobody_read_is_not_late(*, was_hidden: bool) -> None:
    merge = Merge("a", "b")
    merge.writers["a"].write(1)
    merge.after(1)
    if was_hidden:
        merge.log.set_hidden(merge.sources["a"], hidden=True)
    merge.writers["b"].write(9)
    merge.after(1)
    if was_hidden:
        merge.writers["a"].write(2)
        merge.log.set_hidden(merge.sources["a"], hidden=False)
    else:
        reading = asyncio.create_task(merge.log.merge())
        await asyncio.sleep(0)
        reading.cancel()
        merge.writers["a"].write(2)
    merge.after(1)
    assert merge.after(1) == ["a 0", "a 1", "b 0"]
    assert merge.late == []


def test_a_run_s_own_order_stays_whatever_its_times_say() -> None:
    merge = Merge("a", "b")
    merge.writers["a"].write(5, 1, 9)
    merge.writers["b"].write(2, 7)
    assert merge.after(1) == ["b 0", "a 0", "a 1", "b 1", "a 2"]


def test_a_marker_without_a_time_stands_where_it_came() -> None:
    merge = Merge("a", "b")
    merge.writers["a"].write(1)
    merge.writers["b"].write(9)
    merge.after(1)
    merge.writers["a"].mark("reconnecting")
    assert merge.after(1) == ["a 0", "b 0", "reconnecting"]


def test_hidden_runs_come_back_where_they_were() -> None:
    merge = Merge("a", "b")
    merge.writers["a"].write(1, 3, 5)
    merge.writers["b"].write(2, 4, 6)
    before = merge.after(1)
    merge.log.set_hidden(merge.sources["a"], hidden=True)
    assert merge.lines == of("b", before)
    assert [merge.moves[-1](index) for index in range(1, 6, 2)] == [3, 4, 5]
    merge.writers["a"].write(7)
    assert merge.after(1) == of("b", before)
    merge.log.set_hidden(merge.sources["a"], hidden=False)
    merge.now += 1
    assert merge.after(1) == [*before, "a 3"]
    assert merge.late == []


def test_what_a_run_drops_is_gone_but_for_a_line_that_says_so() -> None:
    merge = Merge("a", "b")
    merge.writers["b"].write(*range(0, 4000, 100))
    merge.writers["a"].write(*range(4000), body="x" * 50)
    merge.after(1)
    merge.writers["a"].buffer.max_bytes = 128 * 1024
    lines = merge.after(1)
    dropped = merge.writers["a"].buffer.dropped
    assert dropped > 1000
    assert f"{dropped:,} older lines dropped" in lines
    assert of("a", lines) == merge.writers["a"].written[dropped:]
    assert of("b", lines) == merge.writers["b"].written


@pytest.mark.parametrize("seed", range(12))
def test_whatever_comes_when_every_line_is_there_once_and_in_order(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(merged_index, "BLOCK_ENTRIES", 16)
    monkeypatch.setattr(merged_log, "_PLACED_AT_ONCE", 40)
    rng = random.Random(seed)  # noqa: S311 - for a test
    merge = Merge("a", "b", "c")
    tracked: dict[int, str] = {}

    def renumbered(move: Renumbering) -> None:
        entries = list(tracked.items())
        tracked.clear()
        tracked.update((move(index), text) for index, text in entries if not move.is_removed(index))

    merge.log.subscribe_renumbering(renumbered)
    clock = 0.0
    for _ in range(60):
        clock += rng.random()
        writer = rng.choice(list(merge.writers.values()))
        lag = rng.choice([0.0, 0.0, 3.0])
        writer.write(*(clock - lag + rng.random() for _ in range(rng.randrange(30))))
        if rng.random() < 0.1:
            writer.mark("marker")
        if rng.random() < 0.1:
            source = rng.choice(list(merge.sources.values()))
            merge.log.set_hidden(source, hidden=not source.is_hidden)
        merge.after(rng.random())
        buffer = merge.log.buffer
        for index, text in tracked.items():
            assert buffer.entry(index).body == text
        tracked.update(
            (index, buffer.entry(index).body)
            for index in range(buffer.first, buffer.end)
            if rng.random() < 0.2
        )
    for source in merge.log.sources:
        merge.log.set_hidden(source, hidden=False)
    while any(source.waiting for source in merge.log.sources):
        merge.after(1)
    lines = merge.lines
    for name, writer in merge.writers.items():
        assert of(name, lines) == writer.written
    assert len(lines) == sum(
        len(writer.buffer._markers) + writer.buffer.lines for writer in merge.writers.values()
    )


async def test_a_search_finds_late_lines_too_and_forgets_hidden_ones() -> None:
    log = MergedLog(hold_back=0.0)
    first, second = Writer("ERROR: a"), Writer("ERROR: b")
    log.add(first, "a")
    hidden = log.add(second, "b")
    async with running(SimpleNamespace(run=log.merge)):
        first.write(*range(0, 100, 2))
        await wait_for_change(log.subscribe, lambda: log.buffer.end == 50)
        search = LogSearch(log, (SearchQuery("error"),))
        log.subscribe_renumbering(search.renumber)
        async with running(search):
            await until(search, lambda: search.state.done and search.state.count == 50)
            second.write(*range(1, 51, 2))
            await until(search, lambda: search.state.done and search.state.count == 75)
            bodies = [log.buffer.entry(hit).body for hit in search.hits]
            assert sorted(bodies) == sorted([*first.written, *second.written])
            log.set_hidden(hidden, hidden=True)
            await until(search, lambda: search.state.done and search.state.count == 50)
            assert [log.buffer.entry(hit).body for hit in search.hits] == first.written
        log.set_hidden(hidden, hidden=False)
        await wait_for_change(log.subscribe, lambda: log.buffer.end - log.buffer.first == 75)
        assert await next_error(log.buffer, log.buffer.first + 3) == log.buffer.first + 4


async def test_lines_are_placed_in_turn_with_decoding_and_not_while_a_key_is_handled() -> None:
    turns = DecodeTurns()
    log, writer = MergedLog(turns.take_turn, hold_back=0.0), Writer("a")
    log.add(writer, "a")
    turns.set_paused(paused=True)
    async with running(SimpleNamespace(run=log.merge)):
        writer.write(1)
        for _ in range(50):
            await asyncio.sleep(0)
        assert log.buffer.end == 0
        turns.set_paused(paused=False)
        await wait_for_change(log.subscribe, lambda: log.buffer.end == 1)


def test_a_saved_log_names_the_run_of_each_line() -> None:
    merge = Merge("etl 1", "web 2")
    merge.writers["etl 1"].write(1, 3)
    merge.writers["web 2"].mark("reconnecting")
    merge.writers["web 2"].write(2)
    merge.after(1)
    text = b"".join(format_log(merge.log.buffer.snapshot())).decode()
    assert text.splitlines() == ["etl 1 │ etl 1 0", "web 2 │ web 2 0", "etl 1 │ etl 1 1"]


async def test_times_and_pauses_are_those_of_all_runs() -> None:
    merge = Merge("a", "b")
    merge.writers["a"].write(1, 3, 5, 60)
    merge.writers["b"].write(2, 4, 61)
    assert merge.after(1) == ["a 0", "b 0", "a 1", "b 1", "a 2", "a 3", "b 2"]
    start = merge.log.buffer.started_at
    assert start is not None
    assert await first_line_from(merge.log.buffer, start + timedelta(seconds=2.5)) == 3
    pause = (await long_pauses(merge.log.buffer)).after(0)
    assert pause is not None
    assert (pause.index, pause.duration) == (5, timedelta(seconds=55))


async def test_patterns_stop_at_lines_of_their_own_runner() -> None:
    merge = Merge("a", "b", "c")
    book = PatternBook([LinePattern("beta", runner="b"), LinePattern("late")], unknown_runner)
    for name, writer in merge.writers.items():
        writer.patterns = book.of(name)
    for second, name in enumerate("abcab"):
        merge.writers[name].write(second, body="alpha beta")
    merge.writers["c"].write(9, body="too late")
    lines = merge.after(1)
    log, found = merge.log, [-1]
    while (index := await next_error(log.buffer, found[-1], log.patterns)) is not None:
        found.append(index)
    assert [lines[index] for index in found[1:]] == [
        "b 0 alpha beta",
        "b 1 alpha beta",
        "c 1 too late",
    ]
    assert await previous_error(log.buffer, found[-1], log.patterns) == found[-2]


def test_lines_that_are_not_public_are_known_in_their_new_order() -> None:
    merge = Merge("a", "b")
    merge.writers["a"].write(1, 3)
    merge.after(1)
    merge.writers["b"].write(2, level="log_internal")
    merge.writers["b"].write(4)
    assert merge.after(1) == ["a 0", "b 0", "a 1", "b 1"]
    levels = merge.log.buffer.service_levels
    assert [levels.at(index) for index in range(4)] == ["", "log_internal", "", ""]
    assert (levels.count, levels.names) == (1, ("log_internal",))
    merge.log.set_hidden(merge.sources["b"], hidden=True)
    assert levels.count == 0
