import re
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

from nodion_tui.monitor.log.buffer import EntryKind

Open = Callable[..., AbstractAsyncContextManager[Any]]

JSON = (
    '{"time":"2026-01-15T10:00:00Z","level":"error","msg":"payment failed",'
    '"order":1234,"who":"a b"}'
)
TRACEBACK = [
    "Traceback (most recent call last):",
    '  File "app.py", line 3, in <module>',
    "    main()",
    '  File "app.py", line 2, in main',
    "    raise ValueError(1)",
    "ValueError: 1",
]


async def test_a_json_line_is_shown_in_short_raw_or_whole(open_pane: Open) -> None:
    async with open_pane([JSON, "plain"], size=(120, 24)) as log:
        await log.ended()
        short = 'error   payment failed order=1234 who="a b"'
        assert log.texts[0] == short
        await log.press("p")
        assert log.texts[0] == JSON
        await log.press("p", "g", "enter")
        assert log.texts[:4] == [
            "{",
            '  "time": "2026-01-15T10:00:00Z",',
            '  "level": "error",',
            '  "msg": "payment failed",',
        ]
        await log.press("enter")
        assert log.texts[:2] == [short, "plain"]


async def test_a_traceback_folds_and_unfolds_from_any_of_its_lines(open_pane: Open) -> None:
    async with open_pane(["before", *TRACEBACK, "after"]) as log:
        await log.ended()
        await log.press("g", "j", "j", "j", "enter")
        folded = [
            "before",
            TRACEBACK[0],
            "  ▸ 4 lines folded · Enter unfolds",
            TRACEBACK[-1],
            "after",
        ]
        assert log.texts[:5] == folded
        assert log.viewport.cursor == 1
        await log.press("j")
        assert log.viewport.cursor == 6
        await log.press("k", "enter")
        assert log.texts[:8] == ["before", *TRACEBACK, "after"]


async def test_a_click_before_the_text_opens_the_line(open_pane: Open) -> None:
    async with open_pane([JSON, *TRACEBACK], size=(120, 24)) as log:
        await log.ended()
        await log.pilot.click("#log-view", offset=(3, 2))
        assert log.texts[2] == "  ▸ 4 lines folded · Enter unfolds"
        await log.pilot.click("#log-view", offset=(3, 0))
        assert log.texts[:2] == ["{", '  "time": "2026-01-15T10:00:00Z",']


async def test_all_states_of_a_progress_bar(open_pane: Open) -> None:
    async with open_pane(["10%\r50%\r100%", "after"]) as log:
        await log.ended()
        assert log.texts[:2] == ["100% ␍", "after"]
        await log.press("g", "enter")
        assert log.texts[:4] == ["10%", "50%", "100%", "after"]


async def test_of_very_many_states_or_rows_the_rest_is_told(open_pane: Open) -> None:
    bar = "".join(f"{number}\r" for number in range(3000))
    wide = f'{{"a":[{",".join("1" * 3000)}]}}'
    async with open_pane([bar, wide]) as log:
        await log.ended()
        await log.press("g", "enter")
        assert log.texts[:2] == ["… 2,000 earlier states", "2000"]
        await log.press("enter", "j", "enter", "G")
        rows = [text for text in log.texts if text.startswith("…")]
        assert rows == ["… 2,004 more rows; p shows the raw line"]


async def test_enter_on_a_line_with_nothing_more_says_so(open_pane: Open) -> None:
    async with open_pane(["plain", "lines"]) as log:
        await log.ended()
        await log.press("g", "enter")
        assert log.texts[:2] == ["plain", "lines"]
        assert "this line cannot be expanded" in log.lower


async def test_errors_are_gone_to_in_plain_and_structured_lines(open_pane: Open) -> None:
    bodies = ["start", JSON, *["quiet"] * 40, "ERROR disk full", *["quiet"] * 40, *TRACEBACK]
    async with open_pane(bodies, size=(100, 24)) as log:
        await log.ended()
        await log.press("g", "e")
        await log.until(lambda: log.viewport.cursor == 1)
        await log.press("e")
        await log.until(lambda: log.viewport.cursor == 42)
        await log.press("e")
        exception = bodies.index(TRACEBACK[-1])
        await log.until(lambda: log.viewport.cursor == exception)
        await log.press("E")
        await log.until(lambda: log.viewport.cursor == 42)
        await log.press("E", "E")
        await log.until(lambda: log.viewport.cursor == exception)
        await log.until(lambda: "continued at the end" in log.lower)
        await log.press("e")
        await log.until(lambda: log.viewport.cursor == 1)


async def test_an_error_inside_a_fold_unfolds_it(open_pane: Open) -> None:
    bodies = [TRACEBACK[0], "  File x", "    ERROR = compute()", "  ERROR here", "Oops: x"]
    async with open_pane(bodies) as log:
        await log.ended()
        await log.press("g", "enter")
        assert "folded" in log.texts[1]
        await log.press("e")
        await log.until(lambda: log.viewport.cursor in (2, 3))
        assert log.texts[1] == "  File x"


async def test_equal_lines_and_sections_fold_and_json_in_them_expands(open_pane: Open) -> None:
    section = ["::group::Install", *["waiting"] * 17, JSON, "done", "::endgroup::", "after"]
    async with open_pane(section, size=(100, 30)) as log:
        await log.ended()
        await log.press("g", "j", "j", "enter")
        folded = ["::group::Install", "waiting", "  ▸ × 17 equal lines · Enter unfolds"]
        assert log.texts[:3] == folded
        await log.press("j", "enter")
        assert log.texts[3] == "{"
        await log.press("enter", "j", "enter")
        assert log.texts[:3] == ["::group::Install", "  ▸ 20 lines folded · Enter unfolds", "after"]
        await log.press("enter")
        assert log.texts[:3] == folded


async def test_marks_are_set_gone_to_and_taken_away(open_pane: Open) -> None:
    async with open_pane([f"line {n}" for n in range(200)]) as log:
        await log.ended()
        await log.press("u")
        assert "no bookmarks" in log.lower
        await log.press("g", "m", "ctrl+d", "m", "ctrl+d", "m")
        marks = sorted(log.view.viewport.buffer.bookmarks)
        assert len(marks) == 3
        await log.press("u")
        assert log.viewport.cursor == marks[0]
        assert log.rows[0].startswith("◈"), "a mark, and the cursor on it"
        await log.press("u")
        assert log.viewport.cursor == marks[1]
        await log.press("U", "U")
        assert log.viewport.cursor == marks[2]
        await log.press("m")
        assert log.view.viewport.buffer.bookmarks == set(marks[:2])


async def test_dropped_lines_are_fetched_again(open_pane: Open) -> None:
    bodies = [f"line {n} " + "x" * 80 for n in range(4000)]
    async with open_pane(bodies, max_bytes=600_000) as log:
        await log.until(lambda: "log complete" in log.texts[-1], 20)
        await log.press("g")
        offer = r"[\d,]+ older lines dropped · Enter fetches [\d,]+ · g the first"
        assert re.fullmatch(f"── {offer} ──", log.texts[0])
        first = log.session.buffer.first
        await log.press("enter")
        await log.until(lambda: log.session.buffer.first < first)
        await log.until(lambda: "fetched" in log.lower)
        assert f"line {first} " in "".join(log.session.buffer.entry(first).body)


async def test_g_twice_brings_the_first_lines_of_a_log_back(open_pane: Open) -> None:
    bodies = [f"line {n} " + "x" * 80 for n in range(4000)]
    async with open_pane(bodies, size=(120, 24), max_bytes=600_000) as log:
        await log.until(lambda: "log complete" in log.texts[-1], 20)
        await log.press("g", "g")
        await log.until(lambda: log.texts[0] == bodies[0])
        hole = next(
            index
            for index in range(log.session.buffer.end)
            if log.session.buffer.entry(index).kind is EntryKind.DROPPED
        )
        log.viewport.go_to(hole)
        log.view.announce_move()
        assert "lines dropped · Enter fetches" in log.texts[log.viewport.offset_of(hole)]
        await log.press("enter")
        await log.until(lambda: log.session.buffer.entry(hole).body == bodies[hole])
        await log.press("G", "g")
        assert "older lines dropped" in log.texts[0]
