import re
import threading
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

import pytest
from textual.events import Paste
from textual.widgets import Input, Static

from nodion_tui.monitor.log.search import scan as logscan
from nodion_tui.monitor.log.segment import LogSegment
from nodion_tui.ui.log.search_bar import _DEBOUNCE_SECONDS

Open = Callable[..., AbstractAsyncContextManager[Any]]

BODIES = [
    f"ERROR number {number}" if number % 20 == 5 else f"line {number} of the job"
    for number in range(100)
]


async def searched(log: Any, pattern: str) -> None:
    """Enter a pattern, and wait for the search."""
    await log.press("slash")
    log.pane.search_bar.query_one(Input).value = pattern
    await log.press("enter")
    await log.until(lambda: log.navigator.search and log.navigator.search.state.done)
    await log.pilot.pause()


def bar_text(log: Any) -> str:
    """What the search bar says beside the pattern."""
    return " ".join(str(part.content) for part in log.pane.search_bar.query(Static))


def lit(log: Any, y: int) -> list[str]:
    """The highlighted texts of a row."""
    look = log.view._styles()
    colours = {look.match.bgcolor, look.current.bgcolor}
    strip = log.view.render_line(y)
    return [segment.text for segment in strip if segment.style and segment.style.bgcolor in colours]


async def test_search_goes_to_the_nearest_match_and_n_to_the_others(open_pane: Open) -> None:
    async with open_pane(BODIES) as log:
        await log.ended()
        await log.press("g", "ctrl+d", "ctrl+d", "ctrl+d")
        await searched(log, "error")
        assert log.viewport.cursor == 45
        assert "/error 3 of 5" in log.lower
        await log.press("n")
        assert log.viewport.cursor == 65
        await log.press("n", "n")
        assert log.viewport.cursor == 5
        await log.press("N")
        assert log.viewport.cursor == 85
        assert "/error 5 of 5" in log.lower


async def test_how_far_a_search_has_come_is_told(
    open_pane: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = threading.Event()
    real = logscan.scan_segment

    def slow(segment: LogSegment, *rest: Any) -> Any:
        if segment.first:
            held.wait(5)
        return real(segment, *rest)

    monkeypatch.setattr("nodion_tui.monitor.log.search.log_search.scan_segment", slow)
    async with open_pane([f"line {n} {'x' * 200}" for n in range(8000)]) as log:
        await log.ended()
        await log.press("g", "slash", *"line 7999", "enter")
        try:
            await log.until(lambda: re.search(r"0 matches … [1-9]\d? %", log.lower))
        finally:
            held.set()
        await log.until(lambda: "1 of 1 " in log.lower)


async def test_a_match_far_to_the_right_of_a_long_line_is_brought_into_view(
    open_pane: Open,
) -> None:
    async with open_pane(["first", "x" * 300_000 + "needle" + "y" * 1000, "last"]) as log:
        await log.ended()
        await log.press("g")
        await searched(log, "needle")
        assert log.viewport.cursor == 1
        assert lit(log, 1) == ["needle"]
        await log.press("0")
        assert "needle" not in log.texts[1]


async def test_a_match_far_down_in_a_wrapped_line_is_brought_into_view(open_pane: Open) -> None:
    async with open_pane(["first", "x " * 4000 + "needle" + " y" * 4000, "last"]) as log:
        await log.ended()
        await log.press("w", "g")
        await searched(log, "needle")
        assert log.viewport.cursor == 1
        assert any("needle" in lit(log, y) for y in range(log.view.size.height))


async def test_where_lines_are_left_out_between_matches_a_sign_says_so(open_pane: Open) -> None:
    async with open_pane(BODIES) as log:
        await log.ended()
        await log.press("g")
        await searched(log, "error")
        await log.press("x")
        assert not any(row.startswith("┄") for row in log.rows)
        await log.press("}")
        signs = [row[0] for row in log.rows[:9]]
        assert signs == [" ", "▌", " ", "┄", " ", " ", "┄", " ", " "]


async def test_that_lines_are_searched_as_they_were_sent_is_told(open_pane: Open) -> None:
    async with open_pane(['{"msg":"hello","status":203}', "plain"]) as log:
        await log.ended()
        await searched(log, "status=203")
        await log.until(lambda: "/status=203 0 matches in raw lines (p)" in log.lower)
        await searched(log, "status.*203")
        await log.until(lambda: "1 of 1 in raw lines (p)" in log.lower)
        await log.press("p")
        await log.until(lambda: "1 of 1" in log.lower and "(p)" not in log.lower)


async def test_all_matches_on_screen_are_lit(open_pane: Open) -> None:
    async with open_pane(BODIES) as log:
        await log.ended()
        await log.press("g")
        await searched(log, "line [0-9]+")
        assert lit(log, 0) == ["line 0"]
        assert lit(log, 4) == ["line 4"]
        assert lit(log, 5) == []


async def test_what_is_typed_is_found_while_it_is_typed_and_escape_goes_back(
    open_pane: Open,
) -> None:
    async with open_pane(BODIES) as log:
        await log.ended()
        await log.press("g", "j", "j")
        await log.press("slash", "r", "space", "6", "5")
        await log.until(lambda: log.viewport.cursor == 65)
        await log.press("escape")
        assert log.viewport.cursor == 2
        assert log.texts[0] == "line 0 of the job"
        assert log.navigator.search is None
        assert not log.pane.search_bar.is_open
        assert log.app.focused is log.view


async def test_smart_case(open_pane: Open) -> None:
    async with open_pane(BODIES) as log:
        await log.ended()
        await searched(log, "Error")
        assert "0 matches" in log.lower
        await searched(log, "ERROR")
        assert "of 5" in log.lower


async def test_matches_only_keeps_the_cursor_where_it_is_on_screen(open_pane: Open) -> None:
    async with open_pane(BODIES) as log:
        await log.ended()
        await searched(log, "error")
        await log.press("n", "n")
        offset = log.viewport.offset_of(log.viewport.cursor)
        cursor = log.viewport.cursor
        await log.press("x")
        assert [text for text in log.texts if text] == [
            f"ERROR number {number}" for number in range(5, 100, 20)
        ]
        assert "only matches" in log.lower
        assert log.viewport.cursor == cursor
        await log.press("x")
        assert log.viewport.offset_of(cursor) == offset


async def test_the_cursors_line_stays_put_where_there_is_room(open_pane: Open) -> None:
    bodies = [f"odd {n}" if n % 2 else f"even {n}" for n in range(400)]
    async with open_pane(bodies) as log:
        await log.ended()
        await log.press("g")
        await searched(log, "odd 20[0-9]")
        await searched(log, "odd")
        cursor, offset = log.viewport.cursor, log.viewport.offset_of(log.viewport.cursor)
        await log.press("x")
        assert (log.viewport.cursor, log.viewport.offset_of(cursor)) == (cursor, offset)
        await log.press("}")
        assert log.viewport.offset_of(cursor) == offset
        await log.press("x")
        assert log.viewport.offset_of(cursor) == offset


async def test_context_around_matches(open_pane: Open) -> None:
    async with open_pane(BODIES) as log:
        await log.ended()
        await searched(log, "number 25")
        await log.press("x", "}", "}")
        assert [text for text in log.texts if text] == [
            "line 23 of the job",
            "line 24 of the job",
            "ERROR number 25",
            "line 26 of the job",
            "line 27 of the job",
        ]
        assert "±2" in log.lower
        await log.press("{", "{", "{")
        assert [text for text in log.texts if text] == ["ERROR number 25"]


async def test_a_second_search_inside_keeps_the_first(open_pane: Open) -> None:
    async with open_pane(BODIES) as log:
        await log.ended()
        await searched(log, "error")
        await log.press("x")
        await searched(log, "[68]5")
        assert [text for text in log.texts if text] == ["ERROR number 65", "ERROR number 85"]
        assert "/error /[68]5" in log.lower
        await log.press("escape")
        await log.until(lambda: log.navigator.search.state.done)
        await log.until(lambda: len([text for text in log.texts if text]) == 5)
        await log.press("escape")
        assert "line 99 of the job" in log.texts
        await log.press("escape")
        assert log.navigator.search is None


async def test_an_exclamation_mark_shows_what_does_not_match(open_pane: Open) -> None:
    async with open_pane(BODIES) as log:
        await log.ended()
        await searched(log, "!line")
        await log.press("x")
        assert [text for text in log.texts if text] == [
            f"ERROR number {number}" for number in range(5, 100, 20)
        ]


async def test_x_without_a_search_asks_for_one(open_pane: Open) -> None:
    async with open_pane(BODIES) as log:
        await log.ended()
        await log.press("x")
        assert log.pane.search_bar.is_open
        await log.press(*"error", "enter")
        await log.until(lambda: len([text for text in log.texts if text]) == 5)


async def test_a_bad_pattern_is_told_and_changes_nothing(open_pane: Open) -> None:
    async with open_pane(BODIES) as log:
        await log.ended()
        before = log.texts
        await log.press("slash", *"(oops", "enter")
        assert log.pane.search_bar.is_open
        said = log.pane.search_bar.query_one(".input-bar--said").render().plain
        assert "missing )" in said
        await log.until(lambda: log.texts == before[1:])  # the bar takes a row
        await log.press("escape")
        await log.until(lambda: log.texts == before)


async def test_a_pattern_that_would_hang_is_given_up_and_told(
    open_pane: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logscan, "SEGMENT_TIMEOUT_SECONDS", 0.05)
    async with open_pane(["a" * 5000 + "!"], size=(100, 24)) as log:
        await log.ended()
        await log.press("slash")
        log.pane.search_bar.query_one(Input).value = "(a|a)+$"
        await log.press("enter")
        await log.until(lambda: any("Pattern too slow" in str(n.message) for n in notes(log)), 10)
        await log.press("w")
        assert log.viewport.options.wrap


def notes(log: Any) -> list[Any]:
    return list(log.app._notifications)


async def test_nothing_found_is_said_where_the_lines_would_be(open_pane: Open) -> None:
    async with open_pane(BODIES) as log:
        await log.ended()
        await searched(log, "nowhere")
        await log.press("x")
        assert any("No line matches" in row for row in log.rows)
        await log.press("escape")
        assert "line 99 of the job" in log.texts


async def test_older_searches_come_back_with_the_arrows(open_pane: Open) -> None:
    async with open_pane(BODIES) as log:
        await log.ended()
        await searched(log, "error")
        await searched(log, "job")
        await log.press("slash", "up")
        pattern = log.pane.search_bar.query_one(Input)
        assert pattern.value == "job"
        await log.press("up")
        assert pattern.value == "error"
        await log.press("down", "down")
        assert pattern.value == ""


async def test_lines_that_come_later_are_found_too(open_pane: Open, tap: Any) -> None:
    async with open_pane(BODIES, stream=tap.script) as log:
        tap.open(30)
        await log.until(lambda: "line 29 of the job" in log.texts)
        await searched(log, "error")
        await log.press("x")
        await log.until(lambda: len([text for text in log.texts if text]) == 2)
        tap.open(90)
        await log.until(lambda: len([text for text in log.texts if text]) == 5)


async def test_a_match_far_to_the_right_is_brought_into_view(open_pane: Open) -> None:
    async with open_pane(["x" * 300 + "needle", "short"]) as log:
        await log.ended()
        await searched(log, "needle")
        assert "needle" in log.texts[0]
        await searched(log, "short")
        assert log.texts[1] == "short"


async def test_without_a_search_its_keys_do_nothing(open_pane: Open) -> None:
    async with open_pane(BODIES) as log:
        await log.ended()
        before = log.texts
        for key in ("n", "N", "{", "}"):
            await log.press(key)
            assert log.texts == before


async def test_a_pattern_that_waits_is_not_searched_for_in_another_log(open_pane: Open) -> None:
    async with open_pane(BODIES) as log:
        await log.ended()
        await log.press("g", "slash", "9")
        log.pane.show(None, None)
        log.pane.show(log.session, None)
        assert not log.pane.search_bar.is_open
        await log.pilot.pause(2 * _DEBOUNCE_SECONDS)
        assert log.navigator.search is None
        assert log.viewport.cursor == 0


@pytest.mark.parametrize("typed", ["[ERROR]x", "c++20", "$HOME", "foo(bar)", "foo(bar"])
async def test_a_pattern_that_finds_nothing_tells_what_it_would_find_literally(
    open_pane: Open, typed: str
) -> None:
    bodies = ["plain", f"a {typed} b", f"{typed}", "end"]
    async with open_pane(bodies) as log:
        await log.ended()
        await log.press("slash")
        log.pane.search_bar.query_one(Input).value = typed
        await log.until(lambda: "2 lines as literal text: ctrl+r" in bar_text(log))
        await log.press("ctrl+r")
        await log.until(lambda: "literal /" in bar_text(log) and " of 2" in bar_text(log))
        await log.press("enter")
        await log.until(lambda: f'"{typed}" ' in log.lower)
        assert log.navigator.search.state.count == 2
        await log.press("slash")
        assert "literal /" in bar_text(log), "the choice stays"
        await log.press("ctrl+r")
        assert "literal /" not in bar_text(log)


async def test_a_closed_bar_leaves_the_literal_count_in_the_border(open_pane: Open) -> None:
    async with open_pane(["a foo(bar) b", "end"]) as log:
        await log.ended()
        await log.press("slash", *"foo(bar)", "enter")
        await log.until(lambda: "0 matches · 1 line as literal text: ctrl+r" in log.lower)


async def test_a_paste_that_begins_with_a_line_break_keeps_its_text(open_pane: Open) -> None:
    async with open_pane(BODIES) as log:
        await log.ended()
        await log.press("slash")
        field = log.pane.search_bar.query_one(Input)
        field.post_message(Paste("\r\n  \nERROR number 45\nmore"))
        await log.until(lambda: field.value == "ERROR number 45")
        field.post_message(Paste("x" * 1_000_000))
        await log.until(lambda: log.app._notifications)
        (told,) = log.app._notifications
        assert "exceed the limit of 2,000" in told.message
        assert field.value == "ERROR number 45"


async def test_a_match_with_tabs_and_split_emoji_is_lit_where_it_stands(open_pane: Open) -> None:
    async with open_pane(["👍🏽\tMu\u0308ller\t1", "other"]) as log:
        await log.ended()
        await searched(log, "Müller\\t1")
        await log.until(lambda: "1 of 1" in log.lower)
        await log.until(lambda: lit(log, 0) == ["Müller  1"])
