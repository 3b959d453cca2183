"""Prints runs as a table, and the details of a single run."""

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


def print_runs(output: Output, runs: Sequence[Run], now: datetime) -> None:
    """Prints a table of runs.

    Args:
        output: receives the table.
        runs: in display order.
        now: current time of the server.
    """
    if not output.is_terminal:
        output.tab_separated(list(map(_columns, runs)))
        return
    prefixes = unique_prefixes(run.id for run in runs)
    rows = [
        (
            TableCell(prefixes[run.id]),
            status_cell(output, run.status),
            TableCell(format_number(run.exit_code), align_right=True),
            TableCell(format_age(run.created_at, now)),
            TableCell(format_duration(run.duration(now)), align_right=True),
            TableCell(run_command(run)),
        )
        for run in runs
    ]
    output.table(_HEADINGS, rows)


def print_run(output: Output, run: Run, now: datetime) -> None:
    """Prints one run, one line per property that is set."""
    pairs = [(name, cell) for name, cell in _details(output, run, now) if cell.text]
    if output.is_terminal:
        width = max(len(name) for name, _ in pairs)
        for name, cell in pairs:
            output.line(TableCell(name.ljust(width), "2"), "  ", cell)
    else:
        output.tab_separated([(name, cell.text) for name, cell in pairs])


def status_cell(output: Output, status: str) -> TableCell:
    """Table cell of a status: glyph, word and colour."""
    return TableCell(
        f"{status_glyph(status, ascii_only=output.ascii_only)} {status}", status_style(status)
    )


def _columns(run: Run) -> Sequence[str]:
    times = (run.created_at, run.started_at, run.completed_at)
    return (
        run.id,
        run.status,
        format_number(run.exit_code),
        *map(format_iso, times),
        run_command(run),
    )


def _details(output: Output, run: Run, now: datetime) -> Iterator[tuple[str, TableCell]]:
    format_time = format_local_time if output.is_terminal else format_iso
    yield "run", TableCell(run.id)
    yield "runner", TableCell(run.runner_id)
    yield "status", status_cell(output, run.status) if output.is_terminal else TableCell(run.status)
    yield "exit code", TableCell(format_number(run.exit_code))
    yield "command", TableCell(run_command(run))
    yield "entrypoint", TableCell(run.entrypoint or "")
    yield "created", TableCell(format_time(run.created_at))
    yield "started", TableCell(format_time(run.started_at))
    yield "completed", TableCell(format_time(run.completed_at))
    yield "queued", TableCell(format_duration(run.queue_time(now)))
    yield "time", TableCell(format_duration(run.duration(now)))
