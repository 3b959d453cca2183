"""Fifty thousand lines at once: each is kept, in order, and keys still have their turn.

`tests/bench/burst.py` has them come every second, and measures how long a key takes meanwhile.
"""

from nodion_tui.config import Profile, Secret
from tests.support.hostile import Exchange, HostileServer, event
from tests.support.keys import press
from tests.support.onscreen import on_screen

LINES = 50_000


async def test_a_burst_is_kept_whole_and_in_order_and_holds_up_no_key() -> None:
    server = HostileServer(LINES)
    sent = b"".join(event("log", server.line(index)) for index in range(LINES))

    async def burst(exchange: Exchange) -> None:
        await exchange.head()
        await exchange.send(sent)
        server.written = LINES
        await exchange.state()

    server.plan("stream", burst)
    async with server, on_screen(Profile(api_url=server.url, key=Secret("key"))) as screen:
        log = screen.app.dashboard
        await screen.until(lambda: log._log is not None and log._log.session is not None)
        assert log._log is not None
        session = log._log.session
        assert session is not None
        await screen.until(lambda: session.buffer.lines)
        before = session.buffer.lines
        await press(screen.pilot, "question_mark")
        assert screen.app.screen is not log
        assert before <= session.buffer.lines < LINES
        await press(screen.pilot, "escape")
        await screen.sees(f"log complete, {LINES:,} lines", "no gaps")
        entries = session.buffer.entries(0, LINES)
        assert [entry.body for entry in entries] == [f"line {index}" for index in range(LINES)]
        assert (session.state.dropped, session.state.gaps) == (0, 0)
