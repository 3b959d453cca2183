"""Which runs are wanted? The filter language of run lists.

    backup "migrate.py --env"       words, all of them somewhere in id, status, runner or command
    status:failed,canceled          the start of a status is enough
    runner:backup  runner:"My Job"  part of the runner's name, or the start of its id
    exit:1  exit:!0  exit:>0        runs that have an exit code, compared; exit:none has none
    since:2h  before:14:05          created after, before: a span ago, a local time, a date
    longer:10m                      has run for longer than that (so far, if it is running)
    command:deploy  id:e5f6         part of the command line, start of the id
    !word  !status:failed  status:!failed   negation of any of these

A run is wanted if all terms want it. Case does not matter. `!exit:0` also wants the runs without an
exit code, `exit:!0` does not. Parsing never fails: what is not (yet) a term filters as text, and
`RunFilter.problems` says what was wrong with it and where, so that a filter can apply while it is
being typed. Of runners those are wanted whose name holds the words and that have a run which all
other terms want.

    wanted = parse("status:failed since:2h")
    rows = wanted.select(runs, now=client.server_now(), names={runner.id: runner.label})
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from types import MappingProxyType

from nodion_tui.model.run import Run
from nodion_tui.monitor.runs.filter_terms import (
    FILTER_TERMS,
    FilterContext,
    FilterWord,
    RunPredicate,
    command_line,
)

_HEAD = re.compile(rf"(!*)(?:({'|'.join(FILTER_TERMS)}):(!*))?", re.IGNORECASE)
_QUOTES = "\"'"
_NO_NAMES: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class FilterToken:
    """One word or `key:value` of a typed filter."""

    start: int
    """Offset in the typed text, from 0."""
    end: int
    value_start: int
    raw: str
    """As typed, without the `!` before it."""
    key: str | None
    """A key of the filter language in lower case; None for a plain word."""
    value: str
    """Without its quotation marks."""
    negated: bool
    """An odd number of `!` stands before the token."""
    value_negated: bool
    """An odd number of `!` stands between key and value."""
    quoted: bool
    unclosed: bool
    """Quoted, and the second quotation mark is missing: the rest of the text is the value."""


def tokenize(text: str) -> Iterator[FilterToken]:
    """The tokens of a filter, leftmost first."""
    position = 0
    while position < len(text):
        if text[position].isspace():
            position += 1
            continue
        token = _token(text, position)
        yield token
        position = token.end


def _token(text: str, start: int) -> FilterToken:
    head = _HEAD.match(text, start)
    bangs, key, inner = head.groups() if head else ("", None, None)
    at = head.end() if head else start
    end, value, quoted, unclosed = _value(text, at)
    return FilterToken(
        start=start,
        end=end,
        value_start=at,
        raw=text[start + len(bangs) : end],
        key=key.lower() if key else None,
        value=value,
        negated=len(bangs) % 2 == 1,
        value_negated=len(inner or "") % 2 == 1,
        quoted=quoted,
        unclosed=unclosed,
    )


def _value(text: str, at: int) -> tuple[int, str, bool, bool]:
    """End, value, whether it is quoted, and whether its quotation is left open."""
    if at < len(text) and text[at] in _QUOTES:
        close = text.find(text[at], at + 1)
        if close < 0:
            return len(text), text[at + 1 :], True, True
        return close + 1, text[at + 1 : close], True, False
    end = at
    while end < len(text) and not text[end].isspace():
        end += 1
    return end, text[at:end], False, False


@dataclass(frozen=True, slots=True)
class FilterProblem:
    """Why a part of the filter is taken as text."""

    start: int
    """Offset of the part in the typed text, from 0."""
    end: int
    message: str
    """A sentence that names the position as a person counts it, from 1."""


@dataclass(frozen=True, slots=True)
class RunFilter:
    """A parsed filter; equal to another one of the same text."""

    text: str
    """As typed."""
    words: tuple[FilterWord, ...] = field(default=(), compare=False)
    """The terms that are plain text."""
    binders: tuple[Callable[[FilterContext], RunPredicate], ...] = field(default=(), compare=False)
    """The other terms; each makes its test once the time and the names are known."""
    problems: tuple[FilterProblem, ...] = field(default=(), compare=False)
    """What is taken as text because it is no term, leftmost first."""

    def __bool__(self) -> bool:
        """Whether it filters anything at all."""
        return bool(self.words or self.binders)

    def predicate(
        self,
        *,
        now: datetime,
        names: Mapping[str, str] = _NO_NAMES,
        zone: tzinfo | None = None,
    ) -> Callable[[Run], bool]:
        """The test of one run, fixed to a moment. Make it once, then ask it of many runs.

        Args:
            now: the server's clock, aware.
            names: runner id → name as shown.
            zone: of typed times such as `14:05`; None is the local one.
        """
        tests = self._tests(FilterContext(now=now, names=names, zone=zone))
        match tests:
            case []:
                return _everything
            case [only]:
                return only
            case _:
                return lambda run: all(test(run) for test in tests)

    def select(
        self,
        runs: Iterable[Run],
        *,
        now: datetime,
        names: Mapping[str, str] = _NO_NAMES,
        zone: tzinfo | None = None,
    ) -> list[Run]:
        """The wanted ones, in the order given; arguments as for `predicate`."""
        for test in self._tests(FilterContext(now=now, names=names, zone=zone)):
            runs = filter(test, runs)
        return list(runs)

    def matches_runner(
        self,
        label: str,
        runs: Iterable[Run],
        *,
        now: datetime,
        names: Mapping[str, str] = _NO_NAMES,
    ) -> bool:
        """Whether a runner is wanted: its name holds the words, one of its runs fits the terms.

        Args:
            label: the name as shown.
            runs: those of the runner.
            now: as for `predicate`.
            names: as for `predicate`.
        """
        if not _holds(label.casefold(), self.words):
            return False
        context = FilterContext(now=now, names=names, zone=None)
        tests = [bind(context) for bind in self.binders]
        return not tests or any(all(test(run) for test in tests) for run in runs)

    def _tests(self, context: FilterContext) -> list[RunPredicate]:
        tests = [bind(context) for bind in self.binders]
        if self.words:
            # Last, as it costs most.
            tests.append(_word_test(self.words, context.names))
        return tests


def parse_filter(text: str) -> RunFilter:
    """Read a filter; never raises, see `RunFilter.problems`."""
    words: list[FilterWord] = []
    binders: list[Callable[[FilterContext], RunPredicate]] = []
    problems: list[FilterProblem] = []
    for token in tokenize(text):
        if token.unclosed:
            problems.append(_problem(token, token.start, "this quotation is not closed"))
        try:
            bind = _bind(token)
        except ValueError as wrong:
            problems.append(_problem(token, token.value_start, str(wrong)))
            words.append(FilterWord(token.raw.casefold(), negated=token.negated))
            continue
        if bind is not None:
            binders.append(bind)
        elif token.value:
            words.append(FilterWord(token.value.casefold(), negated=token.negated))
    return RunFilter(text, tuple(words), tuple(binders), tuple(problems))


def _bind(token: FilterToken) -> Callable[[FilterContext], RunPredicate] | None:
    """What makes the token's test, None for a plain word; ValueError if it is no term (yet)."""
    if token.key is None:
        return None
    term = FILTER_TERMS[token.key]
    if not token.value:
        raise ValueError(f"{token.key}: wants a value, such as {term.example}")
    values = (token.value,) if token.quoted else tuple(filter(None, token.value.split(",")))
    bind = term.parse(values, negated=token.value_negated)
    return _not(bind) if token.negated else bind


def _not(bind: Callable[[FilterContext], RunPredicate]) -> Callable[[FilterContext], RunPredicate]:
    def negated(context: FilterContext) -> RunPredicate:
        test = bind(context)
        return lambda run: not test(run)

    return negated


def _problem(token: FilterToken, position: int, message: str) -> FilterProblem:
    return FilterProblem(token.start, token.end, f"at {position + 1}: {message}")


def _everything(_run: Run) -> bool:
    return True


def _word_test(words: tuple[FilterWord, ...], names: Mapping[str, str]) -> RunPredicate:
    def test(run: Run) -> bool:
        name = names.get(run.runner_id, "")
        # A line each, so that no word matches across two of them.
        parts = (run.id, run.status, name, run.runner_id, command_line(run), run.entrypoint or "")
        return _holds("\n".join(parts).casefold(), words)

    return test


def _holds(haystack: str, words: tuple[FilterWord, ...]) -> bool:
    return all((word.text in haystack) is not word.negated for word in words)
