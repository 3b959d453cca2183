"""Back-off delays: bounded, growing, spread, and as the server requests."""

from collections import Counter
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as some

from nodion_tui.model.backoff import MAX_HINT, Backoff

LUCK = some.floats(0, 1)
ATTEMPT = some.integers(-5, 10**9)
SECONDS = some.floats(-1e9, 1e9) | some.just(float("inf"))


@given(ATTEMPT, LUCK)
def test_no_delay_leaves_the_bounds(attempt: int, luck: float) -> None:
    assert 0.25 <= Backoff().delay(attempt, luck) <= 30


@given(ATTEMPT, LUCK, SECONDS)
def test_no_retry_field_moves_the_bounds(attempt: int, luck: float, retry: float) -> None:
    assert 0.25 <= Backoff().delay(attempt, luck, retry=retry) <= 30


@given(ATTEMPT, LUCK, SECONDS, some.none() | SECONDS)
def test_retry_after_is_honoured_up_to_five_minutes(
    attempt: int, luck: float, hint: float, retry: float | None
) -> None:
    waited = Backoff().delay(attempt, luck, hint, retry)
    assert 0.25 <= waited <= MAX_HINT
    if 0.25 <= hint <= MAX_HINT:
        assert waited == hint


@given(some.integers(1, 1000), LUCK)
def test_the_ceiling_never_falls_and_jitter_only_shortens(attempt: int, luck: float) -> None:
    policy = Backoff()
    assert policy.delay(attempt, luck) <= policy.delay(attempt + 1, luck)
    assert policy.delay(attempt, luck) <= policy.delay(attempt, 1.0)


def test_the_ceiling_doubles_from_one_to_thirty_seconds() -> None:
    ceilings = [Backoff().delay(attempt, 1.0) for attempt in range(1, 8)]
    assert ceilings == [1, 2, 4, 8, 16, 30, 30]


@pytest.mark.parametrize("attempt", [3, 4, 5, 6])
def test_a_hundred_clients_do_not_reconnect_together(attempt: int) -> None:
    luck = Random(attempt)  # noqa: S311  # the same luck every time
    delays = [Backoff().delay(attempt, luck.random()) for _ in range(100)]
    fullest = max(Counter(int(delay) for delay in delays).values())
    assert fullest <= 25 if attempt > 3 else fullest <= 40
