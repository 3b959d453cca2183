"""Runs as rows of a table, and one run in detail."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from nodion_tui.cli.output.format import (
    format_age,
    format_duration,
    format_iso,
    format_local_time,
    format_number,
    run_command,
    status_glyph,
    status_style,
    unique_prefixes,
)
from nodion_tui.cli.output.streams import Output
from nodion_tui.cli.output.table import TableCell
from nodion_tui.model.run import Run

_HEADINGS = ("RUN", "STATUS", "EXIT", "CREATED", "TIME", "COMMAND")


def print_runs(out: Output, runs: Sequence[Run], now: datetime) -> None:
    """A table of runs.

    Args:
        out: where to.
        runs: in the order to show them.
        now: the server's clock.
    """
    if not out.is_terminal:
        out.tab_separated(list(map(_plain, runs)))
        return
    starts = unique_prefixes(run.id for run in runs)
    rows = [
        (
            TableCell(starts[run.id]),
            status_cell(out, run.status),
            TableCell(format_number(run.exit_code), align_right=True),
            TableCell(format_age(run.created_at, now)),
            TableCell(format_duration(run.duration(now)), align_right=True),
            TableCell(run_command(run)),
        )
        for run in runs
    ]
    out.table(_HEADINGS, rows)


def print_run(out: Output, run: Run, now: datetime) -> None:
    """One run, a line for each thing known about it."""
    pairs = [(name, cell) for name, cell in _details(out, run, now) if cell.text]
    if out.is_terminal:
        width = max(len(name) for name, _ in pairs)
        for name, cell in pairs:
            out.line(TableCell(name.ljust(width), "2"), "  ", cell)
    else:
        out.tab_separated([(name, cell.text) for name, cell in pairs])


def status_cell(out: Output, status: str) -> TableCell:
    """A status as glyph, word and colour."""
    return TableCell(
        f"{status_glyph(status, ascii_only=out.ascii_only)} {status}", status_style(status)
    )


def _plain(run: Run) -> Sequence[str]:
    times = (run.created_at, run.started_at, run.completed_at)
    return (
        run.id,
        run.status,
        format_number(run.exit_code),
        *map(format_iso, times),
        run_command(run),
    )


def _details(out: Output, run: Run, now: datetime) -> Iterator[tuple[str, TableCell]]:
    when = format_local_time if out.is_terminal else format_iso
    yield "run", TableCell(run.id)
    yield "runner", TableCell(run.runner_id)
    yield "status", status_cell(out, run.status) if out.is_terminal else TableCell(run.status)
    yield "exit code", TableCell(format_number(run.exit_code))
    yield "command", TableCell(run_command(run))
    yield "entrypoint", TableCell(run.entrypoint or "")
    yield "created", TableCell(when(run.created_at))
    yield "started", TableCell(when(run.started_at))
    yield "completed", TableCell(when(run.completed_at))
    yield "queued", TableCell(format_duration(run.queue_time(now)))
    yield "time", TableCell(format_duration(run.duration(now)))
