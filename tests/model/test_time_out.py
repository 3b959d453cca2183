from datetime import UTC, datetime, timedelta

import pytest

from nodion_tui.model.log_line import FinalState
from nodion_tui.model.runner import Runner
from nodion_tui.model.text.format import time_out_words

START = datetime(2026, 1, 15, 14, 5, tzinfo=UTC)
HOUR = Runner(id="r", timeout_seconds=3600)


def ended(seconds: float, status: str = "failed", code: int | None = None) -> FinalState:
    return FinalState(
        status=status,
        exit_code=code,
        started_at=START,
        completed_at=START + timedelta(seconds=seconds),
    )


@pytest.mark.parametrize(
    ("run", "runner", "words"),
    [
        (ended(3600), HOUR, "timed out after 1 h"),
        (ended(3599.2), HOUR, "timed out after 1 h"),
        (ended(3612), HOUR, "timed out after 1 h"),
        (ended(5400), Runner(id="r", timeout_seconds=5400), "timed out after 90 min"),
        (ended(3590), HOUR, ""),
        (ended(3700), HOUR, ""),
        (ended(3600, code=137), HOUR, ""),
        (ended(3600, "canceled"), HOUR, ""),
        (ended(3600), Runner(id="r"), ""),
        (ended(3600), None, ""),
        (FinalState(status="failed"), HOUR, ""),
    ],
)
def test_a_failure_without_a_code_at_the_time_limit_is_a_time_out(
    run: FinalState, runner: Runner | None, words: str
) -> None:
    assert time_out_words(run, runner) == words
