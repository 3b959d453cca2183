"""R: false alarms and missed runs of regular runners, in simulated years with 10 % jitter.

It takes no time of a clock: the figures are the same on every machine.
"""

import random
from collections.abc import Sequence

from tests.bench.measure import Effort, Measure, Target, at_most
from tests.support.simulated_year import Judged, judge_fleet

ROW = "R"
_ALL = Target(1.0, at_least=True)
_FALSE_ALARMS = 1.0
"""Limit per 1,000 due runs."""


def measure(effort: Effort) -> Sequence[Measure]:
    """A fleet of hourly to weekly runners in each round, of which 1 % of the runs are missing."""
    count = effort.of(10, 1)
    years: list[Judged] = []
    for seed in effort.each:
        luck = random.Random(seed)  # noqa: S311 - the same every time
        years.append(
            judge_fleet(
                luck, hourly=count, six_hourly=2 * count, daily=20 * count, weekly=20 * count
            )
        )
    false = [1000 * year.false_alarms / year.due for year in years]
    found = [year.found / year.missed for year in years]
    return [
        at_most(ROW, "false alarms per 1,000 due runs", "", false, _FALSE_ALARMS),
        Measure(ROW, "share of missed runs that are told", "", found, (1.0,), target=_ALL),
    ]
