"""What a person waits for in a log is painted without waiting for the next frame."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

import pytest

from nodion_tui.ui.log.view import LogView
from nodion_tui.ui.terminal.inside.repaint_screen import MinimalRepaintScreen
from tests.ui.log.conftest import PaneApp

Open = Callable[..., AbstractAsyncContextManager[Any]]


class Frames(MinimalRepaintScreen[None]):
    """Keeps the rows of the log that the last frame showed."""

    shown = ""

    def paint(self) -> None:
        super().paint()
        view = self.query_one(LogView)
        rows = [view.render_line(y).text for y in range(view.size.height)]
        self.shown = "\n".join(rows)


async def test_the_first_lines_and_the_end_of_a_log_are_painted_at_once(
    open_pane: Open, tap: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(PaneApp, "get_default_screen", lambda _: Frames())
    monkeypatch.setattr("textual.screen.UPDATE_PERIOD", 3600)
    async with open_pane([f"line {number}" for number in range(9)], stream=tap.script) as log:
        screen = log.app.screen
        await log.until(lambda: tap.watched)
        screen.paint()  # the layout of the first frame
        tap.open(3)
        await log.until(lambda: "line 2" in screen.shown)

        tap.open(6)
        await log.until(lambda: "line 5" in log.texts)
        assert "line 5" not in screen.shown, "nobody waits for this one"

        tap.open(9, end=True)
        await log.until(lambda: "log complete, 9 lines" in screen.shown)
