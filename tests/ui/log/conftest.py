"""A log pane in its own app, reading from its own server."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from time import monotonic

import pytest
from textual.app import App, ComposeResult
from textual.pilot import Pilot

from nodion_tui.api.client import NodionClient
from nodion_tui.config import Profile, Secret
from nodion_tui.model.run import Run, RunKey, RunRecord
from nodion_tui.monitor.log.buffer import DEFAULT_MAX_BYTES
from nodion_tui.monitor.log.session import LogSession
from nodion_tui.monitor.log.source import ClientLogSource
from nodion_tui.monitor.log.state import LogPhase
from nodion_tui.ui.log.border import LogBorder
from nodion_tui.ui.log.pane import LogPane
from nodion_tui.ui.log.screen_rows import text_column
from nodion_tui.ui.log.search_navigator import SearchNavigator
from nodion_tui.ui.log.view import LogView
from nodion_tui.ui.log.viewport.viewport import LogViewport
from tests.support.hostile import RUN_ID, RUNNER_ID, Exchange, HostileServer, Script
from tests.support.keys import handled, press
from tests.support.loglines import START

KEY = RunKey(RUNNER_ID, RUN_ID)


class PaneApp(App[None]):
    """An app with only a log pane."""

    def __init__(self) -> None:
        super().__init__()
        self.copied: list[str] = []

    def compose(self) -> ComposeResult:
        yield LogPane(id="log")

    def copy_to_clipboard(self, text: str) -> None:
        self.copied.append(text)
        super().copy_to_clipboard(text)


@dataclass
class Opened:
    """A pane on screen with its session and app."""

    app: PaneApp
    pilot: Pilot[None]
    server: HostileServer
    session: LogSession
    pane: LogPane

    @property
    def view(self) -> LogView:
        return self.pane.view

    @property
    def viewport(self) -> LogViewport:
        return self.view.viewport

    @property
    def navigator(self) -> SearchNavigator:
        assert self.pane.open_log is not None
        return self.pane.open_log.navigator

    @property
    def rows(self) -> list[str]:
        """The text of each row of the log, without the border."""
        return [self.view.render_line(y).text[1:-1].rstrip() for y in range(self.view.size.height)]

    @property
    def texts(self) -> list[str]:
        """The text of each row without sign and timestamp."""
        return [row[text_column(self.view.viewport) - 1 :] for row in self.rows]

    @property
    def upper(self) -> str:
        return self.pane.query_one("#log-title", LogBorder).render_line(0).text

    @property
    def lower(self) -> str:
        return self.pane.query_one("#log-footer", LogBorder).render_line(0).text

    async def until(self, true: Callable[[], object], seconds: float = 5.0) -> None:
        """Wait until a condition is true."""
        deadline = monotonic() + seconds
        while not true():
            assert monotonic() < deadline, f"still not: {self.rows} {self.lower}"
            await handled(self.pilot)
            await asyncio.sleep(0.005)

    async def ended(self) -> None:
        """Wait until the log is complete and on screen."""
        await self.until(lambda: self.session.state.phase is LogPhase.ENDED)
        await self.until(lambda: any(text.startswith("── ") for text in self.texts))

    async def press(self, *keys: str) -> None:
        await press(self.pilot, *keys)


class Tap:
    """Releases a run's lines on request of a test."""

    def __init__(self) -> None:
        self.watched = False
        """Whether a stream is open."""
        self._turned = asyncio.Event()
        self._upto = 0
        self._ended = False

    def open(self, upto: int, *, end: bool = False) -> None:
        """Release the lines before this one, and optionally the end of the run."""
        self._upto, self._ended = upto, end
        self._turned.set()

    async def script(self, exchange: Exchange) -> None:
        """Serves a stream."""
        self.watched = True
        gone = asyncio.ensure_future(exchange.silence())
        await exchange.head(chunked=True)
        sent = exchange.after
        while not self._ended and not gone.done():
            turned = asyncio.ensure_future(self._turned.wait())
            await asyncio.wait((turned, gone), return_when=asyncio.FIRST_COMPLETED)
            turned.cancel()
            self._turned.clear()
            await exchange.lines(sent, self._upto)
            sent = max(sent, self._upto)
        if self._ended:
            await exchange.state()
            await exchange.finish()
        gone.cancel()
        self.watched = False


@pytest.fixture
def tap() -> Tap:
    return Tap()


Open = Callable[..., AbstractAsyncContextManager[Opened]]


@pytest.fixture
def open_pane() -> Open:
    """Opens a log of these bodies: `async with open_pane(bodies) as log`."""

    @asynccontextmanager
    async def opening(
        bodies: Sequence[str],
        *,
        size: tuple[int, int] = (80, 24),
        stream: Script | None = None,
        run: Run | None = None,
        always: Mapping[str, Script] | None = None,
        max_bytes: int = DEFAULT_MAX_BYTES,
    ) -> AsyncIterator[Opened]:
        async with HostileServer(bodies=bodies) as server:
            if stream is not None:
                server.plan("stream", stream)
            for kind, script in (always or {}).items():
                server.always(kind, script)
            client = NodionClient(Profile(api_url=server.url, key=Secret("test-key")))
            session = LogSession(KEY, ClientLogSource(lambda: client), max_bytes=max_bytes)
            app = PaneApp()
            try:
                async with app.run_test(size=size) as pilot:
                    pane = app.query_one(LogPane)
                    pane.show(session, run or default_run())
                    pane.view.focus()
                    yield Opened(app, pilot, server, session, pane)
            finally:
                if session._task is not None:
                    await asyncio.wait((session._task,))
                await client.aclose()

    return opening


def default_run() -> Run:
    """The server's run as known before its log is read."""
    return RunRecord(
        id=RUN_ID,
        runner_id=RUNNER_ID,
        status="running",
        argv=("python", "migrate.py"),
        created_at=START - timedelta(seconds=5),
        started_at=START,
    ).run
