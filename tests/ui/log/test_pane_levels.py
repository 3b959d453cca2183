"""Lines of another `log_level` than the documented one are marked, counted and hidden."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

from nodion_tui.ui.log.screen_rows import NOT_PUBLIC_SIGN
from tests.support.hostile import Exchange, event

Open = Callable[..., AbstractAsyncContextManager[Any]]


async def two_levels(exchange: Exchange) -> None:
    """Every third line is internal; pages have none of them."""
    server = exchange.server
    await exchange.head()
    for number in range(exchange.after, server.total):
        line = server.line(number)
        if number % 3 == 2:
            line["log_level"] = "log_internal"
        await exchange.send(event("log", line))
    await exchange.silence()


async def test_lines_that_are_not_public_are_marked_and_can_be_hidden(open_pane: Open) -> None:
    bodies = [f"line {number}" for number in range(9)]
    async with open_pane(bodies, stream=two_levels, size=(100, 20)) as log:
        await log.until(lambda: "line 8" in log.texts)
        marked = [row for row in log.rows if row.startswith(NOT_PUBLIC_SIGN)]
        assert [row.rsplit(" ", 1)[1] for row in marked] == ["2", "5", "8"]
        assert "3 not public (I)" in log.lower
        log.view.focus()
        await log.press("I")
        await log.until(lambda: "3 hidden (I)" in log.lower)
        shown = [text for text in log.texts if text.startswith("line")]
        assert shown == [f"line {number}" for number in (0, 1, 3, 4, 6, 7)]
        await log.press("I")
        await log.until(lambda: "line 8" in log.texts)
