"""`trigger`: start a run, once."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress

import click

from nodion_tui.cli.env_options import env_variables
from nodion_tui.cli.follow_log import FollowLog
from nodion_tui.cli.options import (
    api_command,
    runner_argument,
    stop_on_interrupt_option,
    timestamps_option,
)
from nodion_tui.cli.output.format import format_age, run_command
from nodion_tui.cli.output.run_table import status_cell
from nodion_tui.cli.process.exit_codes import FAILED, OWN_FAILURE, describe_error, print_error
from nodion_tui.cli.resolve import resolve_runner
from nodion_tui.cli.session import CommandSession
from nodion_tui.config import data_folder
from nodion_tui.model.errors import ApiError, InputError
from nodion_tui.model.run import Run
from nodion_tui.model.runner import Runner
from nodion_tui.model.trigger import TriggerRequest, format_argv, shell_syntax_tokens
from nodion_tui.model.trigger_draft import env_row_from
from nodion_tui.monitor.runs.unknown_outcome import TriggerCandidate, TriggerOutcomeUnknown
from nodion_tui.monitor.storage.trigger_history import TriggerHistory


class ArgvCommand(click.Command):
    """A command whose words behind `--` are another program's, untouched.

    Without the `--`, a word of that program could be taken for an option of ours: so it is asked
    for rather than guessed.
    """

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """What follows `--` becomes the parameter `argv`; the rest is parsed as usual."""
        cut = args.index("--") if "--" in args else len(args)
        try:
            rest = super().parse_args(ctx, args[:cut])
        except click.UsageError as error:
            if "extra argument" in error.format_message():
                message = "The command to run goes behind --, as in: RUNNER -- python job.py"
                raise click.UsageError(message, ctx) from None
            raise
        ctx.params["argv"] = tuple(args[cut + 1 :])
        return rest

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        """What the first line of the help says."""
        return [*super().collect_usage_pieces(ctx), "[-- ARGV...]"]


EXAMPLES = """\b
Examples:
  nodion-tui trigger "Database Backup" -f
  nodion-tui trigger backup-eu -e TARGET=staging -- python migrate.py --all
  nodion-tui trigger 428d --shell 'cd /app && ./export | gzip > out.gz'
"""

_TYPED_AS = {
    "argv": "ARGV",
    "command": "--shell",
    "entrypoint": "--entrypoint",
    "env_variables": "--env",
}
"""Field of the API → what it is on the command line."""


@click.command(cls=ArgvCommand, epilog=EXAMPLES)
@runner_argument
@click.option(
    "--env",
    "-e",
    "pairs",
    multiple=True,
    metavar="K=V",
    help="Override a variable; K alone passes on the value it has here. Repeatable.",
)
@click.option(
    "--env-file",
    "files",
    multiple=True,
    type=click.Path(dir_okay=False, allow_dash=True),
    metavar="FILE",
    help="Variables from a .env file, - for stdin. Repeatable; --env wins.",
)
@click.option("--entrypoint", metavar="E", help="Override the entrypoint.")
@click.option("--shell", metavar="CMD", help="A shell command (sh -c) in place of ARGV.")
@click.option("--follow", "-f", is_flag=True, help="Print the log; exit with the run's code.")
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
    times: bool | None,
    stop_on_interrupt: bool,
) -> int:
    """Start a run of RUNNER: ARGV as it is, without a shell; or --shell; or the runner's default.

    Prints the id of the new run; with --json the run, and with -f after it the log lines. The
    request is sent once: if its outcome cannot be known, the runs that may be it are shown, and
    nothing is repeated.
    """
    request = _request(argv, shell, entrypoint, files, pairs)
    session.require_write_access()
    picked = await resolve_runner(session, runner)
    with suppress(ApiError):
        # What is known before can be told from what appears after.
        session.store.apply_runs(picked.id, await session.client.list_runs(picked.id))
    for token in shell_syntax_tokens(argv):
        session.out.notice(f"no shell will see {token}: it is passed on as it is (or use --shell)")
    try:
        run = await session.store.trigger(picked.id, request)
    except TriggerOutcomeUnknown as unknown:
        _explain(session, picked, unknown)
        return OWN_FAILURE if follow else FAILED
    _announce(session, runner, run, follow=follow)
    await asyncio.to_thread(_remember, session, run, request)
    if not follow:
        return 0
    following = FollowLog(session, run.key, times=times, stop_on_interrupt=stop_on_interrupt)
    return await following.run()


def _request(
    argv: tuple[str, ...],
    shell: str | None,
    entrypoint: str | None,
    files: Sequence[str],
    pairs: Sequence[str],
) -> TriggerRequest:
    """What is to be sent.

    Raises:
        UsageError: ARGV and --shell are both there.
        InputError: it breaks a documented limit, or --shell is empty, as of a variable not set.
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
        problems["command"] = ("nothing is given; for the runner's default leave it out",)
    if problems:
        named = {_TYPED_AS[field]: messages for field, messages in problems.items()}
        raise InputError("it breaks a documented limit", named)
    return request


def _announce(session: CommandSession, typed: str, run: Run, *, follow: bool) -> None:
    out = session.out
    if out.json:
        out.json_lines([session.run_json(run)])
    elif follow:
        out.notice(f"run {run.id} is {run.status}")
    elif out.is_terminal:
        out.line(status_cell(out, run.status), f"  {run.id}")
        out.notice(f"follow it: nodion-tui logs {format_argv((typed,))} {run.id} -f")
    else:
        out.line(run.id)


def _remember(session: CommandSession, run: Run, request: TriggerRequest) -> None:
    """Keep the environment for a re-run on the dashboard; failing at that harms nothing."""
    rows = map(env_row_from, request.env_variables)
    try:
        notice = TriggerHistory(data_folder()).remember(run, rows)
    except OSError as error:
        notice = f"the run's environment is not remembered: {error.strerror or error}"
    if notice:
        session.out.notice(notice)


def _explain(session: CommandSession, runner: Runner, unknown: TriggerOutcomeUnknown) -> None:
    print_error(describe_error(unknown))
    out, found = session.out, unknown.candidates
    if not unknown.listed:
        out.notice("the runs could not be listed either")
    elif not found:
        out.notice("no run has appeared since: it was probably not started")
    else:
        out.notice("runs that have appeared since:")
    for candidate in found:
        out.notice(f"  {_candidate(session, candidate)}")
    out.notice(f"look before you repeat it: nodion-tui runs {runner.id}")


def _candidate(session: CommandSession, candidate: TriggerCandidate) -> str:
    run = candidate.run
    created = format_age(run.created_at, session.client.server_now())
    mark = "same command" if candidate.matches else "another command"
    return f"{run.id}  {run.status}  {created}  {mark}: {run_command(run)}"
