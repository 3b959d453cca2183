"""`runners`, `runs`, `run`: list runners and runs, show one run."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from nodion_tui.cli.options import (
    api_command,
    filter_option,
    filter_problem,
    group_command,
    number_option,
    optional_runner_argument,
    run_argument,
    runner_argument,
    since_option,
    view_option,
)
from nodion_tui.cli.output.id_prefixes import unique_prefixes
from nodion_tui.cli.output.run_table import print_runs
from nodion_tui.cli.output.streams import Output
from nodion_tui.cli.output.table import TableCell
from nodion_tui.cli.process.exit_codes import CommandLineError
from nodion_tui.cli.resolve import list_runners, resolve_run, resolve_runner
from nodion_tui.cli.run_lists import RunLists, read_run_lists
from nodion_tui.cli.session import CommandSession
from nodion_tui.config import data_folder
from nodion_tui.model.run import Run, newest_first
from nodion_tui.model.runner import Runner
from nodion_tui.model.text.format import count, default_command
from nodion_tui.monitor.runs.time_range import created_since

if TYPE_CHECKING:
    from nodion_tui.monitor.runs.filter import RunFilter
    from nodion_tui.monitor.runs.filter_times import FilterTime
    from nodion_tui.monitor.storage.views import View

_TERMINAL_LIMIT = 30
"""Maximum number of runs printed on a terminal without `--limit`."""
_RUNS_EXAMPLES = """\b
Examples:
  nodion-tui runs "Database Backup" -n 5
  nodion-tui runs --filter 'status:failed since:2d'
  nodion-tui runs --filter 'runner:etl longer:10m' --json
  nodion-tui runs --view failing
  nodion-tui runs etl --json id,status,exit_code
  nodion-tui --profiles production,staging runs --filter status:running
"""
_RUNNERS_EXAMPLES = """\b
Examples:
  nodion-tui runners
  nodion-tui runners --json id,name
"""
_RUN_EXAMPLES = """\b
Examples:
  nodion-tui run etl latest
  nodion-tui run etl latest-failed --json exit_code
"""


@click.command(epilog=_RUNNERS_EXAMPLES)
@group_command
async def runners(session: CommandSession) -> None:
    """List the runners.

    In a pipe: id, name, status, image and default command, tab-separated.
    """
    output = session.output
    listing = await list_runners(session, raw=output.json)
    if output.json:
        output.json_lines(listing.raw)
        return
    listed = session.runs.runners
    if not listed:
        output.notice("no runners in this project")
    if output.is_terminal:
        prefixes = unique_prefixes(runner.id for runner in listed)
        rows = [
            [TableCell(prefixes[runner.id]), *map(TableCell, _columns(runner))] for runner in listed
        ]
        output.table(("ID", "NAME", "STATUS", "IMAGE", "COMMAND"), rows)
    else:
        output.tab_separated([(runner.id, *_columns(runner)) for runner in listed])


@click.command(epilog=_RUNS_EXAMPLES)
@optional_runner_argument
@filter_option
@since_option
@view_option("Filter and order of this view of the profile; --filter narrows it.")
@number_option(
    "--limit",
    "-n",
    minimum=0,
    help=f"Maximum number of runs (default: {_TERMINAL_LIMIT} on a terminal, all in a pipe;"
    " 0: all).",
)
@group_command
async def runs(
    session: CommandSession,
    runner: str | None,
    run_filter: "RunFilter | None",
    since: "FilterTime | None",
    view: str | None,
    limit: int | None,
) -> int:
    """List the runs of RUNNER (an id, a unique prefix of one, or a name), newest first.

    Without RUNNER: the runs of all runners. In a pipe: id, status, exit code, created, started,
    completed and command, tab-separated; for all runners followed by the runner's id and name.
    With --json for all runners, each line has `runner_id`, `runner` (its name) and `run`.
    """
    output = session.output
    named = _named_view(session, view)
    lists = await selected_runs(session, runner, raw=output.json)
    matching = created_since_option(await lists.select(run_filter, session), since, session)
    if named is not None:
        matching = _in_view(matching, named, lists, session)
    if limit is None and output.is_terminal and not output.json:
        limit = _TERMINAL_LIMIT
    shown = matching[: limit or None]
    keys = () if named else [newest_first(run) for run in shown]
    output.order_rows(keys, limit, len(matching))
    if output.json and runner is None:
        output.json_lines(lists.json_row(run) for run in shown)
    elif output.json:
        output.json_lines(lists.raw[run.key] for run in shown)
    else:
        labels = lists.labels if runner is None else None
        print_runs(output, shown, session.client.server_now(), labels, session.runs.runner)
    _tell_what_is_missing(output, lists, matching, shown)
    return lists.report_failures(output.label)


@click.command(epilog=_RUN_EXAMPLES)
@runner_argument
@run_argument
@api_command
async def run(session: CommandSession, runner: str, run: str) -> None:
    """Show one run of RUNNER.

    RUN is an id, a unique prefix of one, `latest` or `latest-failed`.

    In a pipe: one name and value per line, tab-separated.
    """
    selected_runner = await resolve_runner(session, runner)
    key = await resolve_run(session, selected_runner, run)
    session.print_run(await session.client.get_run(*key))


async def selected_runs(
    session: CommandSession, runner: str | None, *, raw: bool = False
) -> RunLists:
    """The runs of a runner that is named on the command line, or of all runners."""
    if runner is None:
        return await read_run_lists(session, (await list_runners(session)).items, raw=raw)
    return await read_run_lists(session, [await resolve_runner(session, runner)], raw=raw)


def created_since_option(
    runs: Sequence[Run], since: "FilterTime | None", session: CommandSession
) -> Sequence[Run]:
    """The runs created at or after the time of `--since`, of runs newest first."""
    if since is None:
        return runs
    return created_since(runs, since(session.client.server_now(), None))


def _named_view(session: CommandSession, name: str | None) -> "View | None":
    if name is None:
        return None
    from nodion_tui.cli.named_view import require_view  # noqa: PLC0415 - seldom

    return require_view(data_folder(), session.profile.name, name)


def _in_view(
    runs: Sequence[Run], view: "View", lists: RunLists, session: CommandSession
) -> Sequence[Run]:
    """The runs that a view shows, in its order.

    Raises:
        CommandLineError: its filter does not parse any more, or searches logs.
    """
    from nodion_tui.monitor.runs.filter import parse_filter  # noqa: PLC0415 - seldom
    from nodion_tui.monitor.runs.sort import SortColumn, sort_runs  # noqa: PLC0415 - seldom

    run_filter = parse_filter(view.filter)
    if problem := filter_problem(run_filter):
        raise CommandLineError(f"views.toml: view {view.name}: filter: {problem}")
    now = session.client.server_now()
    matching = run_filter.select(
        runs, now=now, names=lists.labels, overdue=lambda: lists.overdue(now)
    )
    if view.sort not in set(SortColumn):
        return matching
    column = SortColumn(view.sort)
    return sort_runs(matching, column, descending=view.descending, now=now, names=lists.labels)


def _tell_what_is_missing(
    output: Output, lists: RunLists, matching: Sequence[Run], shown: Sequence[Run]
) -> None:
    if output.json:
        return
    if not lists.runs:
        output.notice("no runs yet")
    elif not matching:
        output.notice(f"none of {count(len(lists.runs), 'run')} matches the filter")
    else:
        output.older_not_shown(len(matching) - len(shown))


def _columns(runner: Runner) -> tuple[str, ...]:
    return (runner.name, runner.status, runner.image, default_command(runner))
