"""The sentences of the stop dialogs: pure values of runs and profiles."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType

from rich.cells import cell_len, set_cell_size
from textual.content import Content

from nodion_tui.config import Profile
from nodion_tui.model.run import Run, RunKey
from nodion_tui.model.runner import Runner, short_id
from nodion_tui.model.sanitize import sanitize
from nodion_tui.monitor.runs.bulk_stop import StopOutcome, StopState
from nodion_tui.ui.dialogs.badge import profile_badge
from nodion_tui.ui.paint import format as cells


def read_only_reason(profile: Profile) -> str:
    """Why a profile lets nothing be started or stopped; empty where it does."""
    if not profile.read_only:
        return ""
    return f"Profile {profile.name} is read-only: nothing can be started or stopped"


def consequence(number: int) -> str:
    """What stopping so many runs does."""
    if number == 0:
        return "All of them have already ended."
    if number == 1:
        return "The run is marked canceled and its container is removed. What it logged stays."
    return "They are marked canceled and their containers removed. Their logs stay."


def confirm_prompt(password: str) -> Content:
    """What has to be typed before anything is stopped."""
    return Content.assemble("To stop, type ", (sanitize(password), "bold"))


def already_ended(run: Run) -> str:
    """That a run needs no stopping any more; empty while it does."""
    if not run.is_final:
        return ""
    code = "" if run.exit_code is None else f", exit code {run.exit_code}"
    return f"It has already ended: {run.status}{code}."


def run_age(run: Run, now: datetime) -> str:
    """How long it has been running, or waiting to; how it ended, if it has."""
    if run.is_final:
        return sanitize(run.status)
    duration = run.duration(now)
    if duration is not None:
        return f"running for {cells.long_duration(duration)}"
    waited = run.queue_time(now)
    return "waiting to start" if waited is None else f"waiting for {cells.long_duration(waited)}"


def run_facts(run: Run, runner: Runner, profile: Profile, now: datetime) -> Content:
    """What it is about, one fact a line."""
    rows = (
        ("runner", sanitize(runner.label), "bold"),
        ("run", sanitize(short_id(run.id)), ""),
        ("state", run_age(run, now), ""),
        ("executes", cells.run_command(run), ""),
    )
    lines = [
        Content.assemble((f"{name:<10}", "$foreground-muted"), (value, style))
        for name, value, style in rows
    ]
    lines.append(
        Content.assemble((f"{'profile':<10}", "$foreground-muted"), profile_badge(profile))
    )
    return Content("\n").join(lines)


def runner_label(run: Run, runners: Mapping[str, Runner]) -> str:
    """The name of a run's runner, fit for a terminal."""
    return sanitize((runners.get(run.runner_id) or Runner(id=run.runner_id)).label)


def run_count(number: int) -> str:
    """So many runs."""
    return f"{number:,} run{'' if number == 1 else 's'}"


def bulk_header(profile: Profile, description: str) -> Content:
    """Where, and which rows these are."""
    head = Content.assemble(("profile   ", "$foreground-muted"), profile_badge(profile))
    return Content.assemble(head, "\n", sanitize(description)) if description else head


def bulk_rows(
    listed: Sequence[Run], runners: Mapping[str, Runner], now: datetime
) -> Iterator[Content]:
    """Several runs, in columns."""
    named = [(run, runner_label(run, runners), _now(run, now)) for run in listed]
    names = max(cell_len(name) for _, name, _ in named)
    states = max(cell_len(state) for _, _, state in named)
    for run, name, state in named:
        yield Content.assemble(
            (set_cell_size(name, names), "$foreground-muted" if run.is_final else "bold"),
            f"  {sanitize(short_id(run.id))}  {set_cell_size(state, states)}  ",
            (cells.run_command(run), "$foreground-muted"),
        )


def _now(run: Run, now: datetime) -> str:
    return f"already {run_age(run, now)}" if run.is_final else run_age(run, now)


def result_rows(
    listed: Sequence[Run],
    runners: Mapping[str, Runner],
    outcomes: Mapping[RunKey, StopOutcome],
    seconds: Mapping[RunKey, float],
) -> Iterator[Content]:
    """What became of several runs, in columns.

    Args:
        listed: the runs.
        runners: runners by id.
        outcomes: how far the stop of each has come.
        seconds: since it was asked for.
    """
    names = max(cell_len(runner_label(run, runners)) for run in listed)
    for run in listed:
        sign, style = _RESULT_LOOKS[outcomes[run.key].state]
        yield Content.assemble(
            (f"{sign} ", style),
            (set_cell_size(runner_label(run, runners), names), "bold"),
            f"  {sanitize(short_id(run.id))}  ",
            (_result(outcomes[run.key], seconds.get(run.key, 0.0)), style),
        )


def _result(outcome: StopOutcome, seconds: float) -> str:
    detail = sanitize(outcome.detail)
    return {
        StopState.WAITING: "waits its turn",
        StopState.REQUESTED: f"stop requested · {int(seconds)} s",
        StopState.CONFIRMED: "confirmed canceled",
        StopState.ENDED: f"had already ended: {detail}",
        StopState.FAILED: f"failed: {detail}",
    }[outcome.state]


def result_summary(states: Sequence[StopState]) -> str:
    """How many have come how far."""
    counts = [(states.count(state), word) for state, word in _RESULT_WORDS]
    return " · ".join(f"{count} {word}" for count, word in counts if count)


_RESULT_LOOKS = MappingProxyType(
    {
        StopState.WAITING: ("–", "$foreground-muted"),
        StopState.REQUESTED: ("◌", "$text-warning"),
        StopState.CONFIRMED: ("⊘", "$text-success"),
        StopState.ENDED: ("✓", "$foreground-muted"),
        StopState.FAILED: ("✗", "$text-error"),
    }
)
_RESULT_WORDS = (
    (StopState.CONFIRMED, "confirmed canceled"),
    (StopState.REQUESTED, "requested"),
    (StopState.WAITING, "waiting"),
    (StopState.ENDED, "had ended"),
    (StopState.FAILED, "failed"),
)
