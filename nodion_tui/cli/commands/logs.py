"""`logs`: what a run wrote, up to now or to its end."""

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
from nodion_tui.cli.resolve import resolve_run, resolve_runner
from nodion_tui.cli.session import CommandSession
from nodion_tui.model.line_ids import LineIdSet
from nodion_tui.model.run import RunKey


@click.command()
@runner_argument
@run_argument
@click.option("--follow", "-f", is_flag=True, help="Go on to the end; exit with the run's code.")
@click.option("--since", metavar="ID", help="Only what came after the log line of this id.")
@timestamps_option
@stop_on_interrupt_option
@api_command
async def logs(
    session: CommandSession,
    runner: str,
    run: str,
    since: str | None,
    *,
    follow: bool,
    times: bool | None,
    stop_on_interrupt: bool,
) -> int:
    """Print the log of RUN, oldest line first. RUN is an id, its unique start, or `latest`.

    In a pipe: the lines as the run wrote them and nothing else; notices go to stderr. With -f the
    exit code is the run's own (130 for a canceled one), and 125 is a failure of ours.
    """
    key = await resolve_run(session, await resolve_runner(session, runner), run)
    if follow:
        following = FollowLog(
            session, key, after_id=since, times=times, stop_on_interrupt=stop_on_interrupt
        )
        return await following.run()
    await _print_pages(session, key, since, times=times)
    return 0


async def _print_pages(
    session: CommandSession, key: RunKey, after_id: str | None, *, times: bool | None
) -> None:
    """All pages there are: up to an empty one, or one that brings nothing new."""
    out, seen = session.out, LineIdSet()
    while True:
        page = await session.client.get_logs(*key, after_id, raw=out.json)
        out.bad_rows(page.bad_rows)
        is_new = seen.add_each([line.id for line in page.items], starts_response=True)
        new = [*compress(range(len(is_new)), is_new)]
        if not new:
            return
        if out.json:
            out.json_lines(page.raw[n] for n in new)
        else:
            out.log_lines([page.items[n] for n in new], times=times)
        after_id = page.items[-1].id
