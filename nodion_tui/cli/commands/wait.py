"""`wait`: waits until a run has ended."""

import asyncio
import math
import random

import click

from nodion_tui.cli.options import api_command, run_argument, runner_argument
from nodion_tui.cli.process.exit_codes import run_exit_code
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


@click.command()
@runner_argument
@run_argument
@api_command
async def wait(session: CommandSession, runner: str, run: str) -> int:
    """Wait for RUN to end, then show it and exit with its exit code.

    The exit code is 130 for a canceled run, and 125 if nodion-tui fails. Lost connections are
    retried.
    """
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
