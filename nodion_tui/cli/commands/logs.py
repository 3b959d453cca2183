"""`logs`: prints or follows the log of a run."""

from itertools import compress
from typing import TYPE_CHECKING

import click

from nodion_tui.cli.follow_log import FollowLog
from nodion_tui.cli.line_filter import (
    LineFilter,
    grep_option,
    level_option,
    line_filter,
    wanted_raw,
)
from nodion_tui.cli.options import (
    api_command,
    run_argument,
    runner_argument,
    stop_on_interrupt_option,
    timestamps_option,
)
from nodion_tui.cli.resolve import resolve_run, resolve_runner
from nodion_tui.cli.session import CommandSession
from nodion_tui.model.line_ids import LineIdSet
from nodion_tui.model.run import RunKey

if TYPE_CHECKING:
    from nodion_tui.monitor.log.search.query import Matcher


@click.command()
@runner_argument
@run_argument
@click.option(
    "--follow", "-f", is_flag=True, help="Follow until the run ends; exit with its exit code."
)
@click.option("--since", metavar="ID", help="Print only lines after the log line with this id.")
@grep_option
@level_option
@timestamps_option
@stop_on_interrupt_option
@api_command
async def logs(
    session: CommandSession,
    runner: str,
    run: str,
    since: str | None,
    pattern: "Matcher | None",
    level: str | None,
    *,
    follow: bool,
    timestamps: bool | None,
    stop_on_interrupt: bool,
) -> int:
    """Print the log of RUN, oldest line first.

    RUN is an id, a unique prefix of one, `latest` or `latest-failed`.

    On a terminal lines are printed as the dashboard shows them, in a pipe unchanged; notices go to
    stderr. With -f the exit code is that of the run (130 if it was canceled), or 125 if nodion-tui
    fails. Without it, the exit code is 1 for a log that the service has deleted.
    """
    key = await resolve_run(session, await resolve_runner(session, runner), run)
    wanted = line_filter(pattern, level)
    if follow:
        follow_log = FollowLog(
            session,
            key,
            after_id=since,
            timestamps=timestamps,
            stop_on_interrupt=stop_on_interrupt,
            wanted=wanted,
        )
        return await follow_log.run()
    await _print_pages(session, key, since, timestamps=timestamps, wanted=wanted)
    return 0


async def _print_pages(
    session: CommandSession,
    key: RunKey,
    after_id: str | None,
    *,
    timestamps: bool | None,
    wanted: LineFilter | None,
) -> None:
    """Prints all pages, up to an empty page or a page without new lines."""
    output, seen = session.output, LineIdSet()
    while True:
        page = await session.client.get_logs(*key, after_id, raw=output.json)
        output.bad_rows(page)
        is_new = seen.add_each([line.id for line in page.items], starts_response=True)
        new = [*compress(range(len(is_new)), is_new)]
        if not new:
            return
        lines = [page.items[n] for n in new]
        if output.json:
            output.json_lines(wanted_raw([page.raw[n] for n in new], lines, wanted))
        else:
            output.log_lines(lines, timestamps=timestamps, wanted=wanted)
        after_id = page.items[-1].id
