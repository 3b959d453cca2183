import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nodion_tui.monitor.log.search.query import (
    InvalidPattern,
    Matcher,
    PatternTooSlow,
    SearchHistory,
    SearchQuery,
)

SLOW = r"(a|a)+$"
SLOW_ON = "a" * 60 + "b"


@pytest.mark.parametrize(
    ("pattern", "line", "found"),
    [
        ("error", "An ERROR here", True),
        ("Error", "an error here", False),
        ("Error", "an Error here", True),
        (r"\S+ing", "STARTING", True),
        (r"\bW\b", "w", False),
        ("straße", "STRAẞE", True),
        ("a.c", "abc", True),
        (r"a\.c", "abc", False),
        ("", "anything", True),
    ],
)
def test_smart_case_and_regular_expressions(pattern: str, line: str, *, found: bool) -> None:
    assert Matcher(SearchQuery(pattern)).matches(line) is found


def test_a_literal_query_matches_every_character_literally() -> None:
    matcher = Matcher(SearchQuery("f(x) = [1]", literal=True))
    assert matcher.matches("let f(X) = [1]")
    assert not matcher.matches("let fx = 1")


@pytest.mark.parametrize(
    ("text", "negated", "pattern"),
    [
        ("!debug", True, "debug"),
        (r"\!debug", False, r"\!debug"),
        ("!", False, "!"),
        ("a!", False, "a!"),
    ],
)
def test_a_leading_exclamation_mark_negates(text: str, *, negated: bool, pattern: str) -> None:
    query = SearchQuery(text)
    assert (query.negated, query.pattern) == (negated, pattern)


@pytest.mark.parametrize("pattern", ["(", "[a", "*", "a{2,1}", r"\p{Nope}", "(?P<n"])
def test_an_invalid_pattern_is_reported_with_its_position(pattern: str) -> None:
    with pytest.raises(InvalidPattern, match=r"at position \d"):
        Matcher(SearchQuery(pattern))


def test_a_pattern_that_would_hang_times_out() -> None:
    began = time.monotonic()
    with pytest.raises(PatternTooSlow):
        Matcher(SearchQuery(SLOW)).matches(SLOW_ON, seconds=0.05)
    assert time.monotonic() - began < 5


def test_ranges_to_highlight(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Matcher(SearchQuery("o")).spans("foo boo") == [(1, 2), (2, 3), (5, 6), (6, 7)]
    assert Matcher(SearchQuery("x*")).spans("axxb") == [(1, 3)]
    assert Matcher(SearchQuery("!o")).spans("foo") == []
    assert Matcher(SearchQuery(SLOW)).spans(SLOW_ON) == []
    monkeypatch.setattr("nodion_tui.monitor.log.search.query._HIGHLIGHT_TIMEOUT_SECONDS", 5)
    assert len(Matcher(SearchQuery("a")).spans("a" * 5000)) == 1000


@given(st.text(max_size=20), st.text(max_size=20), st.text(max_size=20))
def test_a_literal_query_finds_itself(before: str, text: str, after: str) -> None:
    query = SearchQuery(text, literal=True)
    shown = unicodedata.normalize("NFC", f"{before} {text} {after}")
    assert query.negated or Matcher(query).matches(shown)


def test_history_keeps_each_search_once_newest_first() -> None:
    history = SearchHistory(limit=3)
    for text in ("a", "b", "a", "", "c", "d"):
        history = history.add(text)
    assert history.entries == ("d", "c", "a")


def test_moving_through_the_history() -> None:
    history = SearchHistory(("error", "warn", "err", "info"))
    assert history.older(None) == 0
    assert history.older(0, "err") == 2
    assert history.older(2, "err") is None
    assert history.newer(2, "err") == 0
    assert history.newer(0) is None


def test_the_newest_searches_are_remembered_each_on_a_line() -> None:
    history = SearchHistory(("(a|b)+", "!debug", "x" * 5000, "über", "two\nlines"))
    assert SearchHistory.parse(history.format()).entries == ("(a|b)+", "!debug", "über")
    assert len(SearchHistory.parse("\n".join(map(str, range(999)))).entries) == 30
    assert SearchHistory.parse("") == SearchHistory()
