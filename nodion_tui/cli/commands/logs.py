"""`logs`: what a run wrote, up to now or to its end."""

from itertools import compress

import click

from nodion_tui.cli.follow_log import Follow
from nodion_tui.cli.options import (
    api_command,
    run_argument,
    runner_argument,
    stop_on_interrupt_option,
    times_option,
)
from nodion_tui.cli.pick import pick_run, pick_runner
from nodion_tui.cli.session import Session
from nodion_tui.model.line_ids import IdSet
from nodion_tui.model.run import RunKey


@click.command()
@runner_argument
@run_argument
@click.option("--follow", "-f", is_flag=True, help="Go on to the end; exit with the run's code.")
@click.option("--since", metavar="ID", help="Only what came after the log line of this id.")
@times_option
@stop_on_interrupt_option
@api_command
async def logs(
    session: Session,
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
    key = await pick_run(session, await pick_runner(session, runner), run)
    if follow:
        following = Follow(
            session, key, after_id=since, times=times, stop_on_interrupt=stop_on_interrupt
        )
        return await following.run()
    await _print_pages(session, key, since, times=times)
    return 0


async def _print_pages(
    session: Session, key: RunKey, after_id: str | None, *, times: bool | None
) -> None:
    """All pages there are: up to an empty one, or one that brings nothing new."""
    out, seen = session.out, IdSet()
    while True:
        page = await session.client.get_logs(*key, after_id, raw=out.json)
        out.bad_rows(page.bad)
        is_new = seen.add_each([line.id for line in page.items], begins=True)
        new = [*compress(range(len(is_new)), is_new)]
        if not new:
            return
        if out.json:
            out.objects(page.raw[n] for n in new)
        else:
            out.bodies([page.items[n] for n in new], times=times)
        after_id = page.items[-1].id
