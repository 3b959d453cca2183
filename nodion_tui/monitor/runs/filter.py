"""The filter language of run lists.

    backup "migrate.py --env"       words; all must occur in id, status, runner or command
    status:failed,canceled          prefix of a status; status:"other" one that is not documented
    runner:backup  runner:"My Job"  part of the runner's name, or prefix of its id
    profile:staging                 prefix of the profile's name, where several are watched
    exit:1  exit:!0  exit:>0        compares the exit code; exit:none has none
    since:2h  before:14:05          created after, before: a duration ago, a local time, a date
    longer:10m                      duration (so far, if it is running) above that
    command:deploy  id:e5f6         part of the command line, prefix of the id
    overdue:yes                     runs of runners that did not run when due; no: of the others
    cause:new  cause:known          failures whose cause is not acknowledged, or is
    cause:3fa29c  cause:"refused"   failures of the cause with this id, or with this text
    log:"timed? out"                a line of the log matches, as the search of a log does
    !word  !status:failed  status:!failed   negation of any of these

A run matches if all terms match, ignoring case. `!exit:0` also matches runs without an exit code,
`exit:!0` does not. Parsing never fails: an invalid or incomplete term filters as text, and
`RunFilter.problems` says what is wrong and where, so that a filter applies while it is typed. A
runner matches if its name contains the words and one of its runs matches all other terms.

    run_filter = parse_filter("status:failed since:2h")
    rows = run_filter.select(runs, now=client.server_now(), names={runner.id: runner.label})
"""

import re
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from datetime import datetime, tzinfo
from types import MappingProxyType

import msgspec

from nodion_tui.model.run import Run, RunKey
from nodion_tui.model.run_cause import CauseOf, no_cause
from nodion_tui.monitor.runs.filter_terms import (
    FILTER_TERMS,
    LOG,
    FilterContext,
    FilterWord,
    RunPredicate,
    TermBinder,
    check_pattern,
    check_statuses,
    command_line,
    folded,
)

_TOKEN = re.compile(
    rf"(?=\S)(?P<bangs>!*)(?:(?P<key>(?ai:{'|'.join(FILTER_TERMS)})):(?P<value_bangs>!*))?"
    r"(?P<value>(?P<quote>[\"'])(?P<quoted>.*?)(?P<close>(?P=quote)|\Z)|\S*)",
    re.DOTALL,
)
_NO_NAMES: Mapping[str, str] = MappingProxyType({})


class FilterToken(msgspec.Struct, frozen=True):
    """One word or `key:value` of a typed filter."""

    start: int
    """Offset in the typed text, from 0."""
    end: int
    value_start: int
    raw: str
    """As typed, without the leading `!`."""
    key: str | None
    """A key of the filter language in lower case; None for a plain word."""
    value: str
    """Without its quotation marks."""
    negated: bool
    """Preceded by an odd number of `!`."""
    value_negated: bool
    """An odd number of `!` between key and value."""
    quoted: bool
    unclosed: bool
    """The closing quotation mark is missing: the rest of the text is the value."""


def tokenize(text: str) -> Iterator[FilterToken]:
    """The tokens of a filter, from left to right."""
    for match in _TOKEN.finditer(text):
        quoted = match["quote"] is not None
        yield FilterToken(
            start=match.start(),
            end=match.end(),
            value_start=match.start("value"),
            raw=text[match.end("bangs") : match.end()],
            key=match["key"].lower() if match["key"] else None,
            value=match["quoted"] if quoted else match["value"],
            negated=len(match["bangs"]) % 2 == 1,
            value_negated=len(match["value_bangs"] or "") % 2 == 1,
            quoted=quoted,
            unclosed=match["close"] == "",
        )


class FilterProblem(msgspec.Struct, frozen=True):
    """Why a part of the filter is treated as text."""

    start: int
    """Offset of the part in the typed text, from 0."""
    end: int
    message: str
    """A sentence with the column, counted from 1."""


class RunFilter(msgspec.Struct, frozen=True, eq=False):
    """A parsed filter; equal to another one of the same text."""

    text: str
    """As typed."""
    words: tuple[FilterWord, ...] = ()
    """The plain-text terms."""
    binders: tuple[TermBinder, ...] = ()
    """The other terms; each returns its test for a time and runner names."""
    log_queries: tuple[str, ...] = ()
    """Patterns of `log:`, whose hits `select` needs."""
    problems: tuple[FilterProblem, ...] = ()
    """What is treated as text because it is not a valid term, from left to right."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, RunFilter) and self.text == other.text

    def __hash__(self) -> int:
        return hash(self.text)

    def __bool__(self) -> bool:
        """Whether it excludes any run."""
        return bool(self.words or self.binders)

    def values_of(self, key: str) -> tuple[str, ...]:
        """The values of its terms of this key, as typed; empty: there are none."""
        return tuple(token.value for token in tokenize(self.text) if token.key == key)

    def without(self, key: str) -> "RunFilter":
        """The filter without its terms of a key."""
        kept = (each for each in tokenize(self.text) if each.key != key)
        return parse_filter(" ".join(self.text[token.start : token.end] for token in kept))

    def select(
        self,
        runs: Iterable[Run],
        *,
        now: datetime,
        names: Mapping[str, str] = _NO_NAMES,
        zone: tzinfo | None = None,
        overdue: Callable[[], Container[str]] = frozenset,
        cause_of: CauseOf = no_cause,
        log_hits: Callable[[str], Mapping[RunKey, int] | None] = lambda _: None,
        profile_of: Callable[[str], str] = lambda _runner_id: "",
    ) -> list[Run]:
        """The matching runs, in their original order.

        Args:
            runs: any.
            now: the server's clock, aware.
            names: runner id → displayed name.
            zone: of typed times such as `14:05`; None is the local one.
            overdue: returns the ids of the runners that are overdue.
            cause_of: returns the cause of a failed run.
            log_hits: returns how many lines match a pattern of `log_queries` in each log that was
                searched; None: every run matches.
            profile_of: returns the name of the profile for a runner id.
        """
        context = FilterContext(now, names, zone, overdue, cause_of, log_hits, profile_of)
        for test in self._tests(context):
            runs = filter(test, runs)
        return list(runs)

    def matches_runner(
        self,
        label: str,
        runs: Iterable[Run],
        *,
        now: datetime,
        names: Mapping[str, str] = _NO_NAMES,
        overdue: Callable[[], Container[str]] = frozenset,
        cause_of: CauseOf = no_cause,
        profile_of: Callable[[str], str] = lambda _runner_id: "",
    ) -> bool:
        """Whether a runner's label contains the words and one of its runs matches the terms."""
        if not _contains_words(folded(label), self.words):
            return False
        context = FilterContext(now, names, None, overdue, cause_of, profile_of=profile_of)
        tests = [bind(context) for bind in self.binders]
        return not tests or any(all(test(run) for test in tests) for run in runs)

    def _tests(self, context: FilterContext) -> list[RunPredicate]:
        tests = [bind(context) for bind in self.binders]
        if self.words:
            # Last, as it is the most expensive test.
            tests.append(_word_test(self.words, context.names))
        return tests


def parse_filter(text: str, *, of_runners: bool = False) -> RunFilter:
    """Parse a filter; never raises, see `RunFilter.problems`.

    Args:
        text: as typed.
        of_runners: for `matches_runner`, which has no logs to search: `log:` is no valid term.
    """
    words: list[FilterWord] = []
    binders: list[TermBinder] = []
    problems: list[FilterProblem] = []
    log_queries: list[str] = []
    for token in tokenize(text):
        if token.unclosed:
            problems.append(_problem(token, token.start, "unclosed quote"))
        try:
            bind = _bind(token, of_runners=of_runners)
        except ValueError as error:
            problems.append(_problem(token, token.value_start, str(error)))
            words.append(FilterWord(folded(token.raw), negated=token.negated))
            continue
        if token.key == LOG:
            log_queries.append(token.value)
        if bind is not None:
            binders.append(bind)
        elif token.value:
            words.append(FilterWord(folded(token.value), negated=token.negated))
    queries = tuple(dict.fromkeys(log_queries))
    return RunFilter(text, tuple(words), tuple(binders), queries, tuple(problems))


def _bind(token: FilterToken, *, of_runners: bool) -> TermBinder | None:
    """The token's binder, None for a plain word; raises ValueError for an invalid term."""
    if token.key is None:
        return None
    term = FILTER_TERMS[token.key]
    if not token.value:
        raise ValueError(f"{token.key}: needs a value, such as {term.example}")
    values = (token.value,) if token.quoted else tuple(filter(None, token.value.split(",")))
    if token.key == "status" and not token.quoted:
        check_statuses(values)
    if token.key == LOG:
        if of_runners:
            raise ValueError("log: filters runs, Tab goes to their list")
        check_pattern(token.value)
        # A run whose log was not searched yet matches neither this term nor its negation.
        return term.parse(values, negated=token.value_negated is not token.negated)
    bind = term.parse(values, negated=token.value_negated)
    return _negate(bind) if token.negated else bind


def _negate(
    bind: TermBinder,
) -> TermBinder:
    def negated(context: FilterContext) -> RunPredicate:
        test = bind(context)
        return lambda run: not test(run)

    return negated


def _problem(token: FilterToken, position: int, message: str) -> FilterProblem:
    return FilterProblem(token.start, token.end, f"at {position + 1}: {message}")


def _word_test(words: tuple[FilterWord, ...], names: Mapping[str, str]) -> RunPredicate:
    def test(run: Run) -> bool:
        name = names.get(run.runner_id, "")
        # One per line, so that no word matches across two of them.
        fields = (run.id, run.status, name, run.runner_id, command_line(run), run.entrypoint or "")
        return _contains_words(folded("\n".join(fields)), words)

    return test


def _contains_words(haystack: str, words: tuple[FilterWord, ...]) -> bool:
    return all((word.text in haystack) is not word.negated for word in words)
