"""The cells of a run: its status, times, exit code and command as styled texts."""

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime

from nodion_tui.config import Profile
from nodion_tui.model.exit_code import fit_exit_code
from nodion_tui.model.run import Run
from nodion_tui.model.run_cause import RunCause
from nodion_tui.model.runner import Runner, short_id
from nodion_tui.model.text import format as cells
from nodion_tui.model.text.sanitize import sanitize
from nodion_tui.model.text.signs import AWAITED_SIGN, POLLED_SIGN, status_sign
from nodion_tui.ui.dashboard.lists.columns import GAP, STATUS_EXIT_WIDTH, Column, ColumnName
from nodion_tui.ui.paint.styled_row import (
    StyledRow,
    StyledText,
    pad,
    row_width,
    truncate,
    truncate_middle,
)
from nodion_tui.ui.paint.theme import status_style
from nodion_tui.ui.paint.widget_styles import profile_style

_GAP = StyledText(" " * GAP)
_SHELL = "sh -c "
_AGES: AbstractSet[ColumnName] = frozenset({"created", "started", "age"})
"""The columns that go on with the clock after the end of a run."""


def run_row(
    run: Run,
    columns: Sequence[Column],
    now: datetime,
    *,
    known_until: datetime | None = None,
    runner: Runner | None = None,
    runner_name: str = "",
    profile: Profile | None = None,
    is_stale: bool = False,
    is_stopping: bool = False,
    cause: RunCause | None = None,
    is_awaited: bool = False,
    is_polled: bool = False,
    hits: int | None = None,
) -> StyledRow:
    """The cells of a run, side by side.

    Args:
        run: the run.
        columns: leftmost first.
        now: the server's clock, for ages.
        known_until: for durations, as a run that cannot be read may have ended; None: now.
        runner: its runner, which has the default command and the time-out.
        runner_name: sanitized name of its runner.
        profile: its profile, for a column of that name.
        is_stale: whether the data of the run is outdated, which dims it.
        is_stopping: whether a stop was requested that is not confirmed yet.
        cause: that of a failed run; one that is known dims the row.
        is_awaited: whether its end will be told.
        is_polled: whether its end is polled for, as it has no stream.
        hits: matching lines of its log; None: it was not searched.
    """
    row: list[StyledText] = []
    is_known = cause is not None and cause.is_known
    shows_exit = any(column.name == "exit" for column in columns)
    for column in columns:
        if column.name == "profile":
            row += (*profile_cell(profile, column.width), _GAP)
            continue
        if column.name == "status":
            word = "stopping" if is_stopping else "known" if is_known else ""
            text, style = _status(run, runner, word, with_exit=not shows_exit)
            sign = f" {POLLED_SIGN}" if is_polled and not run.is_final else ""
            text = _with_awaited(text + sign, column.width) if is_awaited else text + sign
        elif column.name == "command":
            text = _fit_command(cells.effective_command(run, runner), column.width)
            style = "dim" if run.is_default else ""
        elif column.name == "cause":
            text, style = _fit_cause(cause, column.width), ""
        elif column.name == "hits":
            text, style = "" if hits is None else f"{hits:,}", "" if hits else "dim"
        elif column.name == "exit":
            text = "" if run.exit_code is None else fit_exit_code(run.exit_code, column.width)
            style = "bad" if run.exit_code else ""
        else:
            text, style = _cell(run, column.name, now, known_until or now, runner_name)
        text = pad(text, column.width, right=column.align_right)
        row += (StyledText(text, "dim" if is_stale or is_known else style), _GAP)
    return tuple(row[:-1])


def changes_with_time(run: Run, columns: Sequence[Column], before: datetime, now: datetime) -> bool:
    """Whether a row may look different at another time, with nothing else changed.

    Args:
        run: the run.
        columns: those of the row.
        before: the time that is shown.
        now: the time to be shown.
    """
    if not run.is_final or run.completed_at is None:
        return True
    ages = (column.name for column in columns if column.name in _AGES)
    return any(_age(run, name, before) != _age(run, name, now) for name in ages)


def profile_cell(profile: Profile | None, columns: int) -> StyledRow:
    """The name of a profile on its colour, and the rest of the columns.

    It is never dimmed: whose row it is stays certain.
    """
    if profile is None:
        return (StyledText(" " * columns),)
    badge = truncate(profile.name, columns)
    return (
        StyledText(badge, profile_style(profile.color)),
        StyledText(" " * (columns - len(badge))),
    )


def profile_columns(profiles: Iterable[Profile]) -> int:
    """Columns of the longest name among profiles; 0 for one profile."""
    names = [profile.name for profile in profiles]
    return max(map(len, names)) if len(names) > 1 else 0


def _with_awaited(text: str, columns: int) -> str:
    return pad(truncate(text, columns - 1), columns - 1) + AWAITED_SIGN


def _fit_cause(cause: RunCause | None, columns: int) -> str:
    return truncate_middle(sanitize(cause.text), columns) if cause else ""


def _status(run: Run, runner: Runner | None, word: str, *, with_exit: bool) -> tuple[str, str]:
    if not word:
        # The duration of a time-out stands in a column of its own.
        word = "timed out" if cells.time_out_words(run, runner) else sanitize(run.status)
    if run.exit_code and with_exit:
        word = f"{word} {fit_exit_code(run.exit_code, STATUS_EXIT_WIDTH)}"
    return f"{status_sign(run.status)} {word}", status_style(run.status)


def _fit_command(command: str, columns: int) -> str:
    """A command in a number of columns: where it is cut, without the shell that is always there."""
    if row_width((StyledText(command),)) > columns:
        command = command.removeprefix(_SHELL)
    return truncate_middle(command, columns)


def _cell(
    run: Run, name: ColumnName, now: datetime, known_until: datetime, runner_name: str
) -> tuple[str, str]:
    """Text and style of a cell."""
    text: str
    match name:
        case "runner":
            text = runner_name
        case "id":
            text = short_id(sanitize(run.id))
        case "entrypoint":
            text = sanitize(run.entrypoint or "")
        case "queue":
            text = cells.duration(run.queue_time(known_until))
        case "time":
            text = cells.duration(run.duration(known_until))
        case _:
            return _age(run, name, now), "dim"
    return text, ""


def _age(run: Run, name: ColumnName, now: datetime) -> str:
    since = run.created_at if name == "created" else run.started_at or run.created_at
    if since is None:
        return ""
    elapsed = now - since
    return cells.age(elapsed) if name == "age" else cells.ago(elapsed)
