"""Memory use at start and after a week."""

import asyncio
import gc
import weakref

from nodion_tui.ui.terminal.memory_tuning import MemoryTrimmer
from tests.support.virtual_time import in_virtual_time, virtual_time_loop


class Knot:
    """Garbage that only the collector frees."""

    def __init__(self) -> None:
        self.itself = self


def make_objects() -> None:
    """More than the collector's first threshold."""
    assert [[] for _ in range(2 * gc.get_threshold()[0])]


@in_virtual_time
async def test_garbage_is_given_back_now_and_then_but_not_while_somebody_types() -> None:
    answers = iter([False, True, True, False, False])
    asked_at: list[float] = []

    def is_busy() -> bool:
        asked_at.append(virtual_time_loop().time())
        return next(answers)

    MemoryTrimmer(is_busy)
    for knot in (weakref.ref(Knot()), weakref.ref(Knot())):
        make_objects()
        await asyncio.sleep(45)
        assert knot() is None
    await asyncio.sleep(20)
    assert [round(at) for at in asked_at] == [30, 60, 61, 62, 92]


@in_virtual_time
async def test_where_next_to_nothing_was_made_nothing_is_walked_through() -> None:
    before = gc.get_threshold()
    gc.set_threshold(100_000, *before[1:])
    try:
        MemoryTrimmer(lambda: False)
        gc.collect()
        knot = weakref.ref(Knot())
        await asyncio.sleep(45)
        assert knot() is not None
        make_objects()
        await asyncio.sleep(30)
        assert knot() is None
    finally:
        gc.set_threshold(*before)
