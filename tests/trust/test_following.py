"""`nodion-tui logs -f` with all faults of the service: each line once, and the run's exit code.

`tests/bench/follow_program.py` has the faults that take a minute.
"""

import asyncio
from pathlib import Path

from tests.api.follow.faults import FAULTS, Fault
from tests.support.forks import Completed, Forks
from tests.support.hostile import RUN_ID, RUNNER_ID
from tests.trust.conftest import CANARY

SLOW = frozenset({"silent stall", "429 Retry-After"})
UNLUCKY = "import random; random.random = lambda: 0.0"
"""Makes every back-off as short as possible."""


async def followed(forks: Forks, fault: Fault, folder: Path) -> Completed:
    """Runs the program against a server with this fault."""
    async with fault.server() as server:
        env = {"NODION_API_URL": server.url, "NODION_API_KEY": CANARY, "HOME": str(folder)}
        return await forks.run("logs", RUNNER_ID, RUN_ID, "-f", env=env, folder=folder)


def wrong(fault: Fault, done: Completed) -> str:
    """Describes a deviation from the expected result; empty if there is none."""
    server = fault.server()
    count = server.total if fault.expected is None else fault.expected
    lines = [server.line(index)["body"] for index in range(count)]
    if done.out.splitlines() != "\n".join(lines).splitlines():
        return f"{fault.name}: {len(done.out.splitlines())} of {count} lines"
    if done.code != (125 if fault.refused else server.exit_code):
        return f"{fault.name}: exit {done.code}, {done.err}"
    if fault.refused and fault.refused.title not in done.err:
        return f"{fault.name}: {done.err}"
    if "Traceback" in done.err or CANARY in done.err:
        return f"{fault.name}: {done.err}"
    return ""


async def test_lines_are_complete_unique_and_in_order(tmp_path: Path) -> None:
    slots = asyncio.Semaphore(12)

    async def suffer(forks: Forks, fault: Fault) -> str:
        async with slots:
            return wrong(fault, await followed(forks, fault, tmp_path))

    faults = [fault for fault in FAULTS if fault.name not in SLOW]
    with Forks(UNLUCKY) as forks:
        problems = await asyncio.gather(*(suffer(forks, fault) for fault in faults))
    assert not [problem for problem in problems if problem]
    assert len(problems) == 37
