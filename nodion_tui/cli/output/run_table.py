"""Runs as rows of a table, and one run in detail."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from nodion_tui.cli.output.format import (
    age,
    duration,
    glyph,
    iso,
    local_time,
    number,
    run_command,
    status_style,
    unique_starts,
)
from nodion_tui.cli.output.streams import Output
from nodion_tui.cli.output.table import Cell
from nodion_tui.model.run import Run

_HEADINGS = ("RUN", "STATUS", "EXIT", "CREATED", "TIME", "COMMAND")


def print_runs(out: Output, runs: Sequence[Run], now: datetime) -> None:
    """A table of runs.

    Args:
        out: where to.
        runs: in the order to show them.
        now: the server's clock.
    """
    if not out.terminal:
        out.columns(list(map(_plain, runs)))
        return
    starts = unique_starts(run.id for run in runs)
    rows = [
        (
            Cell(starts[run.id]),
            status_cell(out, run.status),
            Cell(number(run.exit_code), right=True),
            Cell(age(run.created_at, now)),
            Cell(duration(run.duration(now)), right=True),
            Cell(run_command(run)),
        )
        for run in runs
    ]
    out.table(_HEADINGS, rows)


def print_run(out: Output, run: Run, now: datetime) -> None:
    """One run, a line for each thing known about it."""
    pairs = [(name, cell) for name, cell in _details(out, run, now) if cell.text]
    if out.terminal:
        width = max(len(name) for name, _ in pairs)
        for name, cell in pairs:
            out.line(Cell(name.ljust(width), "2"), "  ", cell)
    else:
        out.columns([(name, cell.text) for name, cell in pairs])


def status_cell(out: Output, status: str) -> Cell:
    """A status as glyph, word and colour."""
    return Cell(f"{glyph(status, ascii_only=out.ascii_only)} {status}", status_style(status))


def _plain(run: Run) -> Sequence[str]:
    times = (run.created_at, run.started_at, run.completed_at)
    return (run.id, run.status, number(run.exit_code), *map(iso, times), run_command(run))


def _details(out: Output, run: Run, now: datetime) -> Iterator[tuple[str, Cell]]:
    when = local_time if out.terminal else iso
    yield "run", Cell(run.id)
    yield "runner", Cell(run.runner_id)
    yield "status", status_cell(out, run.status) if out.terminal else Cell(run.status)
    yield "exit code", Cell(number(run.exit_code))
    yield "command", Cell(run_command(run))
    yield "entrypoint", Cell(run.entrypoint or "")
    yield "created", Cell(when(run.created_at))
    yield "started", Cell(when(run.started_at))
    yield "completed", Cell(when(run.completed_at))
    yield "queued", Cell(duration(run.queue_time(now)))
    yield "time", Cell(duration(run.duration(now)))
