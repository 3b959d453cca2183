"""`logs`: prints or follows the log of a run."""

from itertools import compress

import click

from nodion_tui.cli.follow_log import FollowLog
from nodion_tui.cli.options import (
    api_command,
    run_argument,
    runner_argument,
    stop_on_interrupt_option,
    timestamps_option,
)
from nodion_tui.cli.output.log_printer import LogPrinter
from nodion_tui.cli.resolve import resolve_run, resolve_runner
from nodion_tui.cli.session import CommandSession
from nodion_tui.model.line_ids import LineIdSet
from nodion_tui.model.run import RunKey
from nodion_tui.monitor.log.level import LogLevel


@click.command()
@runner_argument
@run_argument
@click.option(
    "--follow", "-f", is_flag=True, help="Follow until the run ends; exit with its exit code."
)
@click.option("--since", metavar="ID", help="Print only lines after the log line with this id.")
@click.option(
    "--level",
    type=click.Choice([level.name.lower() for level in LogLevel], case_sensitive=False),
    help="Print only lines of this level and above, as the dashboard colors them.",
)
@timestamps_option
@stop_on_interrupt_option
@api_command
async def logs(
    session: CommandSession,
    runner: str,
    run: str,
    since: str | None,
    level: str | None,
    *,
    follow: bool,
    timestamps: bool | None,
    stop_on_interrupt: bool,
) -> int:
    """Print the log of RUN, oldest line first. RUN is an id, a unique prefix of one, or `latest`.

    In a pipe only the unchanged lines are printed; notices go to stderr. With -f the exit code is
    that of the run (130 if it was canceled), or 125 if nodion-tui fails.
    """
    key = await resolve_run(session, await resolve_runner(session, runner), run)
    minimum = LogLevel[level.upper()] if level else None
    if follow:
        follow_log = FollowLog(
            session,
            key,
            after_id=since,
            timestamps=timestamps,
            level=minimum,
            stop_on_interrupt=stop_on_interrupt,
        )
        return await follow_log.run()
    printer = LogPrinter(session.output, timestamps=timestamps, level=minimum)
    await _print_pages(session, key, since, printer)
    return 0


async def _print_pages(
    session: CommandSession, key: RunKey, after_id: str | None, printer: LogPrinter
) -> None:
    """Prints all pages, up to an empty page or a page without new lines."""
    output, seen = session.output, LineIdSet()
    while True:
        page = await session.client.get_logs(*key, after_id, raw=output.json)
        output.bad_rows(page)
        is_new = seen.add_each([line.id for line in page.items], starts_response=True)
        if not any(is_new):
            return
        printer.print([*compress(page.items, is_new)], [*compress(page.raw, is_new)])
        after_id = page.items[-1].id
