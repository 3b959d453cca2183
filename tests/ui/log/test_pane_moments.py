"""Keys that go to a time of a log and to its pauses, and the row that tells of silence."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from datetime import UTC, timedelta, timezone
from typing import Any

import pytest

from nodion_tui.config import Profile
from nodion_tui.monitor.log.buffer import EntryKind
from nodion_tui.monitor.monitor import Monitor
from nodion_tui.ui.log.moment_bar import MomentBar
from tests.support.hostile import Exchange
from tests.support.hostile import line as hostile_line

Open = Callable[..., AbstractAsyncContextManager[Any]]


def numbered(count: int) -> list[str]:
    return [f"line {number}" for number in range(count)]


async def go(log: Any, text: str) -> int:
    """Type a moment; the cursor's line is where it leads."""
    await log.press("@", *text, "enter")
    await log.until(lambda: not log.pane.moment_bar.is_open)
    await log.until(lambda: not any(w.group == "log-moment" for w in log.app.workers))
    return int(log.viewport.cursor)


def meaning(bar: MomentBar) -> str:
    return str(bar.query_one(".input-bar--said").render())


async def test_moments_lead_to_their_lines(open_pane: Open) -> None:
    async with open_pane(numbered(600)) as log:
        await log.ended()
        log.view.annotations.zone = timezone(timedelta(hours=1))
        assert await go(log, "10:05") == 300
        assert await go(log, "10:00:30") == 30
        assert await go(log, "2026-01-15 10:08") == 480
        assert await go(log, "-1m30s") == 600 - 1 - 90
        assert await go(log, "25%") == 601 // 4
        assert await go(log, "0%") == 0
        assert await go(log, "100%") == 600
        assert await go(log, "09:00") == 0
        assert "the log begins at Thu 10:00:00" in log.lower
        assert await go(log, "1m") == 600
        assert "the log ends at Thu 10:09:59" in log.lower
        await log.press("T")  # UTC on screen is UTC when typed
        assert await go(log, "09:02") == 120
        assert "the log ends" not in log.lower, "that was said of the moment before"
        log.pane.open_log.run = None
        log.pane.open_log.sync()
        assert await go(log, "+30s") == 30


async def test_the_bar_tells_what_is_typed_and_what_is_wrong(open_pane: Open) -> None:
    async with open_pane(numbered(600)) as log:
        await log.ended()
        log.view.annotations.zone = timezone(timedelta(hours=1))
        bar = log.pane.moment_bar
        await log.press("@", *"10:05")
        await log.until(lambda: meaning(bar) == "Thu 2026-01-15 10:05:00")
        await log.press("backspace", "backspace", *"x", "enter")
        await log.until(lambda: "not a time" in meaning(bar))
        assert bar.is_open
        await log.press("escape")
        assert not bar.is_open
        assert log.view.has_focus
        assert log.viewport.follow


async def test_a_moment_among_dropped_lines_is_where_they_are_fetched(open_pane: Open) -> None:
    async with open_pane([f"{n} {'x' * 80}" for n in range(3000)], max_bytes=400_000) as log:
        await log.ended()
        log.view.annotations.zone = UTC
        assert log.session.buffer.dropped
        index = await go(log, "09:00:10")
        assert log.viewport.buffer.entry(index).kind is EntryKind.DROPPED
        assert "Enter fetches" in log.lower


async def test_pauses_are_gone_to_in_a_circle(open_pane: Open) -> None:
    pauses = {40: 60, 80: 125}

    async def page(exchange: Exchange) -> None:
        lines, second = [], 0
        for number in range(100 if "after_id" not in exchange.path else 0):
            second += pauses.get(number, 1)
            created = f"2026-01-15T10:{second // 60:02}:{second % 60:02}.000+01:00"
            line = hostile_line(number) | {"created_at": created}
            lines.append(line)
        await exchange.answer(200, {"logs": lines})

    async with open_pane([], always={"page": page}) as log:
        await log.until(lambda: log.session.buffer.lines == 100)
        await log.press("g")
        cursors = []
        for key, said in (
            (">", "1 min 00 s pause, usually 1 s"),
            (">", "2 min 05 s pause"),
            (">", "continued at the start"),
            ("<", "continued at the end"),
            ("<", "1 min 00 s pause"),
        ):
            await log.press(key)
            await log.until(lambda said=said: said in log.lower)
            cursors.append(log.viewport.cursor)
        assert cursors == [40, 80, 40, 80, 40]


async def test_a_log_without_times_has_shares_alone(open_pane: Open) -> None:
    async def page(exchange: Exchange) -> None:
        numbers = range(100 if "after_id" not in exchange.path else 0)
        lines = [hostile_line(number) | {"created_at": None} for number in numbers]
        await exchange.answer(200, {"logs": lines})

    async with open_pane([], always={"page": page}) as log:
        await log.until(lambda: log.session.buffer.lines == 100)
        assert await go(log, "25%") == 25
        for moment in ("10:05", "-10m", "+30s"):
            assert await go(log, moment) == 25
            await log.until(lambda: "no line has a time" in log.lower)
            await log.press("j", "k")
        await log.press(">")
        await log.until(lambda: "no long pause in this log" in log.lower)


async def test_a_log_without_pauses_says_so(open_pane: Open) -> None:
    async with open_pane(numbered(50)) as log:
        await log.ended()
        await log.press(">")
        await log.until(lambda: "no long pause in this log: none lasts 10 s" in log.lower)


@pytest.fixture
async def monitor(profile: Profile) -> AsyncIterator[Monitor]:
    watching = Monitor(profile)
    await watching.start()
    yield watching
    await watching.aclose()


async def test_the_end_of_a_silent_log_tells_since_when(
    open_pane: Open, tap: Any, monitor: Monitor
) -> None:
    async with open_pane(numbered(300), stream=tap.script) as log:
        log.pane.monitor = monitor
        tap.open(60)
        await log.until(lambda: "line 59" in log.texts)
        await log.until(lambda: log.texts[-1].endswith(" without a line"))
        assert log.texts[-2] == "line 59"
        await log.press("k")
        assert not any("without a line" in row for row in log.rows)
        await log.press("F")
        assert log.texts[-1].endswith(" without a line")
        tap.open(60, end=True)
        await log.ended()
        assert not any("without a line" in row for row in log.rows)
