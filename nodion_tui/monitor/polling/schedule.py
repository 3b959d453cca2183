"""Schedules polls within a request budget: selected and running lists first, the rest fairly.

Pure: it holds no clock and sends nothing, so that its promises can be shown by properties.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from nodion_tui.monitor.runs.changes import RUNNER_LIST

_TICK = 0.001
"""Seconds; the shortest wait."""
SELECTED_SECONDS = 3.0
"""How old the list under the cursor may become before it is asked for again."""
RUNNING_SECONDS = 5.0
"""The same for lists that hold a run that has not ended."""
REST_SECONDS = 30.0
"""The same for the rest; where they are few they are asked for more often."""
REST_LEAST_SECONDS = 6.0
REST_SHARE = 0.5
"""The part of the budget that a few unselected lists may use to be fresher than they need be."""
RUNNERS_SECONDS = 60.0
PREFERRED_IN_A_ROW = 2
"""So many of the selected and running ones go before one of the rest has its turn."""


class RequestBudget:
    """A token bucket that holds a quarter of the budget and fills at the rate of the rest.

    So a start may be quick, and yet no window of 60 seconds ever holds more than `per_minute`
    requests: a full bucket and what a minute refills are the budget. One in thirty is left out:
    requests that were late on their way must not make a minute too full where it counts, at the
    service.

    Args:
        per_minute: at least 2.
        now: the present, on the clock that every other call uses too, in seconds.
    """

    MIN_PER_MINUTE = 2

    def __init__(self, per_minute: int, now: float) -> None:
        if per_minute < self.MIN_PER_MINUTE:
            raise ValueError(f"a budget of {per_minute} a minute, at least {self.MIN_PER_MINUTE}")
        self.per_minute = per_minute
        burst = max(1, per_minute // 4)
        self._burst = float(burst)
        self.sustained_per_minute = per_minute - burst - per_minute // 30
        """Requests a minute that may go on for ever."""
        self._rate = self.sustained_per_minute / 60
        self._tokens = self._burst
        self._at = now

    def wait(self, now: float) -> float:
        """Seconds until a request may be sent; 0 where it may be now."""
        missing = 1 - self._filled(now)
        if missing <= 0:
            return 0.0
        # Never less than a tick: the rounding of floats must not let a clock stand still.
        return max(_TICK, missing / self._rate)

    def consume(self, now: float) -> None:
        """A request is being sent."""
        self._tokens = max(0.0, self._filled(now) - 1)
        self._at = now

    def _filled(self, now: float) -> float:
        return min(self._burst, self._tokens + (now - self._at) * self._rate)


@dataclass(slots=True)
class _List:
    asked_at: float = -math.inf
    not_before: float = -math.inf
    underway: bool = False
    failures: int = 0


class PollSchedule:
    """The lists of one profile, when each was asked for, and who is next.

    All times are seconds on one monotonic clock, given with every call.
    """

    def __init__(self, per_minute: int, now: float) -> None:
        self._budget = RequestBudget(per_minute, now)
        self._lists: dict[str, _List] = {RUNNER_LIST: _List()}
        self._first: frozenset[str] = frozenset()
        self._selected: frozenset[str] = frozenset()
        self._unknown = {RUNNER_LIST}
        self._requests = 0
        self._not_before = -math.inf
        self._firm = False

    def set_runners(self, runner_ids: Iterable[str]) -> None:
        """Poll the runs of these runners, and of no others."""
        known = self._lists
        self._lists = {
            target: known.get(target) or _List() for target in (RUNNER_LIST, *runner_ids)
        }
        self._unknown = {each for each, found in self._lists.items() if found.asked_at == -math.inf}

    def set_preferred(self, *, selected: Iterable[str], running: Iterable[str]) -> None:
        """Say which lists come first: those under the cursor, those with runs under way."""
        self._selected = frozenset(selected)
        self._first = self._selected | frozenset(running)

    def make_due(self, targets: Iterable[str]) -> None:
        """Treat these as never asked, so that they come next, within budget and firm holds."""
        for target in targets:
            if found := self._lists.get(target):
                found.asked_at = found.not_before = -math.inf
                self._unknown.add(target)
        if not self._firm:
            self._not_before = -math.inf

    def seconds_until_allowed(self, now: float) -> float:
        """Seconds until any request at all may leave; 0 or less where it may now."""
        return max(self._not_before - now, self._budget.wait(now))

    def consume(self, now: float) -> None:
        """A request that is none of these lists is being sent."""
        self._budget.consume(now)

    def next_target(self, now: float) -> tuple[str | None, float]:
        """Whom to ask now, or how many seconds to wait (infinity: until something changes)."""
        held = self.seconds_until_allowed(now)
        if held > 0:
            return None, held
        due = [target for target in self._lists if self._wait(target, now) <= 0]
        if not due:
            return None, min((self._wait(target, now) for target in self._lists), default=math.inf)
        return self._choose(due, now), 0.0

    def request_sent(self, target: str, now: float) -> None:
        """A request for this list is being sent."""
        self._budget.consume(now)
        found = self._lists[target]
        found.asked_at = now
        self._unknown.discard(target)
        found.underway = True
        self._requests += 1

    def request_succeeded(self, target: str) -> None:
        """The list came."""
        if found := self._lists.get(target):
            found.underway = False
            found.failures = 0
            found.not_before = -math.inf

    def request_failed(self, target: str) -> int:
        """The list did not come, and is due again; `leave` or `hold` says when at the earliest.

        Returns:
            How often in a row that was so.
        """
        found = self._lists.get(target)
        if found is None:
            return 1
        found.underway = False
        found.failures += 1
        return found.failures

    def postpone(self, target: str, until: float) -> None:
        """Do not ask for this list before then."""
        if found := self._lists.get(target):
            found.not_before = until

    def pause_until(self, until: float, *, mandatory: bool = False) -> None:
        """Ask for nothing before then: the service cannot be reached, or wants a rest.

        Args:
            until: when asking goes on.
            mandatory: whether `urge` must not cut it short, as the service named the time itself.
        """
        self._not_before = until
        self._firm = mandatory

    def expected_interval(self, target: str) -> float:
        """Seconds between two answers about a list, as long as all goes well.

        It is the list's interval where the budget suffices, else how long a round takes.
        """
        each = 60 / self._budget.sustained_per_minute
        rest = len(self._lists) - len(self._first)
        if target in self._first:
            turn = PREFERRED_IN_A_ROW + 1.0
            if not self._unknown:
                turn /= PREFERRED_IN_A_ROW
            return max(self._interval(target), len(self._first) * each * turn)
        turn = PREFERRED_IN_A_ROW + 1 if self._first else 1
        return max(self._interval(target), rest * each * turn)

    def _wait(self, target: str, now: float) -> float:
        found = self._lists[target]
        if found.underway:
            return math.inf
        due_at = found.not_before if found.failures else found.asked_at + self._interval(target)
        return due_at - now

    def _interval(self, target: str) -> float:
        if target in self._selected:
            return SELECTED_SECONDS
        if target in self._first:
            return RUNNING_SECONDS
        return RUNNERS_SECONDS if target == RUNNER_LIST else self._rest_interval()

    def _rest_interval(self) -> float:
        rest = len(self._lists) - len(self._first)
        evenly = rest * 60 / (self._budget.per_minute * REST_SHARE)
        return min(REST_SECONDS, max(REST_LEAST_SECONDS, evenly))

    def _choose(self, due: list[str], now: float) -> str:
        if self._lists[RUNNER_LIST].asked_at == -math.inf and RUNNER_LIST in due:
            return RUNNER_LIST
        first = [target for target in due if target in self._first]
        rest = [target for target in due if target not in self._first]
        if first and (not rest or self._is_turn_of_first(rest)):
            return max(first, key=lambda target: self._overdue(target, now))
        return min(rest, key=lambda target: self._lists[target].asked_at)

    def _is_turn_of_first(self, rest: list[str]) -> bool:
        """Whether the selected and running ones go now; lists that nobody knows yet come before."""
        place = self._requests % (PREFERRED_IN_A_ROW + 1)
        return place < PREFERRED_IN_A_ROW if self._unknown.isdisjoint(rest) else place == 0

    def _overdue(self, target: str, now: float) -> float:
        return (now - self._lists[target].asked_at) / self._interval(target)
