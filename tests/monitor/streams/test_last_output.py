"""When runs wrote last, from lines that pass."""

from datetime import UTC, datetime, timedelta

from nodion_tui.model.log_line import LogLine
from nodion_tui.model.run import RunKey
from nodion_tui.monitor.streams.last_output import MAX_RUNS, LastOutput

KEY = RunKey("r", "1")
NOON = datetime(2026, 1, 15, 12, tzinfo=UTC)


def line(seconds: float | None) -> LogLine:
    at = None if seconds is None else NOON + timedelta(seconds=seconds)
    return LogLine("id", "text", created_at=at)


def test_a_silence_is_told_against_the_gaps_of_the_lines_that_passed() -> None:
    output = LastOutput()
    output.observe(KEY, [line(10 * number) for number in range(10)])
    output.observe(KEY, [line(None)])
    assert output.last(KEY) == NOON + timedelta(seconds=90)
    assert output.silence(KEY, NOON + timedelta(seconds=120)) is None
    silence = output.silence(KEY, NOON + timedelta(seconds=290))
    assert silence is not None
    assert silence.duration == timedelta(seconds=200)
    output.note(KEY, line(280))
    assert output.silence(KEY, NOON + timedelta(seconds=290)) is None
    output.forget(KEY)
    assert output.last(KEY) is None


def test_the_runs_that_wrote_last_are_remembered() -> None:
    output = LastOutput()
    output.observe(KEY, [line(0)])
    for number in range(2 * MAX_RUNS):
        output.observe(RunKey("other", str(number)), [line(0)])
        if number % 500 == 0:
            output.note(KEY, line(number))
    assert output.last(KEY) is not None
    assert output.last(RunKey("other", "1")) is None
