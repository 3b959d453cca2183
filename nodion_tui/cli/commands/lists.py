"""`runners`, `runs`, `run`: what there is."""

import click

from nodion_tui.cli.options import IntegerInRange, api_command, run_argument, runner_argument
from nodion_tui.cli.output.format import runner_command, unique_prefixes
from nodion_tui.cli.output.run_table import print_run, print_runs
from nodion_tui.cli.output.table import TableCell
from nodion_tui.cli.resolve import list_runners, resolve_run, resolve_runner
from nodion_tui.cli.session import CommandSession
from nodion_tui.model.run import newest_first
from nodion_tui.model.runner import Runner

_ON_SCREEN = 30
"""Runs that a terminal is given if it asks for no number."""


@click.command()
@api_command
async def runners(session: CommandSession) -> None:
    """List the runners.

    In a pipe: id, name, status, image and default command, a tab between them.
    """
    out = session.out
    listing = await list_runners(session, raw=out.json)
    if out.json:
        out.json_lines(listing.raw)
        return
    found = session.store.runners
    if not found:
        out.notice("there are no runners in this project")
    if out.is_terminal:
        starts = unique_prefixes(runner.id for runner in found)
        rows = [[TableCell(starts[runner.id]), *map(TableCell, _facts(runner))] for runner in found]
        out.table(("ID", "NAME", "STATUS", "IMAGE", "COMMAND"), rows)
    else:
        out.tab_separated([(runner.id, *_facts(runner)) for runner in found])


@click.command()
@runner_argument
@click.option(
    "--limit",
    "-n",
    type=IntegerInRange(0),
    metavar="N",
    help=f"The newest N alone; on a terminal {_ON_SCREEN} unless told, 0 for all.",
)
@api_command
async def runs(session: CommandSession, runner: str, limit: int | None) -> None:
    """List the runs of RUNNER (an id, the unique start of one, or a name), newest first.

    In a pipe: id, status, exit code, created, started, completed and command, a tab between them.
    """
    out = session.out
    picked = await resolve_runner(session, runner)
    listing = await session.client.list_runs(picked.id, raw=out.json)
    out.bad_rows(listing.bad_rows)
    order = sorted(range(len(listing.items)), key=lambda n: newest_first(listing.items[n]))
    if limit is None and out.is_terminal and not out.json:
        limit = _ON_SCREEN
    kept = order[: limit or None]
    if out.json:
        out.json_lines(listing.raw[n] for n in kept)
        return
    now = session.client.server_now()
    print_runs(out, [listing.items[n] for n in kept], now)
    if not order:
        out.notice("no runs yet")
    elif len(kept) < len(order):
        out.notice(f"{len(order) - len(kept):,} older ones: --limit 0 lists all")


@click.command()
@runner_argument
@run_argument
@api_command
async def run(session: CommandSession, runner: str, run: str) -> None:
    """Show one run of RUNNER. RUN is an id, the unique start of one, or `latest`.

    In a pipe: a name, a tab and a value on each line.
    """
    picked = await resolve_runner(session, runner)
    key = await resolve_run(session, picked, run)
    found = await session.client.get_run(*key)
    if session.out.json:
        session.out.json_lines([session.run_json(found)])
    else:
        print_run(session.out, found, session.client.server_now())


def _facts(runner: Runner) -> tuple[str, ...]:
    return (runner.name, runner.status, runner.image, runner_command(runner))
