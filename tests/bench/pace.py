"""How slow this machine is, against the one on which limits in ms and in % of a core were set.

Targets are ratios, as machines differ. Such limits are ratios, too: of the first paint of one
Static, which took 0.235 s where they were set.
"""

import statistics

from tests.bench.first_paint import paint
from tests.bench.peers import STATIC_WORDS, static_app

_REFERENCE_SECONDS = 0.235
_PAINTS = 5


def pace() -> float:
    """CPU time of that paint here and now, over the one where limits were set; 2: half as fast."""
    return statistics.median(_paint_cpu() for _ in range(_PAINTS)) / _REFERENCE_SECONDS


def _paint_cpu() -> float:
    _, cpu, _ = paint(static_app, STATIC_WORDS)
    return cpu
