"""Snapshots of the log pane in each of its modes."""

from collections.abc import AsyncGenerator, Callable
from datetime import UTC, timedelta
from typing import Any

import pytest
from textual.app import App, ComposeResult
from textual.pilot import Pilot

from nodion_tui.api.follow.events import (
    CaughtUp,
    FollowEvent,
    HistoryRead,
    NewLines,
    RunEnded,
    StreamLost,
    StreamOpened,
)
from nodion_tui.model.line_ids import LineIdSet
from nodion_tui.model.listing import Listing
from nodion_tui.model.log_line import FinalState, LogLine
from nodion_tui.model.run import RunKey, RunRecord
from nodion_tui.monitor.log.session import LogSession
from nodion_tui.monitor.log.state import LogPhase
from nodion_tui.ui.log.pane import LogPane
from nodion_tui.ui.paint.theme import THEMES
from tests.support.keys import press
from tests.support.loglines import START, log_lines
from tests.support.seen_terminal import assert_all_painted

KEY = RunKey("a1b2c3d4", "e5f6a7b8-c9d0-1234-efab-345678901234")
BODIES = (
    "Pulling mycompany/backup-tool:latest",
    "========> Executing command",
    "\x1b[32mINFO\x1b[0m connecting to \x1b[1mdb-1.internal\x1b[0m:5432",
    "WARN slow query, 1.2 s",
    "10%\r50%\r100% copied",
    "wide 日本語 and combining e\u0301",
    "tab\tseparated\tvalues",
    "\x1b]0;title\x07 evil \u202e override",
    '{"time":"2026-01-15T13:04:57Z","level":"error","msg":"payment failed","order":1234}',
    "Traceback (most recent call last):",
    '  File "app.py", line 3, in <module>',
    "    main()",
    "ValueError: amount",
    "a line that is longer than the window " * 5,
    "\x1b[38;2;255;140;0mtrue colour\x1b[0m \x1b[7mreverse\x1b[0m \x1b[3;4mitalic\x1b[0m",
)


class Recorded:
    """A recorded log: pages, an outage, more lines, and the end."""

    async def follow(
        self, key: RunKey, after_id: str | None, seen: LineIdSet
    ) -> AsyncGenerator[FollowEvent, None]:
        del key, after_id, seen
        yield NewLines(log_lines(BODIES), live=False)
        yield HistoryRead()
        yield StreamOpened(resumed=False)
        yield StreamLost("cut", 4.0, 1)
        yield StreamOpened(resumed=True, outage=4.0)
        yield CaughtUp()
        yield NewLines(log_lines(["all done"], len(BODIES)), live=True)
        final = FinalState(
            status="failed",
            exit_code=1,
            started_at=START,
            completed_at=START + timedelta(seconds=270),
        )
        yield RunEnded(final, complete=True)

    async def page(self, key: RunKey, after_id: str | None) -> Listing[LogLine]:
        raise NotImplementedError


class SnapApp(App[None]):
    """An app with only the pane."""

    def __init__(self, theme: str) -> None:
        super().__init__()
        for each in THEMES:
            self.register_theme(each)
        self.theme = theme
        self.session = LogSession(KEY, Recorded())

    def compose(self) -> ComposeResult:
        yield LogPane()

    def on_mount(self) -> None:
        pane = self.query_one(LogPane)
        run = RunRecord(
            id=KEY.run_id, runner_id=KEY.runner_id, status="failed", started_at=START
        ).run
        pane.show(self.session, run)
        pane.view.focus()


MODES: dict[str, tuple[str, ...]] = {
    "end": (),
    "paused": ("g", "j", "j"),
    "wrapped": ("g", "w"),
    "sideways": ("g", "l", "l"),
    "raw-utc": ("g", "p", "T"),
    "expanded": ("g", *["j"] * 8, "enter"),
    "folded": ("g", *["j"] * 10, "enter", "m"),
    "search": ("g", "slash", *"error", "enter", "n"),
    "matches": ("g", "slash", *"error", "enter", "x", "}"),
    "typing": ("slash", *"o("),
    "selected": ("g", "j", "v", "j", "j"),
    "copy": ("g", "v", "j", "y"),
}


@pytest.mark.parametrize("mode", MODES)
def test_a_mode(mode: str, snap_compare: Callable[..., bool]) -> None:
    app = SnapApp("nodion-dark")
    assert snap_compare(app, terminal_size=(90, 24), run_before=entering(mode))


@pytest.mark.parametrize("theme", ["nodion-light", "nodion-contrast", "nodion-ansi"])
def test_a_theme(theme: str, snap_compare: Callable[..., bool]) -> None:
    assert snap_compare(SnapApp(theme), terminal_size=(90, 24), run_before=entering("matches"))


def test_a_small_window(snap_compare: Callable[..., bool]) -> None:
    app = SnapApp("nodion-dark")
    assert snap_compare(app, terminal_size=(40, 10), run_before=entering("end"))


def entering(mode: str) -> Callable[[Pilot[None]], Any]:
    """Brings the pane into a mode."""

    async def enter(pilot: Pilot[None]) -> None:
        app = pilot.app
        assert isinstance(app, SnapApp)
        pane = app.query_one(LogPane)
        while app.session.state.phase is not LogPhase.ENDED or not pane.view.annotations.started_at:
            await pilot.pause(0.01)
        pane.view.annotations.zone = UTC
        for key in MODES[mode]:
            await press(pilot, key)
            log = pane.open_log
            while log and log.navigator.search and not log.navigator.search.state.done:
                await pilot.pause(0.01)
        pane.redraw()
        await pilot.pause(0.15)
        await assert_all_painted(app)  # otherwise the snapshot differs from the screen

    return enter
