"""P4: search for a rare string in a long log, compared with lnav; keys must stay responsive.

On the screen, in a pseudo-terminal: lnav from Enter to its first hit; ours from the paste of the
pattern and Enter to the hit count. In the process: other kinds of patterns, and the longest stall
of the event loop.
"""

import asyncio
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from nodion_tui.monitor.log.search.log_search import LogSearch
from nodion_tui.monitor.log.search.query import SearchQuery
from tests.bench import peers
from tests.bench.fleet import Plan
from tests.bench.loglike import NEEDLE, pages
from tests.bench.measure import Effort, Measure, Target, at_most, interleaved, told
from tests.bench.program import Program, dashboard
from tests.bench.service import service
from tests.support.filled_session import FilledSession

ROW = "P4"
STALL_MS = 10.0
"""Maximum stall of the event loop."""
_PATTERNS = (NEEDLE.lower(), r"needle_\w+stack", r"worker-\d .* needle|_haystack$")


def measure(effort: Effort) -> Sequence[Measure]:
    """On the screen, then in the process."""
    lines = effort.of(1_000_000, 200_000)
    return [*_on_screen(effort, lines), *_in_process(effort, lines)]


def _on_screen(effort: Effort, lines: int) -> list[Measure]:
    what = f"a rare string in {lines:,} lines, on the screen"
    with ours(lines) as program, peers.log_file(lines) as file:
        acts: list[Callable[[], tuple[float, ...]]] = [
            lambda: _find(program),
            lambda: (_find_in_lnav(file),),
        ]
        try:
            found, by_peer = interleaved(effort, *acts)
        except peers.Missing as missing:
            found = interleaved(effort, acts[0])[0]
            return [Measure(ROW, what, "ms", [each[0] for each in found], missing=str(missing))]
    wall, cpu = zip(*found, strict=True)
    (wall_peer,) = zip(*by_peer, strict=True)
    return [
        Measure(ROW, what, "ms", wall, wall_peer, "lnav", Target(0.1)),
        told(ROW, f"{what}, CPU", "ms", cpu),
    ]


@contextmanager
def ours(lines: int) -> Iterator[Program]:
    """The dashboard with a completely read log that has the focus."""
    plan = Plan(lines=lines, running=0)
    with service(plan) as served, dashboard(served.url) as program:
        program.moment("complete ·")
        program.press("\t", "\t")
        program.settle()
        program.press("enter", "g")
        program.settle()
        yield program


def _find(program: Program) -> tuple[float, float]:
    """Milliseconds and CPU milliseconds from a pasted pattern to the hit; resets the search."""
    program.press("/")
    program.settle(0.3)
    written, used, began = program.written, program.cpu, time.monotonic()
    program.type(f"\x1b[200~{NEEDLE}\x1b[201~\r")
    taken = program.moment("1 of 1", start=written) - began, program.cpu - used
    program.settle(0.3)
    for key in ("escape", "g"):
        program.press(key)
        program.settle(0.3)
    return taken[0] * 1000, taken[1] * 1000


def _find_in_lnav(file: Path) -> float:
    """Milliseconds from Enter to the hit, in a new lnav process, as it caches the pattern."""
    with peers.lnav(file) as program:
        program.type("g")
        program.wait_for("L0 ", 60)
        program.type(f"/{NEEDLE}")
        program.wait_for(NEEDLE[-12:], 60)
        written, began = program.written, time.monotonic()
        program.type("\r")
        # It counts from 0 on while it searches.
        return (program.moment("1 hits for", start=written) - began) * 1000


def _in_process(effort: Effort, lines: int) -> list[Measure]:
    session = FilledSession(max_bytes=2**34)
    for page in pages(lines):
        session.buffer.extend(page)
    gathered: list[Measure] = []
    for pattern in _PATTERNS:
        rounds = [asyncio.run(_search(session, SearchQuery(pattern))) for _ in effort.each]
        done, stalls = zip(*rounds, strict=True)
        gathered += [
            told(ROW, f"the whole search for {pattern}", "ms", done),
            at_most(ROW, "longest stall of the event loop meanwhile", "ms", stalls, STALL_MS),
        ]
    return gathered


async def _search(session: FilledSession, query: SearchQuery) -> tuple[float, float]:
    """Milliseconds of a search, and of the longest stall of the event loop during it."""
    began = last = time.perf_counter()
    longest = 0.0
    search = LogSearch(session, [query])
    task = asyncio.create_task(search.run())
    while not search.state.done:
        await asyncio.sleep(0.0005)
        now = time.perf_counter()
        longest, last = max(longest, now - last), now
    task.cancel()
    await asyncio.wait((task,))
    assert len(search.hits) == 1, search.state
    return (last - began) * 1000, longest * 1000
