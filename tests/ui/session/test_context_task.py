import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from nodion_tui.model.errors import ConfigError
from nodion_tui.ui.session.context_task import ContextTask


class Steps(list[tuple[str, asyncio.Task[object] | None]]):
    """Recorded events, each with its task."""

    @asynccontextmanager
    async def context(self) -> AsyncIterator[str]:
        self.append(("entered", asyncio.current_task()))
        yield "value"
        self.append(("left", asyncio.current_task()))


async def test_it_is_entered_and_left_in_one_task_which_is_not_ours() -> None:
    steps = Steps()
    held = ContextTask(steps.context)
    assert await held.enter() == "value"
    assert [step for step, _ in steps] == ["entered"]
    await held.leave()
    assert [step for step, _ in steps] == ["entered", "left"]
    assert steps[0][1] is steps[1][1] is not asyncio.current_task()


async def test_what_entering_raises_is_raised_and_leaving_is_quiet_then() -> None:
    @asynccontextmanager
    async def broken() -> AsyncIterator[str]:
        if asyncio.current_task():
            raise ConfigError("no such key")
        yield ""

    held = ContextTask(broken)
    with pytest.raises(ConfigError, match="no such key"):
        await held.enter()
    await held.leave()


async def test_leaving_gives_up_an_entering_that_takes_too_long() -> None:
    cancelled = asyncio.Event()

    @asynccontextmanager
    async def slow() -> AsyncIterator[str]:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            cancelled.set()
            raise
        yield ""

    held = ContextTask(slow)
    entering = asyncio.create_task(held.enter())
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    await held.leave()
    assert cancelled.is_set()
    with pytest.raises(asyncio.CancelledError):
        await entering


async def test_leaving_what_was_never_entered_does_nothing() -> None:
    await ContextTask(Steps().context).leave()


async def test_what_leaving_raises_is_raised() -> None:
    @asynccontextmanager
    async def clumsy() -> AsyncIterator[str]:
        yield ""
        raise OSError("disk full")

    held = ContextTask(clumsy)
    await held.enter()
    with pytest.raises(OSError, match="disk full"):
        await held.leave()
