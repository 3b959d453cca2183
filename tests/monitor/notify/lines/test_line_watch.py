"""Live lines that match are told once per run and pattern, whatever is read twice."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from nodion_tui.model.line_pattern import LinePattern
from nodion_tui.model.log_line import LogLine
from nodion_tui.model.notify_rule import NotifyChannel
from nodion_tui.model.run import RunKey
from nodion_tui.monitor.log.patterns import compiled_pattern
from nodion_tui.monitor.log.patterns.pattern_book import PatternBook
from nodion_tui.monitor.log.search import scan
from nodion_tui.monitor.notify.lines import line_watch
from nodion_tui.monitor.notify.lines.line_scan import MAX_LINE
from nodion_tui.monitor.notify.lines.line_watch import LineWatch
from nodion_tui.monitor.storage.told_lines import FILE_NAME, MAX_TOLD, ToldLines
from nodion_tui.monitor.streams.live_lines import LiveLines
from tests.support.running import running, wait_for_change

if TYPE_CHECKING:
    from nodion_tui.monitor.notify.lines.line_match import LineMatch

NOON = datetime(2026, 1, 15, 12, tzinfo=UTC)
KEY, OTHER = RunKey("etl", "1"), RunKey("etl", "2")
LAST = LinePattern("the last line", tell=frozenset(), command=("x",), watch=True, per_minute=99)
NUMBERS = count()
TOAST = frozenset({NotifyChannel.TOAST})


def telling(regex: str, **fields: Any) -> LinePattern:
    return LinePattern(regex, tell=TOAST, **fields)


def line(number: int, body: str, seconds: float = 1) -> LogLine:
    return LogLine(str(number), body, created_at=NOON + timedelta(seconds=seconds))


class Desk:
    """A watch with the live lines that feed it."""

    def __init__(self, *patterns: LinePattern, folder: Path | None = None) -> None:
        self.now, self.seconds = NOON, 0.0
        self.read = {KEY, OTHER}
        self.told: list[LineMatch] = []
        self.live_lines = LiveLines(lambda _: self.now)
        self.watch = LineWatch(
            PatternBook([*patterns, LAST]),
            is_read=lambda key: key in self.read,
            server_now=lambda _: self.now,
            told=ToldLines(folder) if folder else None,
            clock=lambda: self.seconds,
        )
        self.live_lines.subscribe(self.watch.take)
        self.watch.subscribe(self.told.append)

    def publish(self, key: RunKey, *lines: LogLine) -> None:
        self.live_lines.publish(key, lines)

    def running(self) -> AbstractAsyncContextManager[object]:
        return running(self.watch)

    async def tells(self, *expected: str) -> None:
        """Wait until all lines have been held against patterns, and see what is told."""
        number = str(next(NUMBERS))
        self.publish(RunKey("mark", number), LogLine(number, "the last line"))
        await self.until(lambda: any(match.pattern is LAST for match in self.told))
        assert [match.line for match in self.told if match.pattern is not LAST] == list(expected)
        self.told.clear()

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait until something is told that makes a condition true."""
        await wait_for_change(lambda heard: self.watch.subscribe(lambda _: heard()), condition)


async def test_a_line_is_told_once_over_replays_and_readers() -> None:
    desk = Desk(telling("out of memory"), telling("Disk"))
    async with desk.running():
        desk.watch.begin_reading(KEY)
        desk.publish(KEY, line(1, "out of memory, long ago", -60), line(2, "fine"))
        await desk.tells()
        desk.publish(KEY, line(3, "\x1b[31mOut of\x1b[0m memory"), line(4, "out of memory"))
        await desk.tells("Out of memory")
        desk.publish(KEY, line(3, "Out of memory"), line(5, "out of memory again", 2))
        await desk.tells()
        desk.publish(KEY, line(6, "Disk full", 3), line(7, "out of memory", 3))
        desk.publish(OTHER, line(8, "out of memory there", 3))
        await desk.tells("Disk full", "out of memory there")


async def test_what_came_while_a_stream_was_down_is_told_but_no_past_of_an_opened_log() -> None:
    desk = Desk(telling("oom"))
    desk.read.clear()
    async with desk.running():
        desk.live_lines.watch(KEY)  # by a quiet stream
        desk.publish(KEY, line(1, "oom nobody reads", 10))
        await desk.tells()
        desk.now += timedelta(minutes=5)
        desk.read.add(KEY)
        desk.watch.begin_reading(KEY)
        desk.publish(KEY, line(2, "oom before it was opened", 20))
        await desk.tells()
        desk.now += timedelta(minutes=5)
        desk.publish(KEY, line(3, "oom during the outage", 400))
        await desk.tells("oom during the outage")


async def test_a_watched_pattern_is_told_of_runs_that_no_view_reads() -> None:
    desk = Desk(telling("oom", watch=True), telling("oom", runner="e*"))
    desk.read.clear()
    async with desk.running():
        desk.publish(KEY, line(1, "oom"))
        await desk.tells("oom")
        desk.read.add(KEY)
        desk.publish(KEY, line(2, "oom, read", 2))
        await desk.tells("oom, read")


async def test_a_restart_tells_nothing_again(tmp_path: Path) -> None:
    for expected in (["oom"], []):
        desk = Desk(telling("oom"), folder=tmp_path)
        async with desk.running():
            desk.publish(KEY, line(1, "oom"))
            await desk.tells(*expected)
    assert (tmp_path / FILE_NAME).stat().st_mode & 0o777 == 0o600
    text = (tmp_path / FILE_NAME).read_text()
    assert "oom" not in text
    assert ToldLines(tmp_path).claim("x", KEY, NOON)
    for number in range(3):
        assert ToldLines(tmp_path).claim(str(number), KEY, NOON)
    assert not ToldLines(tmp_path).claim("x", KEY, NOON)


def test_what_is_stored_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert MAX_TOLD >= 1000
    monkeypatch.setattr("nodion_tui.monitor.storage.told_lines.MAX_TOLD", 2)
    told = ToldLines(tmp_path)
    assert [told.claim(name, KEY, NOON) for name in ("a", "b", "c", "c", "a")] == [
        *(True, True, True, False, True)
    ]


async def test_an_unwritable_file_keeps_no_alarm_back(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_text("of somebody else")
    desk = Desk(telling("oom"), folder=tmp_path)
    async with desk.running():
        desk.publish(KEY, line(1, "oom"), line(2, "oom", 2))
        await desk.tells("oom")
    assert (tmp_path / FILE_NAME).read_text() == "of somebody else"


async def test_more_than_so_many_a_minute_are_told_together() -> None:
    desk = Desk(telling("oom", per_minute=2, watch=True))
    async with desk.running():
        for number in range(5):
            desk.publish(RunKey("etl", str(number)), line(number, f"oom {number}"))
        await desk.tells("oom 0", "oom 1")
        desk.seconds = 61.0
        desk.publish(RunKey("etl", "5"), line(5, "fine"), line(6, "oom 5"))
        await desk.until(lambda: bool(desk.told))
        (match, *_) = desk.told
        assert match.line == "oom 2"
        assert [key.run_id for key in match.others] in (["3", "4"], ["3", "4", "5"])


async def test_a_slow_pattern_is_given_up_for_its_run_and_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(scan, "SEGMENT_TIMEOUT_SECONDS", 0.1)
    monkeypatch.setattr(line_watch, "REST", 0)
    monkeypatch.setattr(compiled_pattern, "BATCH_SECONDS", 0.05)
    slow = telling(r"(a|a)+(a|a)+(a|a)+$")
    desk = Desk(slow, telling("oom"))
    async with desk.running():
        desk.publish(KEY, line(1, "a" * 40 + "!"), line(2, "oom"))
        await desk.tells("oom")
        assert desk.watch.take_slow() == [slow]
        desk.publish(OTHER, line(3, "aaa", 2))
        await desk.tells("aaa")


def test_lines_that_wait_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(line_watch, "MAX_WAITING", 100)
    desk = Desk(telling(r"\d\d:\d"))
    for number in range(30):
        desk.publish(KEY, line(number, "x" * 10, number))
    assert desk.watch.skipped == 20


def test_a_pattern_that_only_lights_costs_nothing_here() -> None:
    lit = LinePattern("oom", look=frozenset({"bold"}))
    for patterns, is_needed in (([lit], False), ([lit, telling("x")], True)):
        watch = LineWatch(PatternBook(patterns), is_read=bool, server_now=lambda _: NOON)
        assert watch.is_needed is is_needed


async def test_a_long_line_is_told_in_part() -> None:
    desk = Desk(telling("oom"))
    async with desk.running():
        desk.publish(KEY, line(1, "x" * 2 * MAX_LINE + "oom"))
        await desk.until(lambda: bool(desk.told))
    (match,) = desk.told
    assert match.line == "x" * MAX_LINE
    assert match.summary == "x" * 160 + "…"
