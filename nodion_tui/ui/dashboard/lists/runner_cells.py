"""The cells of a runner: status of the last run, name, active runs or a sparkline."""

from collections.abc import Sequence
from datetime import datetime

from nodion_tui.model.run import Run, RunStatus
from nodion_tui.model.runner import Runner
from nodion_tui.model.sanitize import sanitize
from nodion_tui.ui.paint.row_signs import CANNOT_BE_READ, NEVER_RUN, run_sign
from nodion_tui.ui.paint.styled_row import StyledRow, StyledText, pad, row_width
from nodion_tui.ui.paint.theme import status_style

SPARKLINE_RUNS = 5
"""Number of runs in the sparkline."""
LEVELS = "▁▁▂▂▃▄▅▆"
"""Eight heights of the sparkline, lowest first."""
ASCII_LEVELS = "." * len(LEVELS)
"""Where stand-ins replace the signs, a height has none: a dot says that there was a run."""
_BLANK = StyledText(" ")


def runner_row(
    runner: Runner,
    runs: Sequence[Run],
    active: int,
    now: datetime,
    width: int,
    levels: str,
    *,
    is_failing: bool = False,
) -> StyledRow:
    """Status, name, and number of active runs or sparkline of a runner.

    Args:
        runner: the runner; without an id, it stands for all runners and has no status.
        runs: its runs, newest first.
        active: number of its active runs.
        now: the server's clock.
        width: columns of the row.
        levels: signs for the heights of the sparkline, lowest first.
        is_failing: whether its run list cannot be read, so that its status is not known.
    """
    sign = _status(runs, active) if runner.id else _BLANK
    summary = _summary(runs, active, now, levels)
    if is_failing:
        sign, summary = CANNOT_BE_READ, tuple(StyledText(each.text, "dim") for each in summary)
    name = pad(sanitize(runner.label), max(0, width - 3 - row_width(summary)))
    return (sign, _BLANK, StyledText(name), _BLANK, *summary)


def _status(runs: Sequence[Run], active: int) -> StyledText:
    if not runs:
        return NEVER_RUN
    return run_sign(RunStatus.RUNNING if active else runs[0].status)


def _summary(runs: Sequence[Run], active: int, now: datetime, levels: str) -> StyledRow:
    if active:
        return (StyledText(f"{active} ", status_style(RunStatus.RUNNING)),)
    if not runs:
        return ()
    from nodion_tui.monitor.insight.statistics import sparkline  # noqa: PLC0415 - after the first paint

    signs = (
        StyledText(levels[bar.level], "dim")
        if bar.status == RunStatus.SUCCEEDED
        else run_sign(bar.status)
        for bar in sparkline(runs[:SPARKLINE_RUNS], SPARKLINE_RUNS, now)
    )
    return (*signs, _BLANK)
