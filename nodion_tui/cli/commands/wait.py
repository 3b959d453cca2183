"""`wait`: waits until a run has ended."""

import asyncio
import math
import random
from datetime import timedelta

import click

from nodion_tui.cli.options import DurationType, api_command, run_argument, runner_argument
from nodion_tui.cli.process.exit_codes import TIMED_OUT, run_exit_code
from nodion_tui.cli.process.interrupts import watch_interrupts
from nodion_tui.cli.resolve import resolve_run, resolve_runner
from nodion_tui.cli.session import CommandSession
from nodion_tui.model.backoff import Backoff
from nodion_tui.model.errors import NodionError
from nodion_tui.model.run import RunKey

PACE = Backoff(first=0.5, limit=5.0)
"""Polling interval while the run is running, without jitter."""
OUTAGE = Backoff()
"""Delay after an error."""


_EXAMPLES = """\b
Examples:
  nodion-tui wait etl latest && echo succeeded
  nodion-tui wait etl 3f2a --timeout 10m --json status,exit_code
"""


@click.command(epilog=_EXAMPLES)
@runner_argument
@run_argument
@click.option(
    "--timeout",
    "time_limit",
    type=DurationType(),
    metavar="TIME",
    help="Give up after this time, such as 90s or 1h30m, with exit code 124.",
)
@api_command
async def wait(session: CommandSession, runner: str, run: str, time_limit: timedelta | None) -> int:
    """Wait for RUN to end, then show it and exit with its exit code.

    The exit code is 130 for a canceled run, 124 if --timeout passes first, and 125 if nodion-tui
    fails. Lost connections are retried.
    """
    seconds = None if time_limit is None else time_limit.total_seconds()
    try:
        async with asyncio.timeout(seconds) as limit:
            return await _wait(session, runner, run)
    except TimeoutError:
        if not limit.expired():
            raise
    session.output.warning("--timeout has passed; the run continues")
    return TIMED_OUT


async def _wait(session: CommandSession, runner: str, run: str) -> int:
    key = await resolve_run(session, await resolve_runner(session, runner), run)
    async with watch_interrupts() as watch:
        task = asyncio.create_task(_poll(session, key))
        try:
            await watch.wait_for(task)
            if not task.done():
                session.output.notice("stopped waiting; the run continues")
                return watch.exit_code
            return task.result()
        finally:
            task.cancel()


async def _poll(session: CommandSession, key: RunKey) -> int:
    polls = failures = 0
    while True:
        try:
            run = await session.client.get_run(*key)
        except NodionError as error:
            if not error.retryable:
                raise
            failures += 1
            delay = OUTAGE.delay(failures, random.random(), error.retry_after)  # noqa: S311 - jitter
            session.output.notice(f"retrying in {math.ceil(delay)} s: {error.detail}")
            await asyncio.sleep(delay)
            continue
        if run.is_final:
            session.print_run(run)
            return run_exit_code(run.status, run.exit_code)
        polls, failures = polls + 1, 0
        await asyncio.sleep(PACE.delay(polls, 1.0))
