"""Texts of the stop dialogs, as pure functions of runs and profiles."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType

from rich.cells import cell_len, set_cell_size
from textual.content import Content

from nodion_tui.config import Profile
from nodion_tui.model.run import Run, RunKey
from nodion_tui.model.runner import Runner, short_id
from nodion_tui.model.text import format as fmt
from nodion_tui.model.text.sanitize import sanitize
from nodion_tui.model.text.signs import status_sign
from nodion_tui.monitor.runs.bulk_stop import StopOutcome, StopState
from nodion_tui.ui.dialogs.badge import profile_badge
from nodion_tui.ui.paint.styled_row import truncate

NARROW_ROW = 56
"""Columns below which rows of runs to stop have no command."""


def consequence(number: int, listed: int = 1) -> str:
    """The effect of stopping so many runs, of so many that are listed."""
    if number == 0:
        return "It has already ended." if listed == 1 else "All of them have already ended."
    if number == 1:
        return "The run is canceled; its container or process is ended; its log stays."
    return "Runs are canceled; their containers or processes are ended; logs stay."


def already_ended(run: Run) -> str:
    """Note that a run has already ended; empty while it is active."""
    if not run.is_final:
        return ""
    code = "" if run.exit_code is None else f", exit code {run.exit_code}"
    return f"It has already ended: {run.status}{code}."


def run_age(run: Run, now: datetime) -> str:
    """How long the run has been running or waiting; its status if it has ended."""
    if run.is_final:
        return sanitize(run.status)
    duration = run.duration(now)
    if duration is not None:
        return f"running for {fmt.long_duration(duration)}"
    waited = run.queue_time(now)
    return "waiting to start" if waited is None else f"waiting for {fmt.long_duration(waited)}"


def run_facts(run: Run, runner: Runner, profile: Profile, now: datetime) -> Content:
    """Facts of the run, one per line."""
    rows = (
        ("runner", sanitize(runner.label), "bold"),
        ("run", sanitize(short_id(run.id)), ""),
        ("state", run_age(run, now), ""),
        ("command", _command(run, runner), ""),
    )
    lines = [
        Content.assemble((f"{name:<10}", "$foreground-muted"), (value, style))
        for name, value, style in rows
    ]
    lines.append(
        Content.assemble((f"{'profile':<10}", "$foreground-muted"), profile_badge(profile))
    )
    return Content("\n").join(lines)


def _command(run: Run, runner: Runner | None) -> str:
    """What the run executes, marked where that is the runner's default."""
    command = fmt.effective_command(run, runner)
    is_default = run.command is None and not run.argv and command != fmt.RUNNER_DEFAULT
    return f"(default) {command}" if is_default else command


def runner_label(run: Run, runners: Mapping[str, Runner]) -> str:
    """Sanitized name of a run's runner."""
    return sanitize((runners.get(run.runner_id) or Runner(id=run.runner_id)).label)


def bulk_header(profile: Profile, description: str) -> Content:
    """Profile and description of the selection."""
    head = Content.assemble(("profile   ", "$foreground-muted"), profile_badge(profile))
    return Content.assemble(head, "\n", sanitize(description)) if description else head


def bulk_rows(
    runs: Sequence[Run], runners: Mapping[str, Runner], now: datetime, columns: int
) -> Iterator[Content]:
    """Runs in aligned columns; in few columns without commands, to have one row each.

    Args:
        runs: the runs.
        runners: runners by id.
        now: server time.
        columns: columns of a row.
    """
    if columns < NARROW_ROW:
        yield from _short_rows(runs, runners, now, columns)
        return
    rows = [(run, runner_label(run, runners), _state_text(run, now)) for run in runs]
    name_width = max(cell_len(name) for _, name, _ in rows)
    state_width = max(cell_len(state) for _, _, state in rows)
    for run, name, state in rows:
        yield Content.assemble(
            (set_cell_size(name, name_width), "$foreground-muted" if run.is_final else "bold"),
            f"  {sanitize(short_id(run.id))}  {set_cell_size(state, state_width)}  ",
            (_command(run, runners.get(run.runner_id)), "$foreground-muted"),
        )


def _short_rows(
    runs: Sequence[Run], runners: Mapping[str, Runner], now: datetime, columns: int
) -> Iterator[Content]:
    ages = [_short_age(run, now) for run in runs]
    room = max(8, columns - len("●   01234567  ") - max(map(cell_len, ages)))
    name_width = min(room, max(cell_len(runner_label(run, runners)) for run in runs))
    for run, age in zip(runs, ages, strict=True):
        name = set_cell_size(truncate(runner_label(run, runners), name_width), name_width)
        yield Content.assemble(
            f"{status_sign(run.status)} ",
            (name, "$foreground-muted" if run.is_final else "bold"),
            f"  {sanitize(short_id(run.id))}  {age}",
        )


def _short_age(run: Run, now: datetime) -> str:
    """How long the run has been running or waiting, which its sign tells apart."""
    if run.is_final:
        return sanitize(run.status)
    duration = run.duration(now)
    return fmt.long_duration(run.queue_time(now) if duration is None else duration)


def _state_text(run: Run, now: datetime) -> str:
    return f"already {run_age(run, now)}" if run.is_final else run_age(run, now)


def result_rows(
    runs: Sequence[Run],
    runners: Mapping[str, Runner],
    outcomes: Mapping[RunKey, StopOutcome],
    seconds: Mapping[RunKey, float],
) -> Iterator[Content]:
    """Outcomes of several stops in aligned columns.

    Args:
        runs: the runs.
        runners: runners by id.
        outcomes: outcome of each stop so far.
        seconds: time since each request.
    """
    name_width = max(cell_len(runner_label(run, runners)) for run in runs)
    for run in runs:
        glyph, style = _RESULT_STYLES[outcomes[run.key].state]
        yield Content.assemble(
            (f"{glyph} ", style),
            (set_cell_size(runner_label(run, runners), name_width), "bold"),
            f"  {sanitize(short_id(run.id))}  ",
            (_result(outcomes[run.key], seconds.get(run.key, 0.0)), style),
        )


def _result(outcome: StopOutcome, seconds: float) -> str:
    detail = sanitize(outcome.detail)
    return {
        StopState.WAITING: "waiting",
        StopState.REQUESTED: f"stop requested · {int(seconds)} s",
        StopState.CONFIRMED: "canceled",
        StopState.ENDED: f"had already ended: {detail}",
        StopState.FAILED: detail,
    }[outcome.state]


def result_title(states: Sequence[StopState]) -> str:
    """Title while stops are pending, then the number of stopped runs."""
    if StopState.WAITING in states or StopState.REQUESTED in states:
        return "Stopping"
    return f"Stopped {states.count(StopState.CONFIRMED):,} of {len(states):,}"


def result_summary(states: Sequence[StopState]) -> str:
    """Number of runs per state."""
    counts = [(states.count(state), label) for state, label in _RESULT_LABELS]
    return " · ".join(f"{count} {label}" for count, label in counts if count)


_RESULT_STYLES = MappingProxyType(
    {
        StopState.WAITING: ("–", "$foreground-muted"),
        StopState.REQUESTED: ("◌", "$text-warning"),
        StopState.CONFIRMED: ("⊘", "$text-success"),
        StopState.ENDED: ("✓", "$foreground-muted"),
        StopState.FAILED: ("✗", "$text-error"),
    }
)
_RESULT_LABELS = (
    (StopState.CONFIRMED, "canceled"),
    (StopState.REQUESTED, "requested"),
    (StopState.WAITING, "waiting"),
    (StopState.ENDED, "had ended"),
    (StopState.FAILED, "failed"),
)
