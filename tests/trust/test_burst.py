"""Fifty thousand lines at once: all are kept in order, and keys are still handled.

`tests/bench/burst.py` repeats the burst every second and measures the latency of keys.
"""

from nodion_tui.config import Profile, Secret
from tests.support.hostile import Exchange, HostileServer, event
from tests.support.keys import press
from tests.support.onscreen import on_screen

LINES = 50_000


async def test_a_burst_is_kept_completely_in_order_without_blocking_keys() -> None:
    server = HostileServer(LINES)
    sent = b"".join(event("log", server.line(index)) for index in range(LINES))

    async def burst(exchange: Exchange) -> None:
        await exchange.head()
        await exchange.send(sent)
        server.written = LINES
        await exchange.state()

    server.plan("stream", burst)
    async with server, on_screen(Profile(api_url=server.url, key=Secret("key"))) as screen:
        slot = screen.app.dashboard.log_slot
        await screen.until(lambda: slot.pane is not None and slot.pane.session is not None)
        assert slot.pane is not None
        session = slot.pane.session
        assert session is not None
        await screen.until(lambda: session.buffer.lines)
        before = session.buffer.lines
        await press(screen.pilot, "question_mark")
        assert screen.app.screen is not screen.app.dashboard
        assert before <= session.buffer.lines < LINES
        await press(screen.pilot, "escape")
        await screen.sees(f"log complete, {LINES:,} lines", "no gaps")
        entries = session.buffer.entries(0, LINES)
        assert [entry.body for entry in entries] == [f"line {index}" for index in range(LINES)]
        assert (session.state.dropped, session.state.gaps) == (0, 0)
