"""Lines of several runs are merged by time, within a bounded memory."""

import asyncio

from nodion_tui.cli.tail.line_merger import HOLD_BACK, MAX_HELD, PATIENCE, HeldLine, LineMerger


class Printed:
    """What a merger has printed, at a time that a test sets."""

    def __init__(self) -> None:
        self.now = 0.0
        self.lines: list[str] = []
        self.merger = LineMerger(
            lambda lines: self.lines.extend(line.text.decode() or line.notice for line in lines),
            clock=lambda: self.now,
        )

    def after(self, seconds: float) -> list[str]:
        self.now += seconds
        self.merger.release()
        return self.lines


def at(time: float | None, text: str) -> HeldLine:
    return HeldLine(time, text.encode())


async def test_lines_wait_for_older_ones_and_a_run_s_own_order_stays() -> None:
    printed = Printed()
    first, second = printed.merger.open_source(), printed.merger.open_source()
    for source in (first, second):
        printed.merger.loaded(source)
    await printed.merger.put(
        first, [at(1, "a"), at(5, "b"), at(4, "c"), HeldLine(None, notice="!")]
    )
    assert printed.after(HOLD_BACK / 2) == []
    await printed.merger.put(second, [at(2, "x"), at(6, "y")])
    assert printed.after(HOLD_BACK / 2) == ["a", "x", "b", "c", "!"]
    assert printed.after(HOLD_BACK) == ["a", "x", "b", "c", "!", "y"]


async def test_others_wait_for_what_a_run_wrote_before_but_not_for_long() -> None:
    printed = Printed()
    first, second = printed.merger.open_source(), printed.merger.open_source()
    printed.merger.loaded(first)
    await printed.merger.put(first, [at(9, "new")])
    assert printed.after(HOLD_BACK) == []
    await printed.merger.put(second, [at(1, "old")])
    assert printed.after(HOLD_BACK) == ["old"]
    assert printed.after(PATIENCE) == ["old", "new"]


async def test_a_flood_waits_until_its_lines_are_printed() -> None:
    printed = Printed()
    source = printed.merger.open_source()
    putting = asyncio.create_task(
        printed.merger.put(source, [at(1, str(number)) for number in range(MAX_HELD)])
    )
    await asyncio.sleep(0)
    assert not putting.done()
    printed.merger.release()
    await putting
    assert len(printed.lines) == MAX_HELD
