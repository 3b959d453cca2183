"""The cells of a runner: status of the last run, name, what is missed, what runs, a sparkline."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING

from nodion_tui.model.run import Run, RunStatus
from nodion_tui.model.run_cause import never_known
from nodion_tui.model.runner import Runner
from nodion_tui.model.text import format as cells
from nodion_tui.model.text.sanitize import sanitize
from nodion_tui.model.text.signs import OVERDUE_SIGN
from nodion_tui.ui.paint.row_signs import CANNOT_BE_READ, NEVER_RUN, run_sign
from nodion_tui.ui.paint.styled_row import StyledRow, StyledText, pad, row_width
from nodion_tui.ui.paint.theme import status_style

if TYPE_CHECKING:
    from nodion_tui.monitor.insight.rhythm import Rhythm

SPARKLINE_RUNS = 5
"""Number of runs in the sparkline."""
LEVELS = "▁▁▂▂▃▄▅▆"
"""Eight heights of the sparkline, lowest first."""
ASCII_LEVELS = "." * len(LEVELS)
"""Where stand-ins replace the signs, a height has none: a dot says that there was a run."""
MIN_NAME_WIDTH = 12
"""Columns of a name that is cut; the sparkline has at most what is left."""
EASY_WIDTH = 72
"""Columns beyond which, in a zoomed list, an eye loses the row before it is at the row's end."""
_BLANK = StyledText(" ")
_LOOK_BACK = 100
"""Newest runs among which the last results are looked for while some are running."""

PIN = StyledText("*", "key")
"""Before the name of a pinned runner."""


def runner_row(
    runner: Runner,
    runs: Sequence[Run],
    active: int,
    now: datetime,
    width: int,
    levels: str,
    *,
    profile: StyledRow = (),
    is_failing: bool = False,
    is_pinned: bool = False,
    last_run_age: str = "",
    is_known: Callable[[Run], bool] = never_known,
) -> StyledRow:
    """Status and name of a runner, how long it is missed, number of active runs, last results.

    Args:
        runner: the runner; without an id, it stands for all runners and has no status.
        runs: its runs, newest first.
        active: number of its active runs.
        now: the server's clock.
        width: columns of the row.
        levels: signs for the heights of the sparkline, lowest first.
        profile: the name of its profile, at the end of the row; empty where there is only one.
        is_failing: whether its run list cannot be read, so that its status is not known.
        is_pinned: whether it comes first because it is pinned.
        last_run_age: how long ago it ran last, if it did not run when it was due.
        is_known: whether a run failed for an acknowledged cause, which dims its sign.
    """
    sign = _status(runs, active, is_known) if runner.id else _BLANK
    counts = (*_overdue_part(last_run_age), *_active_part(active))
    label = sanitize(runner.label)
    label_width = row_width((StyledText(label),))
    others = 4 + row_width(profile) + row_width(counts)
    width = min(width, max(EASY_WIDTH, others + label_width + SPARKLINE_RUNS))
    bars = _bars(width - others, label_width)
    summary = (*counts, *_sparkline(runs, active, bars, now, levels, is_known))
    if is_failing:
        sign, summary = CANNOT_BE_READ, tuple(StyledText(each.text, "dim") for each in summary)
    name = pad(label, max(0, width - 3 - row_width(profile) - row_width(summary)))
    pin = PIN if is_pinned else _BLANK
    # The profile comes last: counts and sparkline differ in width, and before them the profiles of
    # a list would not stand below each other.
    return (sign, pin, StyledText(name), _BLANK, *summary, *profile)


def _bars(room: int, label_width: int) -> int:
    """How many runs the sparkline has: the oldest give way to a name that is whole without them.

    Args:
        room: columns for both.
        label_width: columns of the whole name.
    """
    is_whole = label_width <= room + 1  # Without a sparkline the blank behind it is free.
    return max(0, min(SPARKLINE_RUNS, room - (label_width if is_whole else MIN_NAME_WIDTH)))


def _status(runs: Sequence[Run], active: int, is_known: Callable[[Run], bool]) -> StyledText:
    if not runs:
        return NEVER_RUN
    if active:
        return run_sign(RunStatus.RUNNING)
    return run_sign(runs[0].status, is_known=is_known(runs[0]))


def last_run_age(rhythm: "Rhythm", now: datetime) -> str:
    """How long ago a runner ran last: `31h`."""
    return cells.rough_duration(now - rhythm.last).replace(" ", "")


def _overdue_part(age: str) -> StyledRow:
    return (StyledText(f"{OVERDUE_SIGN} {age} ", "warning"),) if age else ()


def _active_part(active: int) -> StyledRow:
    return (StyledText(f"{active} ", status_style(RunStatus.RUNNING)),) if active else ()


def _sparkline(
    runs: Sequence[Run],
    active: int,
    count: int,
    now: datetime,
    levels: str,
    is_known: Callable[[Run], bool],
) -> StyledRow:
    """The last runs; while some are running, whose number stands beside it, the last results."""
    from nodion_tui.monitor.insight.statistics import sparkline  # noqa: PLC0415 - after the first paint

    shown = [*islice(_ended(runs) if active else runs, count)]
    known = {run.key for run in shown if is_known(run)}
    signs = (
        StyledText(levels[bar.level], "dim")
        if bar.status == RunStatus.SUCCEEDED
        else run_sign(bar.status, is_known=bar.key in known)
        for bar in sparkline(shown, count, now)
    )
    return (*signs, _BLANK) if runs and count else ()


def _ended(runs: Sequence[Run]) -> Iterator[Run]:
    return (run for run in islice(runs, _LOOK_BACK) if run.is_final)
