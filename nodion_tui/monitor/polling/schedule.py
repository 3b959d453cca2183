"""Schedules polls within a request budget: selected and running lists first, the rest fairly.

Pure: it has no clock and sends nothing, so that its guarantees can be tested by properties.
"""

import math
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from nodion_tui.monitor.polling.first_reading import FirstReading
from nodion_tui.monitor.runs.changes import RUNNER_LIST

_TICK = 0.001
"""Seconds; the shortest wait."""
SELECTED_SECONDS = 3.0
"""Polling interval of the list under the cursor."""
RUNNING_SECONDS = 5.0
"""Polling interval of lists with a run that has not ended."""
REST_SECONDS = 30.0
"""Maximum interval of the other lists; a few of them are polled more often."""
REST_LEAST_SECONDS = 6.0
REST_SHARE = 0.5
"""Share of the budget for polling a few unselected lists more often than required."""
RUNNERS_SECONDS = 60.0
PREFERRED_IN_A_ROW = 2
"""Number of preferred lists that are polled before one of the others."""


MAX_DEBT = 30.0
"""Requests that lists asked for by hand may be sent ahead of the budget."""


class RequestBudget:
    """A token bucket that holds a quarter of the budget and refills at the rate of the rest.

    So a start may be quick, and yet no window of 60 seconds ever contains more than `per_minute`
    requests: a full bucket plus the refill of a minute is the budget. One in thirty is left unused:
    delayed requests must not overfill a minute as counted by the service. Only what a person asks
    for may run ahead, by `MAX_DEBT` requests, which later ones pay back.

    Args:
        per_minute: at least 2.
        now: the current time in seconds, on the clock of all other calls.
        is_enforced: False lets every request be sent at once; the rate still sets the rhythm.
    """

    MIN_PER_MINUTE = 2

    def __init__(self, per_minute: int, now: float, *, is_enforced: bool = True) -> None:
        if per_minute < self.MIN_PER_MINUTE:
            raise ValueError(
                f"request budget: {per_minute} per minute, minimum {self.MIN_PER_MINUTE}"
            )
        self.per_minute = per_minute
        burst = max(1, per_minute // 4)
        self._burst = float(burst)
        self.sustained_per_minute = per_minute - burst - per_minute // 30
        """Requests per minute that can be sustained."""
        self._rate = self.sustained_per_minute / 60
        self._tokens = self._burst
        self._updated_at = now
        self._is_enforced = is_enforced

    def wait(self, now: float, *, debt: float = 0.0) -> float:
        """Seconds until a request may be sent; 0 if it may be sent now.

        Args:
            now: the current time.
            debt: how many requests may be sent ahead of the budget, to be paid back by waiting.
        """
        missing_tokens = 1 - self._available(now) - debt
        if missing_tokens <= 0 or not self._is_enforced:
            return 0.0
        # Never less than a tick: float rounding must not stop the clock.
        return max(_TICK, missing_tokens / self._rate)

    def consume(self, now: float) -> None:
        """Count a request that is being sent."""
        self._tokens = max(-MAX_DEBT, self._available(now) - 1)
        self._updated_at = now

    def _available(self, now: float) -> float:
        return min(self._burst, self._tokens + (now - self._updated_at) * self._rate)


@dataclass(slots=True)
class _PollState:
    asked_at: float = -math.inf
    not_before: float = -math.inf
    in_flight: bool = False
    failures: int = 0


class PollSchedule:
    """The lists of one profile, when each was polled, and which is next.

    All times are seconds on one monotonic clock, passed to every call.
    """

    def __init__(self, per_minute: int, now: float, *, is_budgeted: bool = True) -> None:
        self._budget = RequestBudget(per_minute, now, is_enforced=is_budgeted)
        self._lists: dict[str, _PollState] = {RUNNER_LIST: _PollState()}
        self._preferred: frozenset[str] = frozenset()
        self._selected: frozenset[str] = frozenset()
        self._never_polled = {RUNNER_LIST}
        self._asked_by_hand: set[str] = set()
        self._request_count = 0
        self._not_before = -math.inf
        self._mandatory_pause = False
        self.first_reading = FirstReading()
        """What is read outside of the budget; nothing unless `read_all_first` is called."""

    def read_all_first(self) -> None:
        """Read every list once outside of the budget, those included that are still to be met."""
        self.first_reading = FirstReading(self._lists)

    def set_runners(self, runner_ids: Iterable[str]) -> None:
        """Poll the run lists of exactly these runners."""
        states = self._lists
        self._lists = {
            target: states.get(target) or _PollState() for target in (RUNNER_LIST, *runner_ids)
        }
        self._asked_by_hand &= self._lists.keys()
        self.first_reading.meet(self._lists)
        self._never_polled = {
            target for target, state in self._lists.items() if state.asked_at == -math.inf
        }

    def set_preferred(self, *, selected: Iterable[str], running: Iterable[str]) -> None:
        """Set the lists that come first: those under the cursor, those with running runs."""
        self._selected = frozenset(selected)
        self._preferred = self._selected | frozenset(running)

    def make_due(self, targets: Iterable[str]) -> None:
        """Treat these lists as never polled; they come next, after mandatory pauses."""
        for target in targets:
            if state := self._lists.get(target):
                state.asked_at = state.not_before = -math.inf
                self._never_polled.add(target)
        if not self._mandatory_pause:
            self._not_before = -math.inf

    def ask_now(self, targets: Iterable[str]) -> None:
        """Like `make_due`, and ahead of all other lists, and of the budget by `MAX_DEBT`."""
        self._asked_by_hand |= self._lists.keys() & frozenset(targets)
        self.make_due(self._asked_by_hand)

    @property
    def asked_by_hand(self) -> AbstractSet[str]:
        """The lists of `ask_now` that have not answered yet."""
        return self._asked_by_hand

    def seconds_until_allowed(self, now: float) -> float:
        """Seconds until any request may be sent; 0 or less if it may be sent now."""
        return max(self._not_before - now, self._budget.wait(now))

    def _seconds_until_by_hand(self, now: float) -> float:
        return max(self._not_before - now, self._budget.wait(now, debt=MAX_DEBT))

    def consume(self, now: float) -> None:
        """Count a request that is for none of these lists."""
        self._budget.consume(now)

    def next_target(self, now: float, *, only_by_hand: bool = False) -> tuple[str | None, float]:
        """The list to poll now, or the seconds to wait (infinity: until something changes).

        Args:
            now: the current time.
            only_by_hand: whether only the lists of `ask_now` may be polled.
        """
        pause = self.seconds_until_allowed(now)
        by_hand = [target for target in self._asked_by_hand if not self._lists[target].in_flight]
        if by_hand and (pause := min(pause, self._seconds_until_by_hand(now))) <= 0:
            return self._choose(by_hand, now), 0.0
        if only_by_hand:
            return None, pause if pause > 0 else math.inf
        if unread := self._ready_unread(now):
            return self.first_reading.choose(unread), 0.0
        if pause > 0:
            return None, pause
        due = [target for target in self._lists if self._wait(target, now) <= 0]
        if not due:
            return None, min((self._wait(target, now) for target in self._lists), default=math.inf)
        return self._choose(due, now), 0.0

    def request_sent(self, target: str, now: float) -> None:
        """Record that a request for this list is being sent."""
        if not self.first_reading.sent(target):
            self._budget.consume(now)
        state = self._lists[target]
        state.asked_at = now
        self._never_polled.discard(target)
        state.in_flight = True
        self._request_count += 1

    def request_succeeded(self, target: str) -> None:
        """Record that the list was fetched."""
        self.first_reading.answered(target)
        self._asked_by_hand.discard(target)
        if state := self._lists.get(target):
            state.in_flight = False
            state.failures = 0
            state.not_before = -math.inf

    def request_failed(self, target: str) -> int:
        """Record a failure; the list is due again unless `postpone` or `pause_until` is called.

        Returns:
            Number of consecutive failures.
        """
        self.first_reading.interrupted(target)
        self._asked_by_hand.discard(target)
        state = self._lists.get(target)
        if state is None:
            return 1
        state.in_flight = False
        state.failures += 1
        return state.failures

    def postpone(self, target: str, until: float) -> None:
        """Do not poll this list before a time."""
        self.first_reading.answered(target)
        if state := self._lists.get(target):
            state.not_before = until

    def pause_until(self, until: float, *, mandatory: bool = False) -> None:
        """Poll nothing before a time: the service is unreachable, or limits the rate.

        Args:
            until: end of the pause.
            mandatory: whether `make_due` must not shorten it, as the service set the time itself.
        """
        self._not_before = until
        self._mandatory_pause = mandatory

    def expected_interval(self, target: str) -> float:
        """Seconds between two responses of a list, without errors.

        The list's interval if the budget suffices, else the duration of a full cycle.
        """
        seconds_per_request = 60 / self._budget.sustained_per_minute
        rest_count = len(self._lists) - len(self._preferred)
        if target in self._preferred:
            requests_per_turn = PREFERRED_IN_A_ROW + 1.0
            if not self._never_polled:
                requests_per_turn /= PREFERRED_IN_A_ROW
            return max(
                self._interval(target),
                len(self._preferred) * seconds_per_request * requests_per_turn,
            )
        requests_per_turn = PREFERRED_IN_A_ROW + 1 if self._preferred else 1
        return max(self._interval(target), rest_count * seconds_per_request * requests_per_turn)

    def _ready_unread(self, now: float) -> list[str]:
        """The lists of the first reading that may be requested now, in their order."""
        if self._not_before > now or not self.first_reading.unread:
            return []
        unread = self.first_reading.unread
        return [
            target for target in self._lists if target in unread and self._wait(target, now) <= 0
        ]

    def _wait(self, target: str, now: float) -> float:
        state = self._lists[target]
        if state.in_flight:
            return math.inf
        due_at = state.not_before if state.failures else state.asked_at + self._interval(target)
        return due_at - now

    def _interval(self, target: str) -> float:
        if target in self._selected:
            return SELECTED_SECONDS
        if target in self._preferred:
            return RUNNING_SECONDS
        return RUNNERS_SECONDS if target == RUNNER_LIST else self._rest_interval()

    def _rest_interval(self) -> float:
        rest_count = len(self._lists) - len(self._preferred)
        even_interval = rest_count * 60 / (self._budget.per_minute * REST_SHARE)
        return min(REST_SECONDS, max(REST_LEAST_SECONDS, even_interval))

    def _choose(self, due: list[str], now: float) -> str:
        if self._lists[RUNNER_LIST].asked_at == -math.inf and RUNNER_LIST in due:
            return RUNNER_LIST
        preferred = [target for target in due if target in self._preferred]
        rest = [target for target in due if target not in self._preferred]
        if preferred and (not rest or self._is_preferred_turn(rest)):
            return max(preferred, key=lambda target: self._overdue(target, now))
        return min(rest, key=lambda target: self._lists[target].asked_at)

    def _is_preferred_turn(self, rest: list[str]) -> bool:
        """Whether preferred lists are next; lists that were never polled have priority."""
        position = self._request_count % (PREFERRED_IN_A_ROW + 1)
        return (
            position < PREFERRED_IN_A_ROW if self._never_polled.isdisjoint(rest) else position == 0
        )

    def _overdue(self, target: str, now: float) -> float:
        return (now - self._lists[target].asked_at) / self._interval(target)
