"""`status`: how every runner does, in one call."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import click
import msgspec

from nodion_tui.cli.commands.lists import selected_runs
from nodion_tui.cli.options import group_command, optional_runner_argument
from nodion_tui.cli.output.status_cell import status_cell
from nodion_tui.cli.output.streams import Output, iso_time
from nodion_tui.cli.output.table import TableCell
from nodion_tui.cli.process.exit_codes import FAILED, OK, USAGE
from nodion_tui.cli.runner_status import RunnerStatus, runner_status
from nodion_tui.cli.session import CommandSession
from nodion_tui.model.run import Run
from nodion_tui.model.runner import Runner
from nodion_tui.model.text.format import ago, count, duration, price, rough_duration

if TYPE_CHECKING:
    from nodion_tui.monitor.insight.failure_causes import FailureCauses

_EXAMPLES = """\b
Examples:
  nodion-tui status
  nodion-tui status --json runner,status,failures,overdue
  nodion-tui status -q >/dev/null || notify-send "runners need attention"
"""
_HEADINGS = ("RUNNER", "LAST", "EXIT", "WHEN", "RHYTHM", "USUAL", "COST 7D", "NOTE")
_WARN = "33"


@click.command(epilog=_EXAMPLES)
@optional_runner_argument
@group_command
async def status(session: CommandSession, runner: str | None) -> int:
    """Show a line for each runner: last result, rhythm, usual duration and cost.

    In a pipe: id, name, status and exit code of the last run that ended, when, period, overdue by,
    usual duration (in seconds), cost of 7 days and `known` or nothing, tab-separated. A failure is
    known if its cause is acknowledged in the dashboard. The exit code is 0 if all is well, 1 if the
    last run of a runner failed from a cause that is not known, or a runner is overdue, and 2 or
    more if that could not be found out.
    """
    output = session.output
    lists = await selected_runs(session, runner)
    now = session.client.server_now()
    unreadable = {unread.id for unread, _ in lists.failures}
    rows = [
        runner_status(_known(session, runner_id), lists.runs_of(runner_id), now)
        for runner_id in lists.labels
        if runner_id not in unreadable
    ]
    rows = await _with_known(rows, lists.runs, session)
    if output.json:
        output.json_lines(msgspec.json.encode(row.json_object()) for row in rows)
    elif output.is_terminal:
        output.table(_HEADINGS, [_cells(output, row, session) for row in rows])
    else:
        output.tab_separated(map(_columns, rows))
    bad = [row.runner.label for row in rows if row.needs_attention]
    if bad:
        output.notice(f"{count(len(bad), 'runner')} failed last or overdue: {', '.join(bad)}")
    if lists.report_failures(output.label) != OK:
        return USAGE
    return FAILED if bad else OK


async def _with_known(
    rows: Sequence[RunnerStatus], runs: Sequence[Run], session: CommandSession
) -> list[RunnerStatus]:
    """The rows, with the last failures that are acknowledged; logs are read where one may be."""
    failed = [row.last for row in rows if row.failures and row.last]
    if not failed:
        return list(rows)
    from nodion_tui.cli.cause_lookup import CauseLookup  # noqa: PLC0415 - where one failed

    lookup = CauseLookup(session, runs)
    await lookup.read(failed)
    return [_judged(row, lookup.failures) for row in rows]


def _judged(row: RunnerStatus, failures: "FailureCauses") -> RunnerStatus:
    if row.last is None or not failures.is_known(row.last):
        return row
    cause = failures.cause(row.last)
    known = failures.known(cause) if cause else None
    return replace(row, is_known=True, note=known.note if known else "")


def _known(session: CommandSession, runner_id: str) -> Runner:
    """The runner as the service lists it, with its price; else its id alone."""
    return session.runs.runner(runner_id) or Runner(id=runner_id)


def _cells(output: Output, row: RunnerStatus, session: CommandSession) -> Sequence[TableCell]:
    last, rhythm = row.last, row.rhythm
    when = ""
    if last is not None and (ended_at := last.completed_at or last.created_at):
        when = ago(session.client.server_now() - ended_at)
    return (
        TableCell(row.runner.label),
        status_cell(output, last.status) if last else TableCell("never ran", "2"),
        TableCell("" if last is None or last.exit_code is None else str(last.exit_code)),
        TableCell(when),
        TableCell(f"every {rough_duration(rhythm.period)}" if rhythm else ""),
        TableCell(duration(row.typical), align_right=True),
        TableCell(price(row.cost), align_right=True),
        TableCell(_note(row), _WARN if row.needs_attention else ""),
    )


def _note(row: RunnerStatus) -> str:
    notes = []
    if row.overdue is not None:
        notes.append(f"overdue by {rough_duration(row.overdue)}")
    if row.failures > 1:
        notes.append(f"failed {row.failures} times in a row")
    if row.is_known:
        notes.append(f"known: {row.note}" if row.note else "known")
    if row.active:
        notes.append(f"{row.active} active")
    return ", ".join(notes)


def _columns(row: RunnerStatus) -> Sequence[str]:
    last, rhythm = row.last, row.rhythm
    seconds = (rhythm.period if rhythm else None, row.overdue, row.typical)
    return (
        row.runner.id,
        row.runner.label,
        last.status if last else "",
        "" if last is None or last.exit_code is None else str(last.exit_code),
        iso_time(last.completed_at) if last else "",
        *("" if span is None else f"{span.total_seconds():.0f}" for span in seconds),
        "" if row.cost is None else f"{row.cost:.6f}",
        "known" if row.is_known else "",
    )
