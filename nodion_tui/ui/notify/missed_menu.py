"""What happened while nobody looked, as a list to jump from."""

from collections.abc import Callable, Sequence
from string import ascii_lowercase
from typing import TYPE_CHECKING, Any

from nodion_tui.model.run import Run
from nodion_tui.model.runner import short_id
from nodion_tui.ui.paint import format as cells
from nodion_tui.ui.session.messages import OpenRun

if TYPE_CHECKING:
    from textual.app import App

    from nodion_tui.monitor.monitor import Monitor
    from nodion_tui.monitor.notify.missed_runs import MissedRuns
    from nodion_tui.ui.dialogs.menu import MenuEntry
    from nodion_tui.ui.paint.theme import Glyphs

MAX_RUNS = 200
"""Runs in the list."""
_NO_KEY = "\N{NO-BREAK SPACE}"
"""In place of a letter: nobody types it."""


async def open_missed_run(app: "App[Any]", monitor: "Monitor | None", glyphs: "Glyphs") -> None:
    """Show the list, and then the run that is chosen from it.

    Args:
        app: where it is shown.
        monitor: what is watched, if anything is.
        glyphs: the signs of run states.
    """
    from nodion_tui.ui.dialogs.menu import Menu  # noqa: PLC0415 - seldom

    missed = monitor.missed if monitor else None
    if monitor is None or missed is None:
        app.notify("Nothing that you missed.", timeout=3)
        return
    monitor.set_missed(None)
    runs = missed.runs[:MAX_RUNS]
    chosen = await app.push_screen_wait(
        Menu(_title(missed), _choices(monitor, runs, glyphs.status))
    )
    if chosen is not None:
        app.post_message(OpenRun(runs[int(chosen)].key))


def _title(missed: "MissedRuns") -> str:
    since, until = cells.time_of_day(missed.since), cells.time_of_day(missed.until)
    return f"While you were away, {since} to {until}: {missed.text}"


def _choices(
    monitor: "Monitor", runs: Sequence[Run], sign: Callable[[str], str]
) -> "list[MenuEntry]":
    from nodion_tui.ui.dialogs.menu import MenuEntry  # noqa: PLC0415 - seldom

    letters = ascii_lowercase + _NO_KEY * len(runs)
    return [
        MenuEntry(
            letter, str(place), f"{sign(run.status)} {_runner(monitor, run)}", _what(monitor, run)
        )
        for place, (letter, run) in enumerate(zip(letters, runs, strict=False))
    ]


def _runner(monitor: "Monitor", run: Run) -> str:
    runner = monitor.runs.runner(run.runner_id)
    return runner.label if runner else short_id(run.runner_id)


def _what(monitor: "Monitor", run: Run) -> str:
    now = monitor.server_now()
    exit_code = "" if run.exit_code is None else f"exit {run.exit_code}"
    ended = cells.time_of_day(run.completed_at) if run.completed_at else ""
    parts = (
        run.status,
        exit_code,
        cells.short_duration(run.duration(now)),
        ended,
        short_id(run.id),
    )
    return "  ".join(filter(None, parts))
