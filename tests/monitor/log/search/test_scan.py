from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nodion_tui.model.log_line import LogLine
from nodion_tui.monitor.log.search.query import InvalidPattern, Matcher, PatternTooSlow, SearchQuery
from nodion_tui.monitor.log.search.scan import scan_segment
from nodion_tui.monitor.log.segment import LogSegment, pack_segment
from nodion_tui.monitor.log.segment_text import body_text
from nodion_tui.monitor.log.work_stopped import WorkStopped

PIECES = st.sampled_from(
    ["a", "b", "A", "ab", " ", "x1", "é", "É", "\n", "\x1b[31m", "\x1b[0m", "\t", "b\x1b[1mA", "日"]
)
BODIES = st.lists(PIECES, max_size=6).map("".join)
ATOMS = st.sampled_from(
    [
        *(
            "a",
            "b",
            "A",
            "é",
            "É",
            ".",
            r"\s",
            r"\S",
            r"\w",
            r"\W",
            "[^a]",
            "[ab]",
            r"\b",
            "^",
            "$",
        ),
        *(
            "(?:a|b)",
            "x1",
            "日",
            "(?!a)",
            "(?<=a)",
            r"\Z",
            r"\A",
            "a*+",
            r"(a)\1",
            r"\B",
            r"\s$",
            " ",
        ),
    ]
)
PATTERNS = st.lists(
    st.tuples(ATOMS, st.sampled_from(["", "", "*", "+", "?", "*?", "{2}"])), min_size=1, max_size=4
).map(lambda parts: "".join(atom + repeat for atom, repeat in parts))


def packed(bodies: list[str], markers: tuple[int, ...] = ()) -> LogSegment:
    return pack_segment(10, [LogLine(str(n), body) for n, body in enumerate(bodies)], markers, None)


def matchers(*texts: str) -> list[Matcher]:
    return [Matcher(SearchQuery(text)) for text in texts]


def literally(text: str) -> SearchQuery:
    return SearchQuery(text, literal=True)


@settings(max_examples=600, deadline=None)
@given(
    st.lists(BODIES, min_size=1, max_size=8), PATTERNS, st.sampled_from([SearchQuery, literally])
)
def test_a_segment_is_searched_as_if_line_by_line(
    bodies: list[str], pattern: str, make: Callable[[str], SearchQuery]
) -> None:
    try:
        matcher = Matcher(make(pattern))
    except InvalidPattern:
        return
    expected = [
        position
        for position, body in enumerate(bodies)
        if matcher.matches(body_text(body.encode())) is not matcher.negated
    ]
    assert list(scan_segment(packed(bodies), [matcher])) == expected


@settings(max_examples=50, deadline=None)
@given(
    st.lists(BODIES, min_size=1, max_size=8),
    st.sampled_from(["a", "A", "x1", "é", "É", " ", "日", "!a", "!A"]),
)
def test_a_plain_text_in_most_lines_of_a_segment_gives_the_same_hits(
    bodies: list[str], pattern: str
) -> None:
    many = bodies * 200
    matcher = Matcher(SearchQuery(pattern))
    alone = [
        matcher.matches(body_text(body.encode())) is not matcher.negated for body in bodies
    ] * 200
    expected = [position for position, matches in enumerate(alone) if matches]
    assert list(scan_segment(packed(many), [matcher])) == expected


@settings(deadline=None)
@given(st.lists(BODIES, max_size=8), st.lists(st.sampled_from(["a", "!b", "x", "!^a", "A"])))
def test_several_queries_narrow_the_result(bodies: list[str], texts: list[str]) -> None:
    chosen = matchers(*texts)
    expected = [
        position
        for position, body in enumerate(bodies)
        if all(
            matcher.matches(body_text(body.encode())) is not matcher.negated for matcher in chosen
        )
    ]
    assert list(scan_segment(packed(bodies), chosen)) == (expected if texts else [])


def test_markers_never_match() -> None:
    segment = packed(["one", "", "two"], markers=(0, 2))
    assert list(scan_segment(segment, matchers("^$"))) == [3]
    assert list(scan_segment(segment, matchers("!x"))) == [1, 3, 4]


def test_colour_inside_a_word_does_not_hide_it() -> None:
    segment = packed(["plain", "\x1b[31mER\x1b[1mROR\x1b[0m: boom", "ERROR"])
    assert list(scan_segment(segment, matchers("ERROR"))) == [1, 2]
    assert list(scan_segment(segment, matchers("^ERROR: b"))) == [1]


def test_a_pattern_does_not_match_across_lines() -> None:
    segment = packed(["end a", "b start", "a b"])
    assert list(scan_segment(segment, matchers(r"a\s+b"))) == [2]
    assert list(scan_segment(segment, matchers(r"[^x]*start"))) == [1]


def test_a_pattern_that_hangs_raises(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nodion_tui.monitor.log.search.scan.SEGMENT_TIMEOUT_SECONDS", 0.05)
    with pytest.raises(PatternTooSlow):
        scan_segment(packed(["fine", "a" * 60 + "b"]), matchers("(a|a)+$"))


def test_a_cancelled_search_stops() -> None:
    with pytest.raises(WorkStopped):
        scan_segment(packed(["a"]), matchers("a"), lambda: True)
    with pytest.raises(WorkStopped):
        scan_segment(packed(["a"] * 10), matchers(r"a\Z"), iter([False, True]).__next__)
