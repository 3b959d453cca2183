"""The scaling curves: lines of a log, runs, runners, simultaneously streamed logs.

What must be flat is measured in several rounds, of which the cheapest counts: other programs and a
cold cache only add.
"""

import asyncio
import itertools
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence

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
_BASE_RUNNERS = 50
"""Number of runners that fill the screen."""
_BASE_STREAMS = 16
"""Number of logs that fill the wall."""
_RUNS_EACH = 20
_ROUNDS = 3
"""Fewest rounds."""

Costs = AsyncIterator[tuple[str, Cost]]


def curves(effort: Effort) -> Iterator[Curve]:
    """All scaling curves, one after the other."""
    times, rounds = effort.of(60, 12), max(effort.rounds, _ROUNDS)
    lines = (1_000, 10_000, 100_000, 1_000_000)
    runs, runners = (10, 100, 1_000, 10_000), (1, 10, 50, 500)
    yield from _flat("lines", lines, _BASE, rounds, lambda size: _by_lines(size, times))
    yield from _flat("runs", runs, _BASE, rounds, lambda size: _by_runs(size, times))
    yield from _flat("runners", runners, _BASE_RUNNERS, rounds, lambda size: _of_all(size, times))
    yield _polls_by_runners((1, 10, 50, 200, 500))
    yield _by_streams(effort, (1, 4, 16, 64))


def _flat(
    name: str, sizes: Sequence[int], base: int, rounds: int, costs: Callable[[int], Costs]
) -> Iterator[Curve]:
    """The least cost of all rounds; sizes that are not judged are measured in the first alone."""
    least = defaultdict[str, dict[int, Cost]](dict)
    for turn in range(rounds):
        for size in sizes if turn == 0 else (base, sizes[-1]):
            for what, cost in asyncio.run(_gathered(costs(size))):
                least[what][size] = cost.least(least[what].get(size, cost))
    calls = {what: [by_size[size].calls for size in sizes] for what, by_size in least.items()}
    used = {what: [by_size[size].ms for size in sizes] for what, by_size in least.items()}
    yield Curve(name, "calls", sizes, calls, base=base)
    yield Curve(name, MS_CPU, sizes, used, base=base)


class _Least:
    """The least cost at each size."""

    def __init__(self) -> None:
        self.at: dict[int, float] = {}

    def add(self, size: int, cost: float) -> None:
        """Take in the cost of a round."""
        self.at[size] = min(cost, self.at.get(size, cost))


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


async def _polls(made: Scene, times: int) -> Costs:
    same = made.decode(made.answer())
    await made.poll(same)
    yield "poll, unchanged", await made.cost(lambda: made.poll(same), times)
    other = iter([made.decode(made.answer()) for _ in range(times + FEW)])
    yield "poll, one changed", await made.cost(lambda: made.poll(next(other)), times)


async def _by_runs(size: int, times: int) -> Costs:
    async with scene(Plan(runs=size, changing=True)) as made:
        made.app.dashboard.panes.focus(PaneName.RUNS)
        yield "scroll", await made.cost(_in_turn(made, *["j"] * 8, *["k"] * 8), times)
        yield "tick", await made.cost(made.tick, times)
        async for cost in _polls(made, times):
            yield cost


async def _of_all(size: int, times: int) -> Costs:
    """With the runs of all runners in the list, twenty of each."""
    async with scene(Plan(runners=size, runs=_RUNS_EACH, changing=True)) as made:
        made.app.dashboard.panes.focus(PaneName.RUNNERS)
        yield "tick", await made.cost(made.tick, times)
        async for cost in _polls(made, times):
            yield cost


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


def _polls_by_runners(sizes: Sequence[int]) -> Curve:
    """An hour of the polling schedule, with its own clock."""
    budget, ages = zip(*map(_hour, sizes), strict=True)
    series = {"requests in the busiest minute": budget, "oldest of 10 running, s": ages}
    return Curve("runners polled", "", sizes, series)


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
    """The installed program with a wall of a number of logs with a constant total rate.

    It is judged from the number of logs on that fills the wall. Below, lines come in fewer reads,
    which cost some 45 µs each: one log has 50 a second of 128 lines, 64 have 3,200 of two.
    """
    seconds, least = effort.of(10, 5), _Least()
    for turn in range(max(effort.rounds, _ROUNDS)):
        for size in sizes if turn == 0 else (_BASE_STREAMS, sizes[-1]):
            least.add(size, _a_line(size, seconds))
    series = {"a line on the wall": [least.at[size] for size in sizes]}
    return Curve("streams", "µs CPU", sizes, series, base=_BASE_STREAMS)


def _a_line(streams: int, seconds: float) -> float:
    """CPU microseconds per line, read and painted, including the edges of the tiles."""
    plan = Plan(runs=streams, running=streams, rate=_LINES_A_SECOND // streams)
    with at_place(plan, (240, 75), ("3",)) as program:
        used = program.busy(seconds)
    return used / seconds / _LINES_A_SECOND * 1e6
