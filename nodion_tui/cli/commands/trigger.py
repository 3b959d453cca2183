"""`trigger`: starts a run; the request is sent once."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress

import click

from nodion_tui.cli.env_options import env_variables
from nodion_tui.cli.follow_log import FollowLog, stop_after_interrupt
from nodion_tui.cli.options import (
    api_command,
    runner_argument,
    stop_on_interrupt_option,
    timestamps_option,
)
from nodion_tui.cli.output.status import status_cell
from nodion_tui.cli.process.exit_codes import FAILED, OWN_FAILURE, describe_error, print_error
from nodion_tui.cli.resolve import resolve_runner
from nodion_tui.cli.send_trigger import send_trigger
from nodion_tui.cli.session import CommandSession
from nodion_tui.config import data_folder
from nodion_tui.model.errors import ApiError, InputError
from nodion_tui.model.format import ago, run_command
from nodion_tui.model.run import Run
from nodion_tui.model.runner import Runner
from nodion_tui.model.trigger import TriggerRequest, format_argv, shell_syntax_tokens
from nodion_tui.model.trigger_draft import env_row_from
from nodion_tui.monitor.runs.unknown_outcome import TriggerCandidate, TriggerOutcomeUnknown
from nodion_tui.monitor.storage.trigger_history import TriggerHistory


class ArgvCommand(click.Command):
    """Command that passes all words after `--` to another program unchanged.

    `--` is required, because an argument of that program could otherwise be parsed as an option.
    """

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Stores the words after `--` in the parameter `argv` and parses the others."""
        end = args.index("--") if "--" in args else len(args)
        try:
            rest = super().parse_args(ctx, args[:end])
        except click.UsageError as error:
            if "extra argument" in error.format_message():
                message = "The command to run must follow --, as in: RUNNER -- python job.py"
                raise click.UsageError(message, ctx) from None
            raise
        ctx.params["argv"] = tuple(args[end + 1 :])
        return rest

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        """Usage line of the help."""
        return [*super().collect_usage_pieces(ctx), "[-- ARGV...]"]


EXAMPLES = """\b
Examples:
  nodion-tui trigger "Database Backup" -f
  nodion-tui trigger backup-eu -e TARGET=staging -- python migrate.py --all
  nodion-tui trigger 428d --shell 'cd /app && ./export | gzip > out.gz'
"""

_OPTION_OF_FIELD = {
    "argv": "ARGV",
    "command": "--shell",
    "entrypoint": "--entrypoint",
    "env_variables": "--env",
}
"""Field of the API → option or argument of the command line."""


@click.command(cls=ArgvCommand, epilog=EXAMPLES)
@runner_argument
@click.option(
    "--env",
    "-e",
    "pairs",
    multiple=True,
    metavar="K=V",
    help="Set a variable; K alone passes on its local value. Repeatable.",
)
@click.option(
    "--env-file",
    "files",
    multiple=True,
    type=click.Path(dir_okay=False, allow_dash=True),
    metavar="FILE",
    help="Read variables from a .env file, or stdin (-). Repeatable; --env wins.",
)
@click.option("--entrypoint", metavar="E", help="Override the entrypoint.")
@click.option("--shell", metavar="CMD", help="Shell command (sh -c), instead of ARGV.")
@click.option(
    "--follow",
    "-f",
    is_flag=True,
    help="Print the log until the run ends; exit with its exit code.",
)
@timestamps_option
@stop_on_interrupt_option
@api_command
async def trigger(
    session: CommandSession,
    runner: str,
    argv: tuple[str, ...],
    pairs: Sequence[str],
    files: Sequence[str],
    entrypoint: str | None,
    shell: str | None,
    *,
    follow: bool,
    timestamps: bool | None,
    stop_on_interrupt: bool,
) -> int:
    """Start a run of RUNNER with ARGV (no shell), a --shell command, or the runner's default.

    Prints the id of the new run, or the run with --json, followed by the log with -f. The request
    is sent exactly once: if its outcome is unknown, the runs that may be it are listed.
    """
    request = _make_request(argv, shell, entrypoint, files, pairs)
    session.require_write_access()
    resolved_runner = await resolve_runner(session, runner)
    with suppress(ApiError):
        # Runs listed now can be distinguished from runs that appear later.
        session.runs.apply_runs(
            resolved_runner.id, await session.client.list_runs(resolved_runner.id)
        )
    for token in shell_syntax_tokens(argv):
        session.output.warning(
            f"{token} is passed literally, no shell expands it; use --shell to expand it"
        )
    result = await send_trigger(session, session.run_control.prepare(resolved_runner.id, request))
    run = result.run
    if run is None:
        if result.unknown is not None:
            _report_unknown_outcome(session, resolved_runner, result.unknown)
        return result.interrupt_code or (OWN_FAILURE if follow else FAILED)
    # The id comes first: a full disk, a closed pipe or a signal must not hide it.
    if follow or not session.output.is_terminal:
        session.output.notice(f"run {run.id} is {run.status}")
    await asyncio.to_thread(_save_to_history, session, run, request)
    _print_run(session, runner, run, follow=follow)
    if result.interrupt_code is not None:
        if follow and stop_on_interrupt:
            await stop_after_interrupt(session, run.key)
        return result.interrupt_code
    if not follow:
        return 0
    follow_log = FollowLog(
        session, run.key, timestamps=timestamps, stop_on_interrupt=stop_on_interrupt
    )
    return await follow_log.run()


def _make_request(
    argv: tuple[str, ...],
    shell: str | None,
    entrypoint: str | None,
    files: Sequence[str],
    pairs: Sequence[str],
) -> TriggerRequest:
    """Builds the request from the command line.

    Raises:
        UsageError: ARGV and --shell are given together.
        InputError: a documented limit is exceeded, or --shell is empty (as with an unset variable).
    """
    if argv and shell is not None:
        raise click.UsageError("ARGV and --shell cannot be given together")
    request = TriggerRequest(
        argv=argv or None,
        command=shell,
        entrypoint=entrypoint,
        env_variables=env_variables(files, pairs),
    )
    problems = request.problems()
    if shell is not None and not shell.strip():
        problems["command"] = ("command is empty; omit --shell to run the runner's default",)
    if problems:
        problems_by_option = {
            _OPTION_OF_FIELD[field]: messages for field, messages in problems.items()
        }
        raise InputError("a documented limit is exceeded", problems_by_option)
    return request


def _print_run(session: CommandSession, argument: str, run: Run, *, follow: bool) -> None:
    output = session.output
    if output.json:
        output.json_lines([session.run_json(run)])
    elif follow:
        return
    elif output.is_terminal:
        output.line(status_cell(output, run.status), f"  {run.id}")
        output.notice(f"to follow: nodion-tui logs {format_argv((argument,))} {run.id} -f")
    else:
        output.line(run.id)


def _save_to_history(session: CommandSession, run: Run, request: TriggerRequest) -> None:
    """Saves the environment for a re-run on the dashboard; only reports a failure."""
    rows = map(env_row_from, request.env_variables)
    try:
        notice = TriggerHistory(data_folder()).remember(run, rows)
    except OSError as error:
        notice = f"the run's environment was not saved: {error.strerror or error}"
    if notice:
        session.output.notice(notice)


def _report_unknown_outcome(
    session: CommandSession, runner: Runner, unknown: TriggerOutcomeUnknown
) -> None:
    print_error(describe_error(unknown))
    output, candidates = session.output, unknown.candidates
    if not unknown.listed:
        output.warning("the runs could not be listed either")
    elif not candidates:
        output.warning("no new run has appeared: the run was probably not started")
    else:
        output.warning("new runs since the request:")
    for candidate in candidates:
        output.warning(f"  {_format_candidate(session, candidate)}")
    output.warning(f"check before you retry: nodion-tui runs {runner.id}")


def _format_candidate(session: CommandSession, candidate: TriggerCandidate) -> str:
    run = candidate.run
    created = ago(session.client.server_now() - run.created_at) if run.created_at else ""
    match = "same command" if candidate.matches else "different command"
    return f"{run.id}  {run.status}  {created}  {match}: {run_command(run)}"
