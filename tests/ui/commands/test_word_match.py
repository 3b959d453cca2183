import pytest
from hypothesis import given
from hypothesis import strategies as st

from nodion_tui.ui.commands.word_match import match_words

NAMES = ["Healthcheck us-east", "Nightly ETL", "etl-orders", "Daily report", "ETL", "Metal import"]


def found(query: str) -> list[str]:
    matches = {name: match for name in NAMES if (match := match_words(query, name))}
    return sorted(matches, key=lambda name: -matches[name].score)


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("etl", ["ETL", "etl-orders", "Nightly ETL"]),
        ("ne", ["Nightly ETL"]),
        ("etl ni", ["Nightly ETL"]),
        ("orders etl", ["etl-orders"]),
        ("eor", ["etl-orders"]),
        ("us", ["Healthcheck us-east"]),
        ("ight", []),
        ("[bold]", []),
    ],
)
def test_beginnings_of_words_are_found_best_first(query: str, names: list[str]) -> None:
    assert found(query) == names


def test_every_name_matches_an_empty_query() -> None:
    assert len(found("")) == len(NAMES)


def test_what_matched_is_highlighted_and_markup_is_text() -> None:
    text = "[red]Nightly[/] ETL"
    match = match_words("etl", text)
    assert match is not None
    content = match.highlighted(text)
    assert content.plain == text
    assert [text[span.start : span.end] for span in content.spans] == ["E", "T", "L"]


@given(st.text(max_size=40), st.text(max_size=80))
def test_any_text_matches_quickly_or_not_at_all(query: str, text: str) -> None:
    match = match_words(query, text)
    assert match is None or all(offset < len(text) for offset in match.offsets)


def test_a_repeated_letter_takes_no_exponential_time() -> None:
    assert match_words("a" * 30 + "b" * 30, "a " * 100) is None
