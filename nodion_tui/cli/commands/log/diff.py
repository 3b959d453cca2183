"""`diff`: compares the logs of two runs, and what was run."""

import asyncio

import click

from nodion_tui.cli.archived import run_or_archived, runs_or_archived
from nodion_tui.cli.completion.completer import completer
from nodion_tui.cli.options import (
    api_command,
    number_option,
    run_argument,
    runner_argument,
)
from nodion_tui.cli.output.log_diff import print_diff
from nodion_tui.cli.resolve import GOOD, NotFound, resolve_run, resolve_runner, told_runner
from nodion_tui.cli.session import CommandSession
from nodion_tui.cli.whole_log import read_whole_log
from nodion_tui.model.run import Run, newest_listed_first
from nodion_tui.model.run_difference import RunComparison
from nodion_tui.model.runner import Runner, short_id
from nodion_tui.model.text.format import count
from nodion_tui.monitor.insight.run_comparison import compare_executed
from nodion_tui.monitor.log.compare.comparison import Comparison, compare_logs
from nodion_tui.monitor.runs.last_good import last_good

_EXAMPLES = """\b
Examples:
  nodion-tui diff etl latest-failed            # with the succeeded run before it
  nodion-tui diff etl latest 3f2a -C 0
  nodion-tui diff etl latest -q >/dev/null && echo same as ever
"""


@click.command(epilog=_EXAMPLES)
@runner_argument
@run_argument
@click.argument("base", metavar="[BASE]", default=GOOD, shell_complete=completer("base_run"))
@number_option("--context", "-C", minimum=0, default=3, help="Equal lines around a difference.")
@api_command
async def diff(session: CommandSession, runner: str, run: str, base: str, context: int) -> int:
    """Compare the log of RUN with that of BASE: `good`, the default, or a run.

    `good` is the succeeded run before it, or else the newest one.

    What was run is compared first: command, argv, entrypoint, environment (of runs that were
    triggered from this machine), image; secrets are masked. In the logs times, ids and numbers are
    ignored. Lines of RUN alone begin with `+`, those of BASE with `-`. With --json: `change`,
    `part` (`log`, `command` …), `line` (its number) and `body` of each difference. The exit code is
    0 for no differences of the logs, 1 for some, 2 or more for a failure.
    """
    selected_runner = await resolve_runner(session, runner)
    key = await resolve_run(session, selected_runner, run)
    newer = await run_or_archived(session, key)
    older = await _base_run(session, selected_runner, newer, base)
    older_log, newer_log = await asyncio.gather(
        read_whole_log(session, older), read_whole_log(session, newer)
    )
    comparison = await compare_logs(older_log.buffer, newer_log.buffer)
    headings = (f"--- {older.id} {older.status}", f"+++ {newer.id} {newer.status}")
    buffers = (older_log.buffer, newer_log.buffer)
    told = await told_runner(session, newer.runner_id)
    executed = await compare_executed(
        older,
        newer,
        runner_of=lambda _: told,
        history=session.history,
        now=session.client.server_now(),
    )
    print_diff(session.output, comparison, buffers, headings, context, executed)
    _tell(session, comparison, older, newer, executed)
    return 1 if comparison.change_count else 0


async def _base_run(session: CommandSession, runner: Runner, run: Run, base: str) -> Run:
    if base != GOOD:
        return await run_or_archived(session, await resolve_run(session, runner, base))
    listing = await runs_or_archived(session, runner.id)
    runs = [listing.items[index] for index in newest_listed_first(listing.items)]
    good = last_good(run, runs)
    if good is None:
        raise NotFound(f"{runner.label} has no other run that succeeded")
    return good


def _tell(
    session: CommandSession,
    comparison: Comparison,
    older: Run,
    newer: Run,
    executed: RunComparison,
) -> None:
    output, number = session.output, comparison.change_count
    names = f"{short_id(newer.id)} and {short_id(older.id)}"
    differences = count(number, "difference") if number else "no differences"
    output.notice(
        f"{differences} between {names}, {count(comparison.same_lines, 'line')} equal;"
        " times, ids and numbers are ignored"
    )
    run_count = len(executed.differences)
    output.notice(
        f"{count(run_count, 'difference')} in what was run"
        if run_count
        else "; ".join(("no difference known in what was run", *executed.notes))
    )
    if skipped := comparison.left.skipped_lines + comparison.right.skipped_lines:
        output.warning(f"{count(skipped, 'older line')} not compared")
