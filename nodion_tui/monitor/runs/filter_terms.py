"""The terms of the filter language: what each key tests.

A term is parsed once, bound to the current time and runner names, and then applied to many runs.
"""

import operator
import re
import unicodedata
from collections.abc import Callable, Container, Mapping
from datetime import datetime, tzinfo
from typing import NamedTuple, Protocol

import msgspec

from nodion_tui.model.run import Run, RunKey, RunStatus
from nodion_tui.model.run_cause import CauseOf, RunCause, no_cause
from nodion_tui.model.text.durations import parse_duration
from nodion_tui.model.text.format import RUNNER_DEFAULT
from nodion_tui.monitor.runs.filter_times import parse_filter_time

RunPredicate = Callable[[Run], bool]
Values = tuple[str, ...]

_COMPARISONS = {
    "": operator.eq,
    "=": operator.eq,
    ">": operator.gt,
    "<": operator.lt,
    ">=": operator.ge,
    "<=": operator.le,
}
CAUSE_STATES = ("new", "known")
"""Values of `cause:` besides its id and its text: not acknowledged, and acknowledged."""
LOG = "log"
"""Key of the term that searches logs."""
_EXIT = re.compile(r"([<>]?=?)([+-]?\d{1,10})", re.ASCII)


class FilterWord(NamedTuple):
    """A case-folded text to search for."""

    text: str
    negated: bool = False


class FilterContext(msgspec.Struct, frozen=True):
    """Values that a term needs besides the run."""

    now: datetime
    names: Mapping[str, str]
    """Runner id → displayed name."""
    zone: tzinfo | None
    overdue: Callable[[], Container[str]] = frozenset
    """Returns the ids of the runners that did not run when due; called where a term needs it."""
    cause_of: CauseOf = no_cause
    """Returns the cause of a failed run."""
    log_hits: Callable[[str], Mapping[RunKey, int] | None] = lambda _: None
    """Returns how many lines match a pattern in each log that was searched; None: not known."""
    profile_of: Callable[[str], str] = lambda _runner_id: ""
    """Returns the name of the profile for a runner id."""


TermBinder = Callable[[FilterContext], RunPredicate]
"""Returns a term's test for a time and runner names."""


class TermParser(Protocol):
    """Parses the values of a term; raises ValueError if they are invalid or incomplete."""

    def __call__(self, values: Values, *, negated: bool) -> TermBinder:
        """Parse the values of one term."""


class FilterTerm(msgspec.Struct, frozen=True):
    """One key of the filter language."""

    parse: TermParser
    example: str
    help: str


def command_line(run: Run) -> str:
    """The run's command line, unquoted: for searching, not for executing."""
    if run.is_default:
        return RUNNER_DEFAULT
    return " ".join(run.argv) if run.command is None else run.command


def check_statuses(values: Values) -> None:
    """Check that each value begins a documented status.

    Raises:
        ValueError: one does not.
    """
    *statuses, last = RunStatus
    for value in values:
        if not any(status.startswith(value.casefold()) for status in RunStatus):
            raise ValueError(f"{value!r} is no status: use {', '.join(statuses)} or {last}")


def check_pattern(pattern: str) -> None:
    """Check a regular expression.

    Raises:
        ValueError: it is not valid.
    """
    import regex  # noqa: PLC0415 - slow, and most filters have no pattern

    try:
        regex.compile(pattern)
    except regex.error as error:
        raise ValueError(f"{pattern!r} is no regular expression: {error}") from None


def folded(text: str) -> str:
    """Text to compare: in one case, and composed letters as one character."""
    return (text if text.isascii() else unicodedata.normalize("NFC", text)).casefold()


def _starts(values: Values, text: str) -> bool:
    return folded(text).startswith(values)


def _status(values: Values, *, negated: bool) -> TermBinder:
    starts = _folded(values)
    return lambda _: lambda run: _starts(starts, run.status) is not negated


def _id(values: Values, *, negated: bool) -> TermBinder:
    starts = _folded(values)
    return lambda _: lambda run: _starts(starts, run.id) is not negated


def _command(values: Values, *, negated: bool) -> TermBinder:
    substrings = _folded(values)

    def test(run: Run) -> bool:
        text = folded(command_line(run))
        return any(substring in text for substring in substrings) is not negated

    return lambda _: test


def _runner(values: Values, *, negated: bool) -> TermBinder:
    substrings = _folded(values)

    def matches(runner_id: str, name: str) -> bool:
        folded_name = folded(name)
        return _starts(substrings, runner_id) or any(
            substring in folded_name for substring in substrings
        )

    def bind(context: FilterContext) -> RunPredicate:
        results: dict[str, bool] = {}

        def test(run: Run) -> bool:
            # Many runs share a runner: its result is computed once.
            result = results.get(run.runner_id)
            if result is None:
                name = context.names.get(run.runner_id, "")
                result = results[run.runner_id] = matches(run.runner_id, name) is not negated
            return result

        return test

    return bind


def _profile(values: Values, *, negated: bool) -> TermBinder:
    starts = _folded(values)

    def bind(context: FilterContext) -> RunPredicate:
        profile_of = context.profile_of
        return lambda run: _starts(starts, profile_of(run.runner_id)) is not negated

    return bind


def _exit(values: Values, *, negated: bool) -> TermBinder:
    if values == ("none",):
        return lambda _: lambda run: (run.exit_code is None) is not negated
    comparisons = tuple(_comparison(value) for value in values)

    def test(run: Run) -> bool:
        code = run.exit_code
        if code is None:
            return False
        return any(compare(code, other) for compare, other in comparisons) is not negated

    return lambda _: test


def _comparison(value: str) -> tuple[Callable[[int, int], bool], int]:
    match = _EXIT.fullmatch(value)
    if not match:
        raise ValueError(f"{value!r} is not an exit code: use 1, !0, >0 or none")
    return _COMPARISONS[match[1]], int(match[2])


def _since(values: Values, *, negated: bool) -> TermBinder:
    return _created(values, operator.ge, negated=negated)


def _before(values: Values, *, negated: bool) -> TermBinder:
    return _created(values, operator.lt, negated=negated)


def _created(
    values: Values, compare: Callable[[datetime, datetime], bool], *, negated: bool
) -> TermBinder:
    resolve = parse_filter_time(_single(values))

    def bind(context: FilterContext) -> RunPredicate:
        limit = resolve(context.now, context.zone)

        def test(run: Run) -> bool:
            created = run.created_at or run.started_at
            return created is not None and compare(created, limit) is not negated

        return test

    return bind


def _longer(values: Values, *, negated: bool) -> TermBinder:
    limit = parse_duration(_single(values))

    def bind(context: FilterContext) -> RunPredicate:
        def test(run: Run) -> bool:
            duration = run.duration(context.now)
            return duration is not None and (duration > limit) is not negated

        return test

    return bind


def _overdue(values: Values, *, negated: bool) -> TermBinder:
    answer = _single(values)
    if answer not in {"yes", "no"}:
        raise ValueError(f"{answer!r} is neither yes nor no")
    expected = (answer == "yes") is not negated

    def bind(context: FilterContext) -> RunPredicate:
        overdue = context.overdue()
        return lambda run: (run.runner_id in overdue) is expected

    return bind


def _cause(values: Values, *, negated: bool) -> TermBinder:
    parts = _folded(values)

    states = {part == "known" for part in parts if part in CAUSE_STATES}
    texts = tuple(part for part in parts if part not in CAUSE_STATES)

    def matches(cause: RunCause) -> bool:
        if cause.is_known in states:
            return True
        # The text is folded for each run: only where it is asked for.
        return bool(texts) and (
            cause.id.startswith(texts) or any(part in folded(cause.text) for part in texts)
        )

    def bind(context: FilterContext) -> RunPredicate:
        def test(run: Run) -> bool:
            # As with exit:, what has not failed has no cause, neither this nor another.
            cause = context.cause_of(run)
            return cause is not None and matches(cause) is not negated

        return test

    return bind


def _log(values: Values, *, negated: bool) -> TermBinder:
    pattern = ",".join(values)  # a comma is part of it

    def bind(context: FilterContext) -> RunPredicate:
        hits = context.log_hits(pattern)
        if hits is None:
            return lambda _: True
        if negated:
            return lambda run: hits.get(run.key) == 0
        return lambda run: bool(hits.get(run.key))

    return bind


def _folded(values: Values) -> Values:
    if not values:
        raise ValueError("a comma alone is not a value")
    return tuple(map(folded, values))


def _single(values: Values) -> str:
    if len(values) != 1:
        raise ValueError("takes one value, without a comma")
    return values[0].lower()


FILTER_TERMS: Mapping[str, FilterTerm] = {
    "status": FilterTerm(_status, "status:failed", "prefix of a status; a comma means or"),
    "runner": FilterTerm(
        _runner, "runner:backup", "part of the runner's name, or prefix of its id"
    ),
    "profile": FilterTerm(_profile, "profile:staging", "prefix of the profile's name"),
    "exit": FilterTerm(_exit, "exit:>0", "exit code: 1, !0, >0, <=2, 1,2 or none"),
    "since": FilterTerm(_since, "since:2h", "created since: 2h (ago), 14:05, today, 2026-01-15"),
    "before": FilterTerm(_before, "before:1d", "created before; values as for since"),
    "longer": FilterTerm(_longer, "longer:10m", "duration (so far) above, such as 90s or 2h"),
    "command": FilterTerm(_command, "command:migrate", "part of the command line"),
    "overdue": FilterTerm(
        _overdue, "overdue:yes", "runs of runners that did not run when due: yes or no"
    ),
    "cause": FilterTerm(
        _cause, "cause:new", "failures whose cause is new or known; its id, or part of its text"
    ),
    LOG: FilterTerm(_log, 'log:"timed? out"', "a line of the log matches; archived logs first"),
    "id": FilterTerm(_id, "id:e5f6", "prefix of the run's id"),
}
"""Key → term, in the order of the help text."""
