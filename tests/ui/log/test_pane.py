import asyncio
import weakref
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import timedelta, timezone
from typing import Any

import pytest
from textual.actions import SkipAction
from textual.events import MouseMove

from nodion_tui.api.follow.events import NewLines
from nodion_tui.model.run import RunKey
from nodion_tui.monitor.log.session import LogSession
from nodion_tui.monitor.log.state import LogPhase, LogState
from nodion_tui.monitor.storage.ui_state import UiState
from nodion_tui.ui.log.open_log import LogViews
from nodion_tui.ui.log.render.display_options import DisplayOptions
from nodion_tui.ui.log.status_text import facts
from tests.support import scripted_service
from tests.support.filled_session import NoService
from tests.support.hostile import Exchange, event
from tests.support.keys import handled
from tests.support.scripted_service import ScriptedService

Open = Callable[..., AbstractAsyncContextManager[Any]]


def numbered(count: int) -> list[str]:
    return [f"line {number}" for number in range(count)]


async def test_a_finished_run_is_shown_from_its_end_with_the_proof(open_pane: Open) -> None:
    async with open_pane(numbered(100)) as log:
        await log.ended()
        assert log.upper.startswith("╭ Log · e5f6a7b8 ───")
        assert log.texts[-1].startswith("── succeeded, exit 0,")
        assert log.texts[-1].endswith("log complete, 100 lines ──")
        assert log.lower.startswith("╰ ▼ end ───")
        assert log.lower.endswith(" 100 lines · complete · no gaps ───╯")


async def test_the_footer_of_a_live_log(open_pane: Open, tap: Any) -> None:
    async with open_pane(numbered(50), stream=tap.script, size=(120, 36)) as log:
        tap.open(40)
        await log.until(lambda: log.session.state.phase is LogPhase.LIVE)
        await log.until(lambda: "line 39" in log.texts)
        await log.until(lambda: "last event" in log.lower)
        assert log.lower.startswith("╰ ▼ following ───")
        assert log.lower.endswith("─ 40 lines · no gaps · last event 0 s ago ───╯")


async def test_scrolling_up_leaves_the_end_and_reading_goes_on(open_pane: Open, tap: Any) -> None:
    async with open_pane(numbered(300), stream=tap.script) as log:
        tap.open(60)
        await log.until(lambda: "line 59" in log.texts)
        await log.press("up")
        await log.press("ctrl+u")
        before = log.texts
        tap.open(273)
        await log.until(lambda: log.session.buffer.lines == 273)
        await log.until(lambda: "▼ 213 new" in log.lower)
        assert log.texts == before
        for key in ("F", "G", "end"):
            await log.press("ctrl+u")
            assert "line 272" not in log.texts
            await log.press(key)
            assert "line 272" in log.texts
            assert "▼ following" in log.lower


async def test_keys_that_move(open_pane: Open) -> None:
    async with open_pane(numbered(200)) as log:
        await log.ended()
        for keys, top in (
            (["g"], 0),
            (["home"], 0),
            (["g", "j"], 0),
            (["g", "pagedown"], 21),
            (["g", "space"], 21),
            (["g", "ctrl+d"], 10),
            (["g", "pagedown", "pagedown", "b"], 21),
            (["g", "pagedown", "pagedown", "pageup"], 21),
            (["g", "pagedown", "ctrl+u"], 11),
        ):
            await log.press(*keys)
            assert log.texts[0] == f"line {top}", keys


async def test_the_cursor_moves_with_j_and_k_and_is_marked(open_pane: Open) -> None:
    async with open_pane(numbered(50)) as log:
        await log.ended()
        await log.press("g", "j", "down", "k")
        assert log.viewport.cursor == 1
        assert [row.startswith("▌") for row in log.rows[:3]] == [False, True, False]


async def test_in_a_narrow_pane_a_message_has_the_place_of_the_search(open_pane: Open) -> None:
    async with open_pane(numbered(3), size=(40, 10)) as log:
        await log.ended()
        await log.press("/", *"line", "enter")
        assert "/line" in log.lower
        await log.press("T", "T", "T")
        assert "times: since line before" in log.lower
        assert "/line" not in log.lower


async def test_times_in_all_their_forms(open_pane: Open) -> None:
    async with open_pane(numbered(3)) as log:
        await log.ended()
        log.view.annotations.zone = timezone(timedelta(hours=1))
        await log.press("T")
        assert log.rows[0] == " 09:00:00Z line 0"
        await log.press("T")
        assert log.rows[0].split() == ["-4:04:48", "line", "0"]
        await log.press("T")
        assert [row.split()[0] for row in log.rows[:3]] == ["line", "+1.000", "+1.000"]
        assert "times: since line before" in log.lower
        await log.press("T")
        assert log.rows[0].split() == ["-4:04:48", "line", "0"]
        await log.press("g", "j", "m")
        assert [row.split()[-3] for row in log.rows[:3]] == ["-0:00:01", "+0:00:00", "+0:00:01"]
        await log.press("m", "T")
        assert log.rows[0] == " line 0"
        await log.press("T")
        assert log.rows[0] == " 10:00:00 line 0"


async def test_sideways_and_back(open_pane: Open) -> None:
    async with open_pane(["0123456789" * 30, "short"]) as log:
        await log.ended()
        await log.press("l")
        assert log.texts[0].startswith("89012345")
        assert log.texts[1] == ""
        assert log.view.render_line(0).text[0] == "‹"
        assert log.view.render_line(0).text[-2:] == "›│"
        await log.press("h")
        assert log.texts[0].startswith("01234567")
        await log.press("dollar_sign")
        assert log.texts[0].endswith("6789")
        await log.press("0")
        assert log.texts[1] == "short"


async def test_a_text_that_is_cut_says_so_beside_the_scroll_bar_too(open_pane: Open) -> None:
    async with open_pane(["0123456789" * 30, "short"] * 60) as log:
        await log.ended()
        shown = [log.view.render_line(y).text for y in range(log.view.size.height)]
        cut = [row for row in shown if "012345" in row]
        assert {row[-1] for row in cut} == {"│", "┃"}
        assert {row[-2] for row in cut} == {"›"}
        assert all("›" not in row for row in shown if "short" in row)


async def test_wrapping_shows_all_of_a_line(open_pane: Open) -> None:
    async with open_pane(["0123456789" * 20, "short"]) as log:
        await log.ended()
        await log.press("w")
        joined = "".join(log.texts[:3])
        assert joined == "0123456789" * 20
        assert log.texts[3] == "short"
        await log.press("w")
        assert log.texts[1] == "short"


async def test_a_very_long_line_says_how_long_it_is_and_its_rest_can_be_reached(
    open_pane: Open,
) -> None:
    async with open_pane(["x" * 1_200_000 + " its end", "short"]) as log:
        await log.ended()
        await log.press("g")
        assert log.texts[0].endswith("xx … 1,200,008 characters›")
        assert log.texts[1] == "short"
        await log.press("dollar_sign")
        assert log.texts[0].endswith("xx its end")
        await log.press("0", "slash", *"its end", "enter")
        await log.until(lambda: "xx its end" in log.texts[0])
        await log.press("escape", "w", "G")
        assert "… 1,200,008 characters in total; w shows them" in "\n".join(log.texts)


async def test_a_loss_and_a_return_are_lines_of_their_own(open_pane: Open) -> None:
    async def cut(exchange: Exchange) -> None:
        await exchange.head(chunked=True)
        await exchange.lines(0, 5)
        exchange.reset()

    async with open_pane(numbered(10), stream=cut) as log:
        await log.until(lambda: "· complete ·" in log.lower, 10)
        await log.until(lambda: sum(text.startswith("──") for text in log.texts) == 3)
        assert [text for text in log.texts if text.startswith("──")][:2] == [
            "── interrupted: the connection broke ──",
            "── resumed, 5 lines caught up, 0 lines lost ──",
        ]
        assert "10 lines · complete · 1 reconnect, no gaps" in log.lower


@pytest.mark.parametrize(
    ("phase", "quiet", "told"),
    [
        (LogPhase.LIVE, 3.0, "last event 3 s ago"),
        (LogPhase.LIVE, 89.0, "last event 1 min ago"),
        (LogPhase.LIVE, 3665.0, "last event 1 h ago"),
        (LogPhase.RECONNECTING, 20.0, "reconnecting in 4 s"),
        (LogPhase.RECONNECTING, 34.0, "reconnecting in 4 s, last event 30 s ago"),
        (LogPhase.CATCHING_UP, 34.0, "catching up"),
        (LogPhase.LOADING, 34.0, "last event 30 s ago"),
    ],
)
def test_the_age_of_a_log_is_not_rounded_up(phase: LogPhase, quiet: float, told: str) -> None:
    session = LogSession(RunKey("runner", "run"), NoService(), clock=lambda: 5000.0)
    session.state = LogState(phase=phase, last_event_at=5000.0 - quiet, retry_at=5004.0)
    log = LogViews().open(session, None, DisplayOptions())
    assert facts(log)[-1].text == told


async def test_before_there_is_anything(open_pane: Open, tap: Any) -> None:
    async with open_pane(numbered(10), stream=tap.script) as log:
        await log.until(lambda: any("No output yet" in row for row in log.rows))
        log.pane.show(None, None)
        await handled(log.pilot)
        assert any("No run selected" in row for row in log.rows)
        assert log.upper.startswith("╭ Log ──")
        for key in ("j", "G", "l", "w", "T", "g", "ctrl+d"):
            await log.press(key)


@pytest.mark.parametrize(
    ("status", "title", "hint"),
    [
        (404, "Not found", "It may have been deleted"),
        (410, "Log no longer kept", "Save logs that you need for longer."),
    ],
)
async def test_what_cannot_be_read_is_said_with_its_reason_and_not_asked_for_again(
    open_pane: Open, status: int, title: str, hint: str
) -> None:
    async def gone(exchange: Exchange) -> None:
        await exchange.answer(status, {"error": "why"})

    always = dict.fromkeys(("page", "stream"), gone)
    async with open_pane(numbered(10), size=(120, 36), always=always) as log:
        await log.until(lambda: log.session.state.phase is LogPhase.FAILED)
        await log.until(lambda: "✗ failed" in log.lower)
        assert any(f"{title}: why" in row for row in log.rows)
        assert "r retry" in log.lower
        assert hint in log.lower
        assert log.session.seconds_until_retry() is None
        assert log.server.count("page") == 1
        for kind in always:
            log.server._always.pop(kind)
        await log.press("r")
        await log.until(lambda: "line 9" in log.texts)


async def test_an_error_event_is_shown_and_the_log_is_read_on(open_pane: Open) -> None:
    async def broken(exchange: Exchange) -> None:
        await exchange.head()
        await exchange.lines(0, 5)
        await exchange.send(event("error", {"error": "the engine was shut down"}))

    async with open_pane(numbered(10), stream=broken) as log:
        notice = "── the service reports: the engine was shut down ──"
        await log.until(lambda: notice in log.texts)
        await log.until(lambda: any("log complete, 10 lines" in text for text in log.texts))


async def test_leaving_a_run_leaves_its_stream_and_coming_back_shows_where_it_was(
    open_pane: Open, tap: Any
) -> None:
    async with open_pane(numbered(100), stream=tap.script) as log:
        tap.open(90)
        await log.until(lambda: "line 89" in log.texts)
        await log.press("g", "j", "j")
        left = log.viewport
        assert len(left.layouts) > 0
        log.pane.show(None, None)
        await log.until(lambda: not log.session.in_use)
        await log.until(lambda: not tap.watched)
        assert len(left.layouts) == 0, "a log out of sight takes no more than its lines"
        log.pane.show(log.session, None)
        await handled(log.pilot)
        assert log.texts[0] == "line 0"
        assert log.viewport.cursor == 2


async def test_an_error_of_ours_is_shown_and_swallowed_by_nobody(open_pane: Open) -> None:
    async with open_pane(numbered(3)) as log:
        await log.ended()

        async def broken() -> None:
            await asyncio.sleep(0)
            raise ZeroDivisionError("a fault")

        log.session.buffer.__init__()
        log.session.run = broken
        log.pane.show(None, None)
        log.pane.show(log.session, None)
        await log.until(lambda: any("ZeroDivisionError: a fault" in row for row in log.rows))
        assert "✗ failed" in log.lower


async def test_the_mouse_scrolls_puts_the_cursor_and_drags_the_bar(open_pane: Open) -> None:
    async with open_pane(numbered(200)) as log:
        await log.ended()
        await log.press("g")
        await log.pilot.click("#log-view", offset=(20, 5))
        assert log.viewport.cursor == 5
        bar = log.view.size.width - 1
        await log.pilot.mouse_down("#log-view", offset=(bar, 0))
        await log.pilot._post_mouse_events([MouseMove], "#log-view", (bar, 11), button=1)
        await log.pilot.mouse_up("#log-view", offset=(bar, 11))
        assert 80 < log.viewport.visible_rows()[0].index < 120


async def test_without_colour_an_error_stands_out_by_its_weight(
    open_pane: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with open_pane(["ERROR disk full", "WARN slow", "fine"]) as log:
        await log.ended()
        styles = [
            next(segment.style for segment in log.view.render_line(y) if text in segment.text)
            for y, text in enumerate(("ERROR", "WARN", "fine"))
        ]
        assert [bool(style.bold) for style in styles] == [True, False, False]
        assert styles[0].color == styles[1].color == styles[2].color


async def test_how_logs_are_shown_is_remembered(open_pane: Open) -> None:
    async with open_pane(numbered(3)) as log:
        await log.ended()
        await log.press("w", "p", "T", "slash", *"line", "enter")
        state = log.pane.updated_state(UiState())
    async with open_pane(['{"msg":"hello"}', "line"]) as log:
        log.pane.restore_state(state)
        await log.ended()
        assert log.rows[0].startswith(" 09:00:00Z ")
        assert log.texts[0] == '{"msg":"hello"}'
        assert log.viewport.options.wrap
        await log.press("slash", "up", "enter")
        await log.until(lambda: "/line 1 of 1" in log.lower)


async def test_what_is_remembered_wrongly_does_no_harm(open_pane: Open) -> None:
    async with open_pane(numbered(3)) as log:
        log.pane.restore_state(UiState(choices={"log.times": "sidereal", "log.wrap": "7"}))
        await log.ended()
        assert log.viewport.options == DisplayOptions()


async def test_without_times_a_sign_tells_that_a_row_goes_on_with_the_line_above(
    open_pane: Open,
) -> None:
    async with open_pane(["x" * 100, "next"]) as log:
        await log.ended()
        await log.press("w")
        assert log.rows[1].startswith(" " * 10 + "x")
        await log.press("T", "T", "T", "T", "T")
        assert [row[:2] for row in log.rows[:3]] == [" x", "·x", " n"]


@pytest.mark.parametrize("keys", [(), ("slash", *"line", "enter")])
async def test_a_log_that_is_left_and_forgotten_is_gone_at_once(
    keys: tuple[str, ...], open_pane: Open, tap: Any
) -> None:
    async with open_pane(numbered(300), stream=tap.script) as log:
        tap.open(60)
        await log.until(lambda: "line 59" in log.texts)
        service = ScriptedService()
        service.send(NewLines(scripted_service.numbered(0, 5), live=True))
        other = LogSession(scripted_service.KEY, service)
        log.pane.show(other, None)
        await log.until(lambda: "line 4" in log.texts)
        if keys:
            await log.press(*keys)
            await log.until(lambda: "of 5" in log.lower)
        gone = weakref.ref(other.buffer)
        del other
        log.pane.show(log.session, None)
        await log.until(lambda: gone() is None, seconds=0.5)


async def test_without_a_log_only_the_keys_that_the_screen_may_have_are_left_to_it(
    open_pane: Open,
) -> None:
    async with open_pane(numbered(3)) as log:
        await log.ended()
        log.pane.show(None, None)
        for action in ("log_cursor_up", "log_search", "log_copy_menu", "log_save", "log_compare"):
            assert await log.app.run_action(action, log.pane)
        for action in (
            log.pane.action_log_leave,
            log.pane.action_log_copy_selection,
            log.pane.action_log_retry,
        ):
            with pytest.raises(SkipAction):
                action()
        assert log.app.screen is log.pane.screen
        assert not log.pane.search_bar.is_open
