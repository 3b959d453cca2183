"""D: time from the creation of a run until it is seen, among 500 runners within the same budget.

A simulated day behind the real schedule, beside one that polls all lists in turn. It takes no time
of a clock: the figures are the same on every machine.
"""

import random
from collections.abc import Sequence

from nodion_tui.monitor.polling.schedule import FLOOR_SECONDS
from tests.bench.measure import Effort, Measure, Target, at_most
from tests.support.simulated_fleet import DAY, HOUR, InTurn, fleet, watch

ROW = "D"
RUNNERS = 500
IN_TURN = "in turn"


def measure(effort: Effort) -> Sequence[Measure]:
    """Median and 95th percentile beside polls in turn, and the greatest age of any list."""
    seconds = effort.of(int(DAY), int(2 * HOUR))
    luck = random.Random(3)  # noqa: S311 - the same every time
    runners = fleet(luck, RUNNERS, seconds)
    ours, theirs = watch(runners, seconds), watch(runners, seconds, schedule_type=InTurn)
    return [
        Measure(
            ROW,
            f"{RUNNERS} runners: {name} from created to seen",
            "s",
            (ours.share(share),),
            (theirs.share(share),),
            IN_TURN,
            target,
        )
        for name, share, target in (("median", 0.5, Target(1 / 6)), ("p95", 0.95, Target(1 / 2)))
    ] + [at_most(ROW, f"{RUNNERS} runners: oldest list", "s", (ours.oldest,), FLOOR_SECONDS)]
