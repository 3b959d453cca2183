from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nodion_tui.model.text.durations import parse_duration


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("90s", timedelta(seconds=90)),
        ("1.5h", timedelta(minutes=90)),
        (" 1D12H ", timedelta(days=1, hours=12)),
        ("2w", timedelta(days=14)),
        ("0s", timedelta()),
    ],
)
def test_valid_durations(text: str, span: timedelta) -> None:
    assert parse_duration(text) == span


@pytest.mark.parametrize("text", ["", "2", "h", "2x", "-1h", "1h 2m", "٣h", "999999999w"])
def test_invalid_durations_are_rejected_by_name(text: str) -> None:
    with pytest.raises(ValueError, match="duration"):
        parse_duration(text)


@given(st.integers(0, 10**6), st.sampled_from("smhdw"))
def test_units_add_up(number: int, unit: str) -> None:
    assert parse_duration(f"{number}{unit}1s") == parse_duration(
        f"1{unit}"
    ) * number + parse_duration("1s")
