"""`stop`: stops runs and reports the result of each."""

import asyncio
from collections.abc import Sequence

import click

from nodion_tui.cli.options import active_runs_argument, api_command, runner_argument
from nodion_tui.cli.output.status_cell import status_cell
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

_MAX_CONCURRENT = 8
_EXAMPLES = """\b
Examples:
  nodion-tui stop etl latest
  nodion-tui stop "Database Backup" 3f2a 77b1 --yes
"""


@click.command(epilog=_EXAMPLES)
@runner_argument
@active_runs_argument
@click.option(
    "--yes", "-y", is_flag=True, help="Skip the name confirmation that a profile can require."
)
@api_command
async def stop(session: CommandSession, runner: str, runs: Sequence[str], *, yes: bool) -> int:
    """Stop runs of RUNNER.

    RUN is an id, a unique prefix of one, `latest` or `latest-failed`.

    In a pipe: id, status and result (`stopped`, `had ended` or `requested`), tab-separated.
    Stopping a run that has ended is not an error.
    """
    session.require_write_access()
    resolved_runner = await resolve_runner(session, runner)
    _check_name(session, resolved_runner, runner, yes=yes)
    semaphore = asyncio.Semaphore(_MAX_CONCURRENT)

    async def stop_one(argument: str) -> int:
        try:
            async with semaphore:
                key = await resolve_run(session, resolved_runner, argument)
                ended_run = await _get_ended_run(session, key)
                run = ended_run or await session.run_control.stop(key)
        except NodionError as error:
            print_error(
                describe_error(error) if len(runs) == 1 else f"{argument}: {describe_error(error)}"
            )
            return error_exit_code(error)
        _report(session, run, "had ended" if ended_run else _result(run))
        return OK

    codes = await asyncio.gather(*map(stop_one, dict.fromkeys(runs)))
    return max(codes)


def _check_name(session: CommandSession, runner: Runner, argument: str, *, yes: bool) -> None:
    """Rejects an id if the profile requires the runner's name as confirmation."""
    if session.profile.confirm_name and not yes and argument.strip() != runner.name:
        name = session.profile.name
        raise CommandLineError(
            f"profile {name} requires the runner's name, not its id, to stop a run; or use -y"
        )


async def _get_ended_run(session: CommandSession, key: RunKey) -> Run | None:
    """Returns the run if it has ended; None otherwise, also if the request fails."""
    try:
        run = await session.client.get_run(*key)
    except NodionError:
        return None
    return run if run.is_final else None


def _report(session: CommandSession, run: Run, result: str) -> None:
    output = session.output
    if output.json:
        output.json_lines([session.run_json(run)])
    elif output.is_terminal:
        output.line(status_cell(output, run.status), f"  {run.id}  {result}")
    else:
        output.tab_separated([(run.id, run.status, result)])


def _result(run: Run) -> str:
    if not run.is_final:
        return "requested"
    return "stopped" if run.status == RunStatus.CANCELED else "had ended"
