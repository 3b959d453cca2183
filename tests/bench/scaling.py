"""The scaling curves: lines of a log, runs, runners, simultaneously streamed logs."""

import asyncio
import itertools
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence

from nodion_tui.api.follow.events import NewLines
from nodion_tui.monitor.monitor import DEFAULT_REQUESTS
from nodion_tui.monitor.polling.schedule import PollSchedule
from nodion_tui.ui.dashboard.layout import PaneName
from tests.bench.curves import MS_CPU, Curve
from tests.bench.fleet import Plan
from tests.bench.key_latency import at_place
from tests.bench.loglike import pages
from tests.bench.measure import Effort
from tests.bench.polling import busiest
from tests.bench.scenes import FEW, Cost, Scene, scene

_NEW_LINES = 100
_LINES_A_SECOND = 6_400
"""Total lines per second of all streamed logs."""
_HOUR = 3600.0
_BASE = 1_000
"""Number of lines or runs that fill the screen and all bounded lists."""

Costs = AsyncIterator[tuple[str, Cost]]


def curves(effort: Effort) -> Sequence[Curve]:
    """All scaling curves."""
    times = effort.of(60, 30)
    lines = (1_000, 10_000, 100_000, 1_000_000)
    runs = (10, 100, 1_000, 10_000)
    return [
        *_flat("lines", lines, lambda size: _by_lines(size, times)),
        *_flat("runs", runs, lambda size: _by_runs(size, times)),
        _by_runners((1, 10, 50, 200, 500)),
        _by_streams(effort, (1, 4, 16, 64)),
    ]


def _flat(name: str, sizes: Sequence[int], costs: Callable[[int], Costs]) -> list[Curve]:
    calls, used = defaultdict[str, list[float]](list), defaultdict[str, list[float]](list)
    for size in sizes:
        for what, cost in asyncio.run(_gathered(costs(size))):
            calls[what].append(cost.calls)
            used[what].append(cost.ms)
    return [
        Curve(name, unit, sizes, series, base=_BASE)
        for unit, series in (("calls", calls), (MS_CPU, used))
    ]


async def _gathered(costs: Costs) -> list[tuple[str, Cost]]:
    return [each async for each in costs]


async def _by_lines(size: int, times: int) -> Costs:
    new = NewLines(next(pages(_NEW_LINES)), live=True)
    async with scene(Plan(held=True), lines=size) as made:
        made.app.dashboard.panes.focus(PaneName.LOG)
        yield "append", await made.cost(lambda: made.append(new), times)
        yield "tick", await made.cost(made.tick, times)
        yield "scroll", await made.cost(_in_turn(made, "pageup", "pageup", "pagedown"), times)
        await _search(made, "worker-3")
        yield "search next", await made.cost(_in_turn(made, "n"), times)


async def _by_runs(size: int, times: int) -> Costs:
    async with scene(Plan(runs=size, changing=True)) as made:
        made.app.dashboard.panes.focus(PaneName.RUNS)
        yield "scroll", await made.cost(_in_turn(made, *["j"] * 8, *["k"] * 8), times)
        yield "tick", await made.cost(made.tick, times)
        same = made.decode(made.answer())
        await made.poll(same)
        yield "poll, unchanged", await made.cost(lambda: made.poll(same), times)
        other = iter([made.decode(made.answer()) for _ in range(times + FEW)])
        yield "poll, one changed", await made.cost(lambda: made.poll(next(other)), times)


def _in_turn(made: Scene, *keys: str) -> Callable[[], Awaitable[None]]:
    turn = itertools.cycle(keys)
    return lambda: made.press(next(turn))


async def _search(made: Scene, pattern: str) -> None:
    await made.press("slash")
    for key in pattern:
        await made.pilot.press("minus" if key == "-" else key)
    await made.press("enter")
    log = made.log.open_log
    assert log is not None
    while log.navigator.search is None or not log.navigator.search.state.done:
        await made.pilot.pause(0.05)
    await made.settled()


def _by_runners(sizes: Sequence[int]) -> Curve:
    """An hour of the polling schedule, with its own clock."""
    budget, ages = zip(*map(_hour, sizes), strict=True)
    series = {"requests in the busiest minute": budget, "oldest of 10 running, s": ages}
    return Curve("runners", "", sizes, series)


def _hour(runners: int) -> tuple[int, float]:
    """Requests in the busiest minute, and the longest wait of a list with active runs."""
    schedule, now = PollSchedule(DEFAULT_REQUESTS, 0.0), 0.0
    names = [str(number) for number in range(runners)]
    schedule.set_runners(names)
    schedule.set_preferred(selected=names[:1], running=names[:10])
    asked: list[tuple[float, str]] = []
    while now < _HOUR:
        target, wait = schedule.next_target(now)
        if target is None:
            now += wait
        else:
            schedule.request_sent(target, now)
            schedule.request_succeeded(target)
            asked.append((now, target))
    running = ([at for at, target in asked if target == name] for name in names[:10])
    gaps = [later - at for each in running for at, later in itertools.pairwise(each)]
    return busiest([at for at, _ in asked]), max(gaps)


def _by_streams(effort: Effort, sizes: Sequence[int]) -> Curve:
    """The installed program with a wall of a number of logs with a constant total rate."""
    seconds = effort.of(10, 5)
    return Curve(
        "streams",
        "µs CPU",
        sizes,
        {"a line on the wall": [_a_line(size, seconds) for size in sizes]},
    )


def _a_line(streams: int, seconds: float) -> float:
    """CPU microseconds per line, read and painted, including the edges of the tiles."""
    plan = Plan(runs=streams, running=streams, rate=_LINES_A_SECOND // streams)
    with at_place(plan, (240, 75), ("3",)) as program:
        used = program.busy(seconds)
    return used / seconds / _LINES_A_SECOND * 1e6
