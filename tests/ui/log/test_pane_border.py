"""What the lower border of a log says of how its lines are shown."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

import pytest

Open = Callable[..., AbstractAsyncContextManager[Any]]
BODIES = ["one", "ERROR two", "three"]


@pytest.mark.parametrize(
    ("columns", "said"), [(40, (" only matches", "times:")), (32, (" only match",))]
)
async def test_a_message_leaves_the_note_that_lines_are_hidden(
    open_pane: Open, columns: int, said: tuple[str, ...]
) -> None:
    async with open_pane(BODIES, size=(columns, 10)) as log:
        await log.ended()
        await log.press("slash", *"error", "enter")
        await log.until(lambda: log.navigator.search and log.navigator.search.state.done)
        await log.press("x", "T")
        await log.until(lambda: all(words in log.lower for words in said))


async def test_the_border_says_that_lines_are_wrapped(open_pane: Open) -> None:
    async with open_pane(BODIES) as log:
        await log.ended()
        assert "wrapped" not in log.lower
        await log.press("w")
        assert " · wrapped ─" in log.lower
