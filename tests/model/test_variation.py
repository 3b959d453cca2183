"""Variations: how they are written, and which requests they make."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nodion_tui.model.text.masking import MASK
from nodion_tui.model.trigger import EnvVariable, TriggerRequest
from nodion_tui.model.variation import (
    MAX_RUNS,
    Variation,
    parse_variation,
    planned_requests,
    run_count,
)


@pytest.mark.parametrize(
    ("text", "separator", "values"),
    [
        ("REGION = eu | us | ap", "|", ("eu", "us", "ap")),
        ("REGION=eu,us", ",", ("eu", "us")),
        ("REGION=eu", ",", ("eu",)),
        ("REGION=a=b,c", ",", ("a=b", "c")),
        ('REGION="",x', ",", ("", "x")),
        (r"REGION=a\,b,c", ",", ("a,b", "c")),
        (r"REGION=a\\,b", ",", ("a\\", "b")),
        (r"REGION=C:\temp,b", ",", ("C:\\temp", "b")),
        (r"REGION=\ a\ ,b", ",", (" a ", "b")),
    ],
)
def test_values_are_read(text: str, separator: str, values: tuple[str, ...]) -> None:
    assert parse_variation(text, separator) == Variation("REGION", values)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("REGION", "expected NAME="),
        ("9A=b", "expected the name of a variable"),
        ("0=b", "expected the name of a variable"),
        ("A=secret-1,,b", "value 2 of A is empty"),
        ("A=secret-1,secret-1", "value 2 of A is there twice"),
    ],
)
def test_a_mistake_is_told_without_the_values(text: str, told: str) -> None:
    with pytest.raises(ValueError, match=told) as caught:
        parse_variation(text, ",")
    assert "secret-1" not in str(caught.value)


VALUES = st.text(st.characters(exclude_categories=["Cs"])).filter(
    # Of white space at the ends, only an escaped space counts.
    lambda text: text.strip(" ") == text.strip(" ").strip()
)


@given(st.lists(VALUES, min_size=1, unique=True))
def test_any_values_can_be_written(values: list[str]) -> None:
    def written(value: str) -> str:
        return "".join(f"\\{each}" if each in "\\,\"' |" else each for each in value) or '""'

    read = parse_variation(f"A={','.join(map(written, values))}", ",")
    assert read.values == tuple(values)


def test_every_combination_is_made_in_rounds() -> None:
    request = TriggerRequest(argv=("job", "x"), env_variables=(EnvVariable("A", "0"),))
    variations = [Variation("A", ("1", "2")), Variation("2", ("y", "z"))]
    planned = planned_requests(request, variations, times=2)
    assert len(planned) == run_count(variations, 2) == 8
    assert [each.label() for each in planned[:4]] == [
        "A=1  2=y",
        "A=1  2=z",
        "A=2  2=y",
        "A=2  2=z",
    ]
    assert planned[:4] == planned[4:]
    assert planned[3].request == TriggerRequest(
        argv=("job", "z"), env_variables=(EnvVariable("A", "2"),)
    )


def test_bounds_are_checked_before_anything_is_made() -> None:
    huge = [Variation(f"V{number}", tuple(map(str, range(90)))) for number in range(20)]
    with pytest.raises(ValueError, match=f"limit {MAX_RUNS}"):
        planned_requests(TriggerRequest(), huge)
    with pytest.raises(ValueError, match="there is no argument 3: there are 2"):
        planned_requests(TriggerRequest(argv=("a", "b")), [Variation("3", ("x",))])


def test_secrets_are_masked_in_labels() -> None:
    request = TriggerRequest(argv=("job", "--token", "old"))
    variations = [
        Variation("API_TOKEN", ("s3cret",)),
        Variation("3", ("hunter2",)),
        Variation("PLAIN", ("hidden-by-hand", "another")),
    ]
    (planned, other) = planned_requests(request, variations)
    assert planned.label(frozenset({"PLAIN"})) == (
        f"API_TOKEN={MASK} (1)  3={MASK} (1)  PLAIN={MASK} (1)"
    )
    assert other.label(frozenset({"PLAIN"})).endswith(f"PLAIN={MASK} (2)"), "told apart"
