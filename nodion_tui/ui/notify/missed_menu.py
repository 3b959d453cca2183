"""Menu of what happened while the user was away: runs that started, ended or did not come."""

from collections.abc import Sequence
from typing import Any

from rich.cells import cell_len
from textual.app import App

from nodion_tui.model.run import Run
from nodion_tui.model.runner import short_id
from nodion_tui.model.text import format as fmt
from nodion_tui.model.text.signs import OVERDUE_SIGN, status_sign
from nodion_tui.monitor.monitor import Monitor
from nodion_tui.monitor.notify.missed_runs import MissedEvent, MissedRuns
from nodion_tui.ui.dialogs.menu import Menu, MenuEntry, padded
from nodion_tui.ui.notify.away_tracker import AWAY_AFTER
from nodion_tui.ui.session.messages import OpenRun

MAX_EVENTS = 200
"""Maximum number of entries in the menu."""


async def open_missed_run(app: App[Any], monitor: Monitor | None) -> None:
    """Show the menu, then open the selected run.

    Args:
        app: shows the menu.
        monitor: the current monitor, if any.
    """
    missed = monitor.last_missed if monitor else None
    if monitor is None or missed is None:
        absence = fmt.long_age(AWAY_AFTER.total_seconds())
        app.notify(f"Nothing to report: you have not been away for {absence}.", timeout=4)
        return
    monitor.set_missed(None)
    shown = missed.events[:MAX_EVENTS]
    index = await app.push_screen_wait(Menu(_title(missed), _entries(monitor, shown)))
    if index is not None:
        app.post_message(OpenRun(shown[int(index)].run.key))


def _title(missed: MissedRuns) -> str:
    since, until = (
        fmt.short_date_time(moment, missed.until) for moment in (missed.since, missed.until)
    )
    return f"While you were away, {since} to {until}: {missed.text}"


def _entries(monitor: Monitor, shown: Sequence[MissedEvent]) -> list[MenuEntry]:
    """Entries; what is told of runs that changed stands in columns."""
    changed = [_cells(monitor, event.run) for event in shown if not event.is_overdue]
    widths = [max(map(cell_len, column)) for column in zip(*changed, strict=True)]
    return [
        MenuEntry(str(index + 1), str(index), *_texts(monitor, event, widths))
        for index, event in enumerate(shown)
    ]


def _texts(monitor: Monitor, event: MissedEvent, widths: Sequence[int]) -> tuple[str, str]:
    """Label and details of an entry."""
    run = event.run
    label = monitor.label(run.runner_id)
    if not event.is_overdue:
        cells = zip(_cells(monitor, run), widths, strict=True)
        details = "  ".join(padded(cell, width) for cell, width in cells if width)
        return f"{status_sign(run.status)} {label}", details
    since = run.created_at or monitor.server_now()
    last = fmt.rough_duration(monitor.server_now() - since)
    return f"{OVERDUE_SIGN} {label}", f"overdue  last run {last} ago  {short_id(run.id)}"


def _cells(monitor: Monitor, run: Run) -> tuple[str, ...]:
    """What became of a run, its exit code, duration and end, and its id."""
    return (
        fmt.time_out_words(run, monitor.runs.runner(run.runner_id)) or run.status,
        "" if run.exit_code is None else f"exit {run.exit_code}",
        fmt.short_duration(run.duration(monitor.server_now())),
        fmt.time_of_day(run.completed_at) if run.completed_at else "",
        short_id(run.id),
    )
