"""Forms of ages, durations, times, commands, sizes and prices."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import convert

from nodion_tui.model.run import Run, RunRecord
from nodion_tui.model.runner import InstanceType, Runner
from nodion_tui.model.text import format as fmt
from nodion_tui.model.text.sanitize import sanitize

NOW = datetime(2026, 1, 15, 14, 5, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seconds", "clock", "short", "units"),
    [
        (-5, "00:00", "0:00", "0 s"),
        (0, "00:00", "0:00", "0 s"),
        (42.9, "00:42", "0:42", "42 s"),
        (252, "04:12", "4:12", "4 min 12 s"),
        (754, "12:34", "12:34", "12 min 34 s"),
        (3723, "1:02:03", "1:02:03", "1 h 02 min"),
        (86_399, "23:59:59", "23:59:59", "23 h 59 min"),
        (49 * 3600, "2d 01h", "2d 01h", "2 d 1 h"),
    ],
)
def test_a_duration_has_one_form_for_each_purpose(
    seconds: float, clock: str, short: str, units: str
) -> None:
    span = timedelta(seconds=seconds)
    assert (fmt.duration(span), fmt.short_duration(span)) == (clock, short)
    assert fmt.long_duration(span) == units


def test_a_duration_in_steps_is_rounded_down() -> None:
    assert fmt.duration(timedelta(seconds=59), 10) == "00:50"


def test_an_unknown_duration_is_empty() -> None:
    assert [fmt.duration(None), fmt.short_duration(None), fmt.long_duration(None)] == [""] * 3


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0"), (45, "45 s"), (90, "90 s"), (120, "2 min"), (5400, "90 min"), (86_400, "1 d")],
)
def test_ticks_are_whole_numbers(seconds: float, text: str) -> None:
    assert fmt.whole_duration(seconds) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (-5, "now"),
        (-300, "5m ahead"),
        (9, "now"),
        (42, "40s ago"),
        (60, "1m ago"),
        (7300, "2h ago"),
        (90_000, "1d ago"),
        (100 * 86_400, "14w ago"),
    ],
)
def test_an_age_is_one_figure(seconds: int, text: str) -> None:
    assert fmt.ago(timedelta(seconds=seconds)) == text
    in_words = {"now": "just now"}.get(text, text)
    assert fmt.ago_in_words(timedelta(seconds=seconds)) == in_words


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (3.9, "3 s"),
        (59.9, "59 s"),
        (60, "1 min"),
        (119.9, "1 min"),
        (3599, "59 min"),
        (7199, "1 h"),
    ],
)
def test_an_age_in_words_is_never_rounded_up(seconds: float, text: str) -> None:
    assert fmt.long_age(seconds) == text


@given(st.floats(0, 1e6))
def test_nothing_is_shown_older_than_it_is(seconds: float) -> None:
    assert fmt.shown_age(seconds) <= seconds < fmt.shown_age(seconds) + 5


@pytest.mark.parametrize(
    ("moment", "text", "short"),
    [
        (NOW, "14:05:09", "14:05"),
        (NOW - timedelta(days=1), "Jan 14 14:05", "Jan 14 14:05"),
        (NOW - timedelta(days=30), "2025-12-16 14:05", "2025-12-16 14:05"),
    ],
)
def test_a_time_has_its_date_where_it_is_not_today(moment: datetime, text: str, short: str) -> None:
    assert fmt.date_time(moment, NOW, UTC) == text
    assert fmt.short_date_time(moment, NOW, UTC) == short


def run(**fields: str | tuple[str, ...]) -> Run:
    return convert({"id": "r", "runner_id": "a", "status": "running", **fields}, RunRecord).run


def test_commands_are_quoted_and_sanitized() -> None:
    assert fmt.run_command(run(argv=("a b", "\x1b[2J"))) == "'a b' '␛[2J'"
    assert fmt.run_command(run(command="x | y")) == "sh -c x | y"
    assert fmt.run_command(run()) == fmt.RUNNER_DEFAULT


def test_a_default_command_that_the_image_defines_is_empty() -> None:
    assert fmt.default_command(Runner(id="a", run_command="x | y")) == "sh -c x | y"
    assert fmt.default_command(Runner(id="a", argv=("x", "y z"))) == "x 'y z'"
    assert fmt.default_command(Runner(id="a", run_command="")) == ""


@given(st.text())
def test_sanitizing_a_command_again_changes_nothing(command: str) -> None:
    text = fmt.run_command(run(command=command))
    assert sanitize(text) == text


def test_one_is_singular() -> None:
    assert [fmt.count(n, "line") for n in (0, 1, 2, 48_213)] == [
        "0 lines",
        "1 line",
        "2 lines",
        "48,213 lines",
    ]


@pytest.mark.parametrize(
    ("count", "text"),
    [(1, "1 byte"), (640, "640 bytes"), (102_400, "100 KB"), (3_000_000, "2.9 MB")],
)
def test_sizes_of_data(count: int, text: str) -> None:
    assert fmt.data_size(count) == text


def test_the_size_of_a_container() -> None:
    instance = InstanceType(name="Standard S", cpu=0.5, mem=1536)
    assert fmt.instance_size(instance) == "Standard S · 0.5 cpu · 1.5 GiB"
    assert fmt.memory(512) == "512 MiB"


@pytest.mark.parametrize(
    ("amount", "text"),
    [(None, ""), (0, "0"), (1234.5, "1,234.50"), (0.0042, "0.0042"), (0.00001, "< 0.0001")],
)
def test_prices(amount: float | None, text: str) -> None:
    assert fmt.price(amount) == text
