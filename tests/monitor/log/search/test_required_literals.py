import pytest
import regex
from hypothesis import given, settings
from hypothesis import strategies as st

from nodion_tui.monitor.log.search.query import MIN_LENGTH, required_literals

PARTS = st.sampled_from(
    [
        *("abc", "a", "bcd", ".", ".*", "x*", "y+", "z?", "[abc]", "[^]a]", r"\d", r"\.", "|", "^"),
        *("$", "{2}", "{0,3}", "*?", "é", " ", r"\bq", "[a-c]+", r"\[", r"\x41", "-", "{", "}"),
    ]
)
LINES = st.text(st.sampled_from("abcdxyz.[]A é-{}q1"), max_size=25)


@pytest.mark.parametrize(
    ("pattern", "texts"),
    [
        (r"worker-\d .* needle", (("worker-", " needle"),)),
        (r"GET /a\.html", (("GET /a.html",),)),
        ("colou?r is", (("colo", "r is"),)),
        ("abcd+efg", (("abcd", "efg"),)),
        ("error|warning", (("error",), ("warning",))),
        ("error|w", ()),
        ("(error)", ()),
        ("(?i)error", ()),
        (r"\w+", ()),
        (r"\x41bcd", ()),
        (r"\u0041bcd", ()),
        ("[error]", ()),
        ("a{3}bcd", (("bcd",),)),
        ("", ()),
    ],
)
def test_literals_required_by_a_pattern(pattern: str, texts: tuple[tuple[str, ...], ...]) -> None:
    assert required_literals(pattern) == texts


@settings(max_examples=500)
@given(st.lists(PARTS, max_size=6).map("".join), st.lists(LINES, max_size=8))
def test_a_line_that_matches_contains_it(pattern: str, lines: list[str]) -> None:
    alternatives = required_literals(pattern)
    try:
        compiled = regex.compile(pattern)
    except regex.error:
        return
    assert all(len(text) >= MIN_LENGTH for texts in alternatives for text in texts)
    for line in lines:
        if alternatives and compiled.search(line):
            assert any(all(text in line for text in texts) for texts in alternatives)
