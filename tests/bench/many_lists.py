"""P9b: memory and CPU of the idle dashboard on many long lists that are sent whole each time.

A service without ETags sends a list of a thousand runs again with every poll, some 0.4 MB. Most of
the CPU is the way of these bytes through h11 and httpcore.
"""

import time
from collections.abc import Sequence

from nodion_tui.ui.terminal.memory_tuning import TRIM_SECONDS
from tests.bench.fleet import Plan
from tests.bench.measure import Effort, Measure, at_most
from tests.bench.outside import outside_address, outside_settings
from tests.bench.program import dashboard
from tests.bench.service import service

ROW = "P9b"
RUNNERS, RUNS = 100, 1_000
MEMORY_LIMIT = 100 * 2**20 / 1e6
"""Megabytes."""
CPU_LIMIT = 2.0
"""Percent of a core."""
_PLAN = Plan(runners=RUNNERS, runs=RUNS, running=20)


def measure(effort: Effort) -> Sequence[Measure]:
    """After all lists were read, within the budget of a service that is not on loopback."""
    host = outside_address()
    what = f"{RUNNERS} runners with {RUNS:,} runs each"
    if host is None:
        return [Measure(ROW, what, "", (), missing="no address but loopback")]
    with service(_PLAN, host) as served:
        settings = outside_settings(served.url, streams=24)
        with dashboard(served.url, settings=settings) as program:
            program.wait_for(f"All runners · {RUNNERS * RUNS:,}", timeout=180)
            program.settle()
            time.sleep(TRIM_SECONDS + 1)
            memory, seconds = program.resident, effort.of(30, 10)
            used = [100 * program.busy(seconds) / seconds for _ in effort.each]
    return [
        at_most(ROW, f"{what}: memory", "MB", (memory,), MEMORY_LIMIT),
        at_most(ROW, f"{what}: nobody typing", "% CPU", used, CPU_LIMIT),
    ]
