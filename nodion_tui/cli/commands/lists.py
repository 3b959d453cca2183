"""`runners`, `runs`, `run`: list runners and runs, show one run."""

import click

from nodion_tui.cli.options import api_command, number_option, run_argument, runner_argument
from nodion_tui.cli.output.id_prefixes import unique_prefixes
from nodion_tui.cli.output.run_table import print_runs
from nodion_tui.cli.output.table import TableCell
from nodion_tui.cli.resolve import list_runners, resolve_run, resolve_runner
from nodion_tui.cli.session import CommandSession
from nodion_tui.model.format import default_command
from nodion_tui.model.run import newest_first
from nodion_tui.model.runner import Runner

_TERMINAL_LIMIT = 30
"""Maximum number of runs printed on a terminal without `--limit`."""


@click.command()
@api_command
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


@click.command()
@runner_argument
@number_option(
    "--limit",
    "-n",
    minimum=0,
    help=f"Maximum number of runs (default: {_TERMINAL_LIMIT} on a terminal, all in a pipe;"
    " 0: all).",
)
@api_command
async def runs(session: CommandSession, runner: str, limit: int | None) -> None:
    """List the runs of RUNNER (an id, a unique prefix of one, or a name), newest first.

    In a pipe: id, status, exit code, created, started, completed and command, tab-separated.
    """
    output = session.output
    selected_runner = await resolve_runner(session, runner)
    listing = await session.client.list_runs(selected_runner.id, raw=output.json)
    output.bad_rows(listing.bad_rows)
    order = sorted(range(len(listing.items)), key=lambda n: newest_first(listing.items[n]))
    if limit is None and output.is_terminal and not output.json:
        limit = _TERMINAL_LIMIT
    shown = order[: limit or None]
    if output.json:
        output.json_lines(listing.raw[n] for n in shown)
        return
    now = session.client.server_now()
    print_runs(output, [listing.items[n] for n in shown], now)
    if not order:
        output.notice("no runs yet")
    elif len(shown) < len(order):
        output.notice(f"{len(order) - len(shown):,} older runs not shown; --limit 0 lists all")


@click.command()
@runner_argument
@run_argument
@api_command
async def run(session: CommandSession, runner: str, run: str) -> None:
    """Show one run of RUNNER. RUN is an id, a unique prefix of one, or `latest`.

    In a pipe: one name and value per line, tab-separated.
    """
    selected_runner = await resolve_runner(session, runner)
    key = await resolve_run(session, selected_runner, run)
    session.print_run(await session.client.get_run(*key))


def _columns(runner: Runner) -> tuple[str, ...]:
    return (runner.name, runner.status, runner.image, default_command(runner))
