"""`nodion-tui logs -f` with a disconnect every few hundred lines: no lost lines, and memory growth.

python -m tests.bench.follow_cuts [LINES [LINES_BETWEEN_CUTS]]      default: 1,000,000 and 500
"""

import asyncio
import sys
import time
from asyncio.subprocess import PIPE, Process
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.api.follow.faults import cut_before_pages
from tests.support.hostile import RUN_ID, RUNNER_ID, HostileServer
from tests.trust.test_following import UNLUCKY

_START = f"{UNLUCKY}\nfrom nodion_tui.cli import main\nmain()"


def resident(process: Process) -> float:
    """Resident memory in MB."""
    status = Path(f"/proc/{process.pid}/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024


async def measure(lines: int, between: int) -> None:
    """Follow, check each line, and print statistics after each tenth."""
    async with HostileServer(lines, exit_code=3) as server:
        server.always("stream", cut_before_pages(between))
        with TemporaryDirectory() as home:
            words = ("-c", _START, "logs", RUNNER_ID, RUN_ID, "-f")
            env = {"NODION_API_URL": server.url, "NODION_API_KEY": "k", "HOME": home}
            process = await asyncio.create_subprocess_exec(
                sys.executable, *words, env=env, stdout=PIPE, stderr=asyncio.subprocess.DEVNULL
            )
            assert process.stdout is not None
            began, count = time.monotonic(), 0
            async for line in process.stdout:
                assert line == b"line %d\n" % count, (line, count)
                count += 1
                if count % (lines // 10) == 0:
                    took = time.monotonic() - began
                    print(f"{count:>9,} lines  {resident(process):6.1f} MB  {took:5.0f} s")
            assert await process.wait() == 3
            assert count == lines
        print(f"{server.count('stream'):,} streams: lost 0, doubled 0, disordered 0")


if __name__ == "__main__":
    asyncio.run(measure(*(int(word) for word in (*sys.argv[1:], "1000000", "500")[:2])))
