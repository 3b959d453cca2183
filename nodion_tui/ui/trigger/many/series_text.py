"""Texts of many starts: rows of what is started, and of what became of it."""

from collections.abc import Iterator, Sequence
from types import MappingProxyType

from rich.cells import cell_len, set_cell_size
from textual.content import Content

from nodion_tui.config import Profile
from nodion_tui.model.run import Run
from nodion_tui.model.runner import short_id
from nodion_tui.model.text.format import count
from nodion_tui.model.text.sanitize import sanitize
from nodion_tui.monitor.many.planned_start import StartOutcome, StartState

MAX_NAME_COLUMNS = 44
"""Columns of what distinguishes a run; what is longer is cut."""


def numbered_rows(labels: Sequence[str]) -> list[Content]:
    """What distinguishes each run, with its number."""
    digits = len(str(len(labels)))
    return [
        Content.assemble((f"{number:>{digits}}  ", "$foreground-muted"), sanitize(label))
        for number, label in enumerate(labels, 1)
    ]


def outcome_rows(
    names: Sequence[str], outcomes: Sequence[StartOutcome], runs: Sequence[Run | None]
) -> Iterator[Content]:
    """A row for each start.

    Args:
        names: what distinguishes each.
        outcomes: what became of each.
        runs: the new runs as they are now.
    """
    shown = [sanitize(name) for name in names]
    columns = min(MAX_NAME_COLUMNS, max((cell_len(name) for name in shown), default=0))
    digits = len(str(len(shown)))
    for number, (name, outcome, run) in enumerate(zip(shown, outcomes, runs, strict=True), 1):
        glyph, style = _STYLES[outcome.state]
        yield Content.assemble(
            (f"{glyph} ", style),
            (f"{number:>{digits}}  ", "$foreground-muted"),
            (f"{set_cell_size(name, columns)}  " if columns else "", "bold"),
            (_result(outcome, run), style),
        )


def series_title(outcomes: Sequence[StartOutcome]) -> str:
    """Title while requests are sent, then how many runs were started."""
    states = [outcome.state for outcome in outcomes]
    started = states.count(StartState.STARTED)
    if StartState.WAITING in states or StartState.SENDING in states:
        return f"Starting {len(states)} runs: {started} started"
    return f"Started {started} of {len(states)}"


def series_summary(outcomes: Sequence[StartOutcome]) -> str:
    """Number of starts per state; empty if all have started, as the title says that."""
    states = [outcome.state for outcome in outcomes]
    if set(states) == {StartState.STARTED}:
        return ""
    counts = [(states.count(state), label) for state, label in _LABELS]
    return " · ".join(f"{number} {label}" for number, label in counts if number)


def resend_label(outcomes: Sequence[StartOutcome]) -> str:
    """What a button offers that sends what surely did not start; empty if there is nothing."""
    states = [outcome.state for outcome in outcomes if outcome.may_be_sent_again]
    unsent = states.count(StartState.LEFT_OUT)
    tried = len(states) - unsent
    again = f"Try {count(tried, 'start')} again" if tried else ""
    if not unsent:
        return again
    return f"{again}, send {unsent} more" if again else f"Send {count(unsent, 'unsent start')}"


def left_text(profile: Profile) -> str:
    """That nothing more can be sent."""
    return f"profile {sanitize(profile.name)} was left: nothing more is sent"


def _result(outcome: StartOutcome, run: Run | None) -> str:
    match outcome.state:
        case StartState.STARTED:
            current = run or outcome.run
            assert current is not None  # noqa: S101 - a started one has its run
            return f"started {sanitize(short_id(current.id))} · {sanitize(current.status)}"
        case StartState.UNKNOWN:
            return _unknown_result(outcome)
        case StartState.REFUSED:
            return f"not started: {sanitize(outcome.reason)}"
        case StartState.SENDING:
            return "sent, no answer yet"
        case state:
            return str(state)


def _unknown_result(outcome: StartOutcome) -> str:
    unknown = outcome.unknown
    reason = sanitize(outcome.reason) or "may have been sent: no answer came"
    if unknown is None:
        return f"unknown: {reason}"
    if not unknown.listed:
        return f"unknown: {reason}; the runs could not be listed"
    matching = [each.run for each in unknown.candidates if each.matches]
    if not matching:
        return f"unknown: {reason}; no new run like it yet"
    ids = ", ".join(sanitize(short_id(run.id)) for run in matching[:3])
    return f"unknown, perhaps {ids}: {reason}"


_STYLES = MappingProxyType(
    {
        StartState.WAITING: ("–", "$foreground-muted"),
        StartState.SENDING: ("◌", "$text-warning"),
        StartState.STARTED: ("✓", "$text-success"),
        StartState.REFUSED: ("✗", "$text-error"),
        StartState.UNKNOWN: ("?", "$text-warning"),
        StartState.LEFT_OUT: ("–", "$foreground-muted"),
    }
)
_LABELS = (
    (StartState.STARTED, "started"),
    (StartState.SENDING, "sent"),
    (StartState.WAITING, "waiting"),
    (StartState.UNKNOWN, "unknown"),
    (StartState.REFUSED, "not started"),
    (StartState.LEFT_OUT, "not sent"),
)
