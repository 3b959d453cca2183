"""When a list was polled, and what is expected of it."""

import math

import msgspec

from nodion_tui.monitor.runs.expected_runs import ExpectedRuns

NOTHING_KNOWN = ExpectedRuns(math.inf, math.inf, 1 / 86_400)
"""What is expected where nothing is known: the oldest list comes first."""


class PollState(msgspec.Struct):
    """The state of one list; times are seconds on the clock of its schedule."""

    asked_at: float = -math.inf
    not_before: float = -math.inf
    in_flight: bool = False
    failures: int = 0
    expected: ExpectedRuns = NOTHING_KNOWN
