"""`stop`: cancel runs, and tell for each what became of it."""

import asyncio
from collections.abc import Sequence

import click

from nodion_tui.cli.options import api_command, runner_argument, runs_argument
from nodion_tui.cli.output.run_table import status_cell
from nodion_tui.cli.process.exit_codes import (
    OK,
    CommandLineError,
    describe_error,
    error_exit_code,
    print_error,
)
from nodion_tui.cli.resolve import resolve_run, resolve_runner
from nodion_tui.cli.session import CommandSession
from nodion_tui.model.errors import NodionError
from nodion_tui.model.run import Run, RunKey, RunStatus
from nodion_tui.model.runner import Runner

_AT_ONCE = 8


@click.command()
@runner_argument
@runs_argument
@click.option("--yes", "-y", is_flag=True, help="Where the profile asks for the runner's name.")
@api_command
async def stop(session: CommandSession, runner: str, runs: Sequence[str], *, yes: bool) -> int:
    """Stop runs of RUNNER. RUN is an id, the unique start of one, or `latest`.

    In a pipe: id, status and what became of it, a tab between them: `stopped`, `had ended` or
    `requested`. Stopping a run that has ended is no failure, and stopping twice does no harm.
    """
    session.require_write_access()
    picked = await resolve_runner(session, runner)
    _check_name(session, picked, runner, yes=yes)
    gate = asyncio.Semaphore(_AT_ONCE)

    async def stop_one(typed: str) -> int:
        try:
            async with gate:
                key = await resolve_run(session, picked, typed)
                ended = await _ended_before(session, key)
                run = ended or await session.store.stop(key)
        except NodionError as error:
            print_error(
                describe_error(error) if len(runs) == 1 else f"{typed}: {describe_error(error)}"
            )
            return error_exit_code(error)
        _report(session, run, "had ended" if ended else _became(run))
        return OK

    codes = await asyncio.gather(*map(stop_one, dict.fromkeys(runs)))
    return max(codes)


def _check_name(session: CommandSession, runner: Runner, typed: str, *, yes: bool) -> None:
    """Where the profile asks that the runner's name be typed, an id is not enough."""
    if session.profile.confirm_name and not yes and typed.strip() != runner.name:
        name = session.profile.name
        raise CommandLineError(
            f"profile {name} asks for the runner's name, not its id, before a stop; or -y"
        )


async def _ended_before(session: CommandSession, key: RunKey) -> Run | None:
    """The run if it is over already; a look that fails is no reason not to stop it."""
    try:
        run = await session.client.get_run(*key)
    except NodionError:
        return None
    return run if run.is_final else None


def _report(session: CommandSession, run: Run, became: str) -> None:
    out = session.out
    if out.json:
        out.json_lines([session.run_json(run)])
    elif out.is_terminal:
        out.line(status_cell(out, run.status), f"  {run.id}  {became}")
    else:
        out.tab_separated([(run.id, run.status, became)])


def _became(run: Run) -> str:
    if not run.is_final:
        return "requested"
    return "stopped" if run.status == RunStatus.CANCELED else "had ended"
