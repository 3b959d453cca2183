"""Schedules polls within a request budget: selected and running lists first, then what is due.

Among the other lists, the oldest ones are swept at an even pace, so that none becomes too old. The
requests that this leaves go where runs must have come, and then where they have been waiting for
longest, as far as that can be expected.

Pure: it has no clock and sends nothing, so that its guarantees can be tested by properties.
"""

import math
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import islice

from nodion_tui.monitor.polling.first_reading import FirstReading
from nodion_tui.monitor.polling.request_budget import MAX_DEBT, RequestBudget
from nodion_tui.monitor.runs.changes import RUNNER_LIST
from nodion_tui.monitor.runs.expected_runs import ExpectedRuns

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
OTHERS_IN_A_ROW = 4
"""Number of other lists that are polled before a selected one, where there are very many."""
MAX_FIRST = 8
"""Lists with a running run that share the turns of selected ones, where there are very many."""
END_RATE = 1 / 600
"""How often a running run ends, in a second, as it is weighed against runs that start, where there
are very many lists."""
BY_ITSELF = 1.5
"""Multiple of the urgency that was enough lately; a list that reaches it before it is too old is
polled without being old."""
ENOUGH_SHARE = 0.02
"""Share of the newest request in the urgency that was enough lately."""
FLOOR_SECONDS = 900.0
"""Maximum age of any list, as long as the budget can keep it."""
FLOOR_SLACK = 1.29
"""Multiple of the time in which all lists could be polled in turn; so more than a fifth of the
requests is free for those where a run is expected."""
EXACT_SECONDS = 30.0
"""A run that is due within a shorter time is asked for at the end of it, whatever the interval."""
_UNKNOWN = ExpectedRuns(math.inf, math.inf, 1 / 86_400)
"""What is expected where nothing is known: the oldest list comes first."""


@dataclass(slots=True)
class _PollState:
    asked_at: float = -math.inf
    not_before: float = -math.inf
    in_flight: bool = False
    failures: int = 0
    expected: ExpectedRuns = _UNKNOWN


class PollSchedule:
    """The lists of one profile, when each was polled, and which is next.

    All times are seconds on one monotonic clock, passed to every call.
    """

    def __init__(self, per_minute: int, now: float, *, is_budgeted: bool = True) -> None:
        self._budget = RequestBudget(per_minute, now, is_enforced=is_budgeted)
        self._lists: dict[str, _PollState] = {RUNNER_LIST: _PollState()}
        self._preferred: frozenset[str] = frozenset()
        self._selected: frozenset[str] = frozenset()
        self._before_others: frozenset[str] = frozenset()
        self._never_polled = {RUNNER_LIST}
        self._asked_by_hand: set[str] = set()
        self._request_count = 0
        self._not_before = -math.inf
        self._mandatory_pause = False
        self._sweep_credit = 0.0
        """Requests that are due to the oldest lists."""
        self._enough = FLOOR_SECONDS
        """Urgency of the lists that were polled lately because of it."""
        self._swept_at = now
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

    def set_preferred(
        self, *, selected: Iterable[str], running: Iterable[str], first: Iterable[str] = ()
    ) -> None:
        """Set the lists that come first: those under the cursor, those with running runs.

        Args:
            selected: those under the cursor.
            running: those with a running run whose end is not told by a stream.
            first: those of them that come first where there are very many, `MAX_FIRST` at most.
        """
        self._selected = frozenset(selected)
        self._preferred = self._selected | frozenset(running)
        self._before_others = self._preferred & frozenset(islice(first, MAX_FIRST))

    def expect(self, target: str, expected: ExpectedRuns) -> None:
        """Set what is expected of a list, on the clock of all other calls."""
        if state := self._lists.get(target):
            state.expected = expected

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
        rest = self._rest_interval()
        waits = {target: self._wait(target, now, rest) for target in self._lists}
        due = [target for target, wait in waits.items() if wait <= 0]
        if not due:
            return None, min(waits.values(), default=math.inf)
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
        if target not in self._preferred:
            return max(self._interval(target), self._floor())
        if self._is_scarce and target not in self._first:
            return self._floor()
        requests_per_turn = PREFERRED_IN_A_ROW + 1.0
        if self._is_scarce:
            kinds = 2 if self._before_others and self._selected else 1
            requests_per_turn = (OTHERS_IN_A_ROW + 1.0) * kinds
        elif not self._never_polled:
            requests_per_turn /= PREFERRED_IN_A_ROW
        return max(
            self._interval(target),
            self._turn_sharers(target) * self._seconds_per_request * requests_per_turn,
        )

    def _turn_sharers(self, target: str) -> int:
        """Number of lists that have the turns of a preferred list."""
        if not self._is_scarce:
            return len(self._preferred)
        return len(self._selected if target in self._selected else self._before_others)

    @property
    def _seconds_per_request(self) -> float:
        return 60 / self._budget.sustained_per_minute

    def _rest_cycle(self) -> float:
        """Seconds in which all lists but the preferred ones could be polled in turn."""
        return (len(self._lists) - len(self._preferred)) * self._seconds_per_request

    @property
    def _is_scarce(self) -> bool:
        """Whether the budget cannot prefer lists with running runs and keep the others fresh."""
        return self._rest_cycle() * (PREFERRED_IN_A_ROW + 1) > FLOOR_SECONDS

    def _floor(self) -> float:
        """The age from which on a list comes before all that is expected of others."""
        cycle = self._rest_cycle() * FLOOR_SLACK
        return max(REST_SECONDS, cycle, min(cycle * self._requests_per_rest, FLOOR_SECONDS))

    @property
    def _first(self) -> frozenset[str]:
        """The lists that have turns of their own."""
        return self._selected | self._before_others if self._is_scarce else self._preferred

    @property
    def _requests_per_rest(self) -> float:
        """Requests for each one of the lists without turns of their own."""
        if not self._first:
            return 1.0
        return (
            (OTHERS_IN_A_ROW + 1) / OTHERS_IN_A_ROW if self._is_scarce else PREFERRED_IN_A_ROW + 1
        )

    def _ready_unread(self, now: float) -> list[str]:
        """The lists of the first reading that may be requested now, in their order."""
        if self._not_before > now or not self.first_reading.unread:
            return []
        unread, rest = self.first_reading.unread, self._rest_interval()
        return [
            target
            for target in self._lists
            if target in unread and self._wait(target, now, rest) <= 0
        ]

    def _wait(self, target: str, now: float, rest_interval: float) -> float:
        """Seconds until a list is due.

        Args:
            target: the list.
            now: the current time.
            rest_interval: that of `_rest_interval`, which is the same for all lists.
        """
        state = self._lists[target]
        if state.in_flight:
            return math.inf
        if state.failures:
            return state.not_before - now
        due_at = state.asked_at + self._interval(target, rest_interval)
        return min(due_at, self._expected_at(state)) - now

    def _expected_at(self, state: _PollState) -> float:
        """When a run is due that is expected to the second; never soon after the last request."""
        earliest, latest, _ = state.expected
        is_exact = latest - earliest <= EXACT_SECONDS and state.asked_at < latest
        return max(latest, state.asked_at + REST_LEAST_SECONDS) if is_exact else math.inf

    def _interval(self, target: str, rest_interval: float | None = None) -> float:
        if target in self._selected:
            return SELECTED_SECONDS
        if target in self._preferred:
            return RUNNING_SECONDS
        if target == RUNNER_LIST:
            return RUNNERS_SECONDS
        return self._rest_interval() if rest_interval is None else rest_interval

    def _rest_interval(self) -> float:
        rest_count = len(self._lists) - len(self._preferred)
        even_interval = rest_count * 60 / (self._budget.per_minute * REST_SHARE)
        return min(REST_SECONDS, max(REST_LEAST_SECONDS, even_interval))

    def _choose(self, due: list[str], now: float) -> str:
        if self._lists[RUNNER_LIST].asked_at == -math.inf and RUNNER_LIST in due:
            return RUNNER_LIST
        first = self._first
        preferred = [target for target in due if target in first]
        rest = [target for target in due if target not in first]
        if preferred and (not rest or self._is_preferred_turn(rest)):
            return max(self._own_turn(preferred), key=lambda target: self._overdue(target, now))
        if oldest := self._sweep(rest, now):
            return oldest
        urgency, target = max((self._urgency(target, now), target) for target in rest)
        self._enough += (urgency[1] - self._enough) * ENOUGH_SHARE
        return target

    def _own_turn(self, preferred: list[str]) -> list[str]:
        """The lists whose turn it is: selected ones and the others take turns, if scarce."""
        if not self._is_scarce:
            return preferred
        selected = [target for target in preferred if target in self._selected]
        others = [target for target in preferred if target not in self._selected]
        is_selected_turn = self._request_count // (OTHERS_IN_A_ROW + 1) % 2 == 0
        return (selected or others) if is_selected_turn else (others or selected)

    def _is_preferred_turn(self, rest: list[str]) -> bool:
        """Whether preferred lists are next; lists that were never polled have priority."""
        if self._is_scarce:
            return self._request_count % (OTHERS_IN_A_ROW + 1) == 0
        position = self._request_count % (PREFERRED_IN_A_ROW + 1)
        return (
            position < PREFERRED_IN_A_ROW if self._never_polled.isdisjoint(rest) else position == 0
        )

    def _sweep(self, rest: Sequence[str], now: float) -> str | None:
        """The oldest list, if it is its turn: so none becomes too old, spread evenly in time."""
        floor, first = self._floor(), self._first
        others = [state for target, state in self._lists.items() if target not in first]
        ages = sorted((now - state.asked_at for state in others), reverse=True)
        seconds = self._seconds_per_request * self._requests_per_rest
        if any(age + number * seconds >= floor for number, age in enumerate(ages, 1)):
            return min(rest, key=lambda target: self._lists[target].asked_at)
        silent = sum(not self._comes_by_itself(state, floor) for state in others)
        self._sweep_credit += (now - self._swept_at) * silent / floor
        self._swept_at = now
        if self._sweep_credit < 1:
            return None
        self._sweep_credit = min(1.0, self._sweep_credit - 1)
        return min(rest, key=lambda target: self._sweep_order(target, floor))

    def _sweep_order(self, target: str, floor: float) -> tuple[bool, float]:
        """The oldest first of those of which nothing is expected soon."""
        state = self._lists[target]
        return self._comes_by_itself(state, floor), state.asked_at

    def _comes_by_itself(self, state: _PollState, floor: float) -> bool:
        """Whether so much is expected of a list that it is polled before it is too old."""
        waiting = state.expected.waiting(state.asked_at, state.asked_at + floor)
        return waiting >= BY_ITSELF * self._enough

    def _urgency(self, target: str, now: float) -> tuple[bool, float]:
        """Whether a run must have come, then how long runs have been waiting to be seen: expected.

        What is certain is asked for at once: it takes one request now or later.
        """
        state = self._lists[target]
        age = now - state.asked_at
        ended = age * age / 2 * END_RATE if target in self._preferred else 0.0
        is_certain = state.asked_at < state.expected.latest <= now
        return is_certain, state.expected.waiting(state.asked_at, now) + ended

    def _overdue(self, target: str, now: float) -> float:
        return (now - self._lists[target].asked_at) / self._interval(target)
