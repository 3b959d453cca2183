"""Which lines a pattern lights, and where keys stop."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nodion_tui.model.line_pattern import LinePattern
from nodion_tui.model.log_line import LogLine
from nodion_tui.model.runner import Runner
from nodion_tui.monitor.log.buffer import LogBuffer
from nodion_tui.monitor.log.patterns.compiled_pattern import CompiledPattern
from nodion_tui.monitor.log.patterns.line_batch import LineBatch
from nodion_tui.monitor.log.patterns.pattern_book import PatternBook
from nodion_tui.monitor.log.search import scan
from nodion_tui.monitor.log.search.error_jumps import next_error, previous_error

SLOW = LinePattern(r"(a|a)+(a|a)+(a|a)+$", look=frozenset({"bold"}), name="slow")


def lit(regex: str, *look: str, runner: str = "*") -> LinePattern:
    return LinePattern(regex, look=frozenset(look), runner=runner)


def buffer_of(*bodies: str) -> LogBuffer:
    buffer = LogBuffer()
    buffer.extend([LogLine(str(number), body) for number, body in enumerate(bodies)])
    return buffer


def test_the_first_pattern_of_the_runner_that_matches_lights_a_line() -> None:
    names: dict[str, Runner] = {}
    book = PatternBook(
        [
            lit("oom", "error", runner="etl*"),
            lit("OOM|disk", "reverse"),
            LinePattern("told only", command=("true",)),
        ],
        names.get,
    )
    patterns = book.of("id")
    assert [patterns.look(text) for text in ("OOM", "oom", "Disk", "disk", "told only")] == [
        frozenset(words) for words in (["reverse"], [], [], ["reverse"], [])
    ]
    names["id"] = Runner(id="id", name="ETL nightly")
    assert [patterns.look(text) for text in ("OOM", "oom")] == [{"error"}, {"error"}]


async def test_stops_are_errors_and_lines_of_patterns_but_no_muted_ones() -> None:
    book = PatternBook([lit("deployed", "success"), lit("health", "muted"), lit("!", "bold")])
    bodies = ["start", "\x1b[32mdep\x1b[0mloyed", "GET /health", "ERROR no", "wow!", "end"]
    buffer, patterns = buffer_of(*bodies), book.of("id")
    stops, index = [], -1
    while (found := await next_error(buffer, index, patterns)) is not None:
        stops.append(index := found)
    assert stops == [1, 3, 4]
    assert await previous_error(buffer, 3, patterns) == 1
    assert await next_error(buffer, -1) == 3


async def test_the_first_error_may_be_a_line_that_a_pattern_shows_as_an_error() -> None:
    book = PatternBook([lit("deployed", "success"), lit("quota", "error"), lit("no disk", "muted")])
    bodies = ["deployed", "no disk: 1", "over quota", "ERROR no", "over quota"]
    buffer, patterns = buffer_of(*bodies), book.of("id")
    assert await next_error(buffer, -1, patterns, errors_only=True) == 2
    assert await next_error(buffer, 2, patterns, errors_only=True) == 3
    assert await next_error(buffer, -1, patterns) == 0
    assert await next_error(buffer, -1, errors_only=True) == 3


async def test_a_pattern_that_takes_too_long_is_given_up_and_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(scan, "SEGMENT_TIMEOUT_SECONDS", 0.1)
    book = PatternBook([SLOW, lit("fine", "bold")])
    patterns, line = book.of("id"), "a" * 40 + "!"
    for _ in range(5):
        assert patterns.look(line) == frozenset()
    assert patterns.look("fine") == {"bold"}
    assert book.take_slow() == [SLOW]
    assert book.take_slow() == []
    other = PatternBook([SLOW, lit("fine", "bold")])
    assert await next_error(buffer_of(line, "fine"), -1, other.of("id")) == 1
    assert other.take_slow() == [SLOW]


@pytest.mark.parametrize(
    ("regex", "may", "cannot"),
    [
        ("disk full", ["x\nDISK FULL\ny", "dis\x1b[31mk full", "disk\rfull"], ["disk\nfull", ""]),
        ("Disk", ["a Disk"], ["a disk"]),
        (r"timeout after \d+ ms", ["Timeout after x ms"], ["timeout", "timeout after 3 s"]),
        (r"oom|no space", ["No space left", "OOM"], ["fine"]),
        (r"\d\d:\d", ["anything"], []),
        ("größe", ["x größe", "gro\u0308ße"], ["grosse"]),
        ("straße", ["STRASSE ß"], ["street"]),
        ("finished in", ["FİNİSHED İN", "fini\u017fhed in"], ["fınıshed ın"]),
    ],
)
def test_what_may_match_is_told_from_what_cannot(
    regex: str, may: list[str], cannot: list[str]
) -> None:
    pattern = CompiledPattern(lit(regex, "bold"))
    decide: Callable[[str], bool] = lambda text: pattern.may_match(LineBatch(text))  # noqa: E731
    assert [*map(decide, may)] == [True] * len(may)
    assert [*map(decide, cannot)] == [False] * len(cannot)


@pytest.mark.parametrize(
    ("regex", "occurs", "does_not"),
    [
        (r"(panic|oom)\b", ["x\nan OOM", "oo\x1b[0mm", "ö"], ["boomer\npan\nic"]),
        (r"^a$", ["b\na\nb"], ["ab\nba"]),
        (r"a\nb", ["no matter what"], []),
    ],
)
def test_a_pattern_without_literals_is_looked_for_in_many_lines_at_once(
    regex: str, occurs: list[str], does_not: list[str]
) -> None:
    pattern = CompiledPattern(lit(regex, "bold"))
    assert [pattern.occurs(LineBatch(text)) for text in occurs] == [True] * len(occurs)
    assert [pattern.occurs(LineBatch(text)) for text in does_not] == [False] * len(does_not)


REGEXES = st.sampled_from(
    [
        "disk full",
        "Disk",
        "kill|OOM",
        r"in \w+ fi",
        "straße",
        "größe|Σ",
        "^lim.t",
        "ſs",
        "!fix",
        "İn",
    ]
)
TEXTS = st.text("disk fulDKOMstraßeÖößeSIiſKİıσςΣẞ!nx \t\u0307\ufb03", max_size=24)


@given(REGEXES, st.lists(TEXTS | REGEXES | REGEXES.map(str.upper), max_size=4).map("".join))
def test_a_line_is_lit_exactly_where_the_expression_matches(regex: str, text: str) -> None:
    pattern = lit(regex, "bold")
    matches = CompiledPattern(pattern).matcher.matches(text)
    assert PatternBook([pattern]).of("id").look(text) == ({"bold"} if matches else frozenset())
