"""Prints runs as a table, and the details of a single run."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime

from nodion_tui.cli.output.id_prefixes import unique_prefixes
from nodion_tui.cli.output.status_cell import status_cell
from nodion_tui.cli.output.streams import Output, iso_time
from nodion_tui.cli.output.table import TableCell
from nodion_tui.model.run import Run
from nodion_tui.model.runner import Runner, unknown_runner
from nodion_tui.model.text.format import ago, duration, run_command, time_out_words

RunnerOf = Callable[[str], Runner | None]
_HEADINGS = ("RUN", "STATUS", "EXIT", "CREATED", "TIME", "COMMAND")


def print_runs(
    output: Output,
    runs: Sequence[Run],
    now: datetime,
    labels: Mapping[str, str] | None = None,
    runner_of: RunnerOf = unknown_runner,
) -> None:
    """Prints a table of runs in the given order.

    Args:
        output: where to.
        runs: the rows.
        now: the server's time.
        labels: runner id → name, to show each run's runner; None: they have the same.
        runner_of: returns what is known of a runner, by its id.
    """
    if not output.is_terminal:
        output.tab_separated([(*_columns(run), *_runner_columns(run, labels)) for run in runs])
        return
    prefixes = unique_prefixes(run.id for run in runs)
    rows = [
        (
            TableCell(prefixes[run.id]),
            _status(output, run, runner_of),
            TableCell(_number(run.exit_code), align_right=True),
            TableCell(ago(now - run.created_at) if run.created_at else ""),
            TableCell(duration(run.duration(now)), align_right=True),
            *map(TableCell, _runner_columns(run, labels)[1:]),
            TableCell(run_command(run)),
        )
        for run in runs
    ]
    headings = _HEADINGS if labels is None else (*_HEADINGS[:-1], "RUNNER", _HEADINGS[-1])
    output.table(headings, rows)


def print_run(
    output: Output, run: Run, now: datetime, runner_of: RunnerOf = unknown_runner
) -> None:
    """Prints one run, one line per property that is set."""
    pairs = [(name, cell) for name, cell in _details(output, run, now, runner_of) if cell.text]
    if output.is_terminal:
        width = max(len(name) for name, _ in pairs)
        for name, cell in pairs:
            output.line(TableCell(name.ljust(width), "2"), "  ", cell)
    else:
        output.tab_separated([(name, cell.text) for name, cell in pairs])


def _columns(run: Run) -> Sequence[str]:
    times = (run.created_at, run.started_at, run.completed_at)
    return (
        run.id,
        run.status,
        _number(run.exit_code),
        *map(iso_time, times),
        run_command(run),
    )


def _runner_columns(run: Run, labels: Mapping[str, str] | None) -> tuple[str, ...]:
    """Id and name of the runner; nothing if all runs have the same."""
    return () if labels is None else (run.runner_id, labels.get(run.runner_id, ""))


def _status(output: Output, run: Run, runner_of: RunnerOf) -> TableCell:
    """The status, as a person reads it: `timed out after 1 h` for a run that failed by that."""
    cell = status_cell(output, run.status)
    time_out = time_out_words(run, runner_of(run.runner_id))
    return cell._replace(text=cell.text.replace(run.status, time_out)) if time_out else cell


def _details(
    output: Output, run: Run, now: datetime, runner_of: RunnerOf
) -> Iterator[tuple[str, TableCell]]:
    format_time = _local_time if output.is_terminal else iso_time
    yield "run", TableCell(run.id)
    yield "runner", TableCell(run.runner_id)
    status = _status(output, run, runner_of) if output.is_terminal else TableCell(run.status)
    yield "status", status
    yield "exit code", TableCell(_number(run.exit_code))
    yield "command", TableCell(run_command(run))
    # An empty one overrides the image's; none overrides nothing.
    yield "entrypoint", TableCell('""' if run.entrypoint == "" else run.entrypoint or "")
    yield "created", TableCell(format_time(run.created_at))
    yield "started", TableCell(format_time(run.started_at))
    yield "completed", TableCell(format_time(run.completed_at))
    yield "queued", TableCell(duration(run.queue_time(now)))
    yield "time", TableCell(duration(run.duration(now)))


def _local_time(moment: datetime | None) -> str:
    """Date and time in the local time zone; empty if unknown."""
    return "" if moment is None else moment.astimezone().strftime("%Y-%m-%d %H:%M:%S")


def _number(value: int | None) -> str:
    return "" if value is None else str(value)
