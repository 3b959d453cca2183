"""`trigger`: starts a run; the request is sent once."""

import asyncio
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import click

from nodion_tui.cli.completion.completer import completer
from nodion_tui.cli.follow_log import FollowLog, stop_after_interrupt
from nodion_tui.cli.line_looks import light_lines
from nodion_tui.cli.log_window import LogWindow
from nodion_tui.cli.options import (
    prepared_api_command,
    runner_argument,
    stop_on_interrupt_option,
    timestamps_option,
)
from nodion_tui.cli.output.next_command import next_command
from nodion_tui.cli.output.status_cell import status_cell
from nodion_tui.cli.process.exit_codes import FAILED, OWN_FAILURE, describe_error, print_error
from nodion_tui.cli.resolve import resolve_run, resolve_runner
from nodion_tui.cli.session import CommandSession, load_settings
from nodion_tui.cli.trigger.many_options import (
    ManyOptions,
    confirm_many,
    many_options,
    read_many,
)
from nodion_tui.cli.trigger.request import (
    is_preset_file,
    request_from_options,
    request_like,
    request_of_preset,
)
from nodion_tui.cli.trigger.send import TriggerResult, send_trigger
from nodion_tui.model.errors import ApiError, NodionError
from nodion_tui.model.run import Run
from nodion_tui.model.runner import Runner
from nodion_tui.model.text.format import ago, run_command
from nodion_tui.model.trigger import TriggerRequest, format_argv, shell_syntax_tokens
from nodion_tui.model.trigger_draft import env_row_from
from nodion_tui.monitor.many.planned_start import planned_starts
from nodion_tui.monitor.runs.unknown_outcome import TriggerCandidate, TriggerOutcomeUnknown


class ArgvCommand(click.Command):
    """Command that passes all words after `--` to another program unchanged.

    `--` is required, because an argument of that program could otherwise be parsed as an option.
    """

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Stores the words after `--` in the parameter `argv` and parses the others."""
        end = args.index("--") if "--" in args else len(args)
        if args[end:] == ["--"] and not ctx.resilient_parsing:
            raise click.UsageError(
                "Nothing follows --; omit it to run the runner's default (is a variable empty?)",
                ctx,
            )
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
  nodion-tui trigger etl --from latest-failed -e RETRY=1 -f
  nodion-tui trigger etl --from nightly.toml -e TOKEN
  nodion-tui trigger etl -f --ci github
  nodion-tui trigger etl --vary REGION=eu,us,ap --at-most 2 -f
"""


class FollowOptions(NamedTuple):
    """How a new run is followed."""

    timestamps: bool | None
    stop_on_interrupt: bool
    ci: str | None


def _prepare(
    argv: tuple[str, ...] = (),
    *,
    runner: str,
    source: str | None,
    ci: str | None,
    follow: bool,
    timestamps: bool | None,
    stop_on_interrupt: bool,
    times: int,
    vary: tuple[str, ...],
    at_most: int | None,
    yes: bool,
    **command: Any,
) -> dict[str, Any]:
    """The request and how it is followed, before anything is sent."""
    if ci and not follow:
        raise click.UsageError("--ci requires --follow")
    many = read_many(times, vary, at_most, yes=yes)
    if ci and many:
        raise click.UsageError("--ci reports one run: leave out --times and --vary")
    request = request_from_options(argv, **command)
    if many and source is None:
        many.requests(request)
    return {
        "runner": runner,
        "request": request,
        "many": many,
        "source": source,
        "follow": FollowOptions(timestamps, stop_on_interrupt, ci) if follow else None,
    }


@click.command(cls=ArgvCommand, epilog=EXAMPLES)
@runner_argument
@click.option(
    "--env",
    "-e",
    "pairs",
    multiple=True,
    metavar="K=V",
    shell_complete=completer("variable"),
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
@click.option(
    "--from",
    "source",
    metavar="RUN|FILE.toml",
    shell_complete=completer("run"),
    help="Repeat RUN: its command and entrypoint, and its environment if triggered from here;"
    " or use the preset in FILE.toml. Other options change it.",
)
@click.option(
    "--ci",
    type=click.Choice(["github"]),
    help="With -f: group the log, annotate a failure and write a job summary.",
)
@many_options
@prepared_api_command(_prepare)
async def trigger(
    session: CommandSession,
    runner: str,
    request: TriggerRequest,
    source: str | None,
    follow: FollowOptions | None,
    many: ManyOptions | None,
) -> int:
    """Start a run of RUNNER with ARGV (no shell), a --shell command, or the runner's default.

    Prints the id of the new run, or the run with --json, followed by the log with -f. The request
    is sent exactly once: if its outcome is unknown, the runs that may be it are listed.

    With --times or --vary, many runs are started, one request after the other, each sent once. In a
    pipe: id, result (`started`, `not started`, `unknown` or `not sent`) and values, tab-separated;
    with -f the merged logs. The exit code is 0 if all were started, with -f if all succeeded.
    """
    session.require_write_access()
    resolved_runner = await resolve_runner(session, runner)
    if source is not None and is_preset_file(source):
        request = await asyncio.to_thread(request_of_preset, Path(source), request)
    elif source is not None:
        key = await resolve_run(session, resolved_runner, source)
        request = await request_like(session, key, request)
    if many is not None:
        return await _start_many(session, resolved_runner, runner, request, many, follow)
    result = await _send(session, resolved_runner, request)
    run = result.run
    if run is None:
        if result.unknown is not None:
            _report_unknown_outcome(session, resolved_runner, result.unknown)
        return result.interrupt_code or (OWN_FAILURE if follow else FAILED)
    # The id comes first: a full disk, a closed pipe or a signal must not hide it.
    if follow or not session.output.is_terminal:
        session.output.notice(f"run {run.id} is {run.status}")
    await asyncio.to_thread(_save_to_history, session, run, request)
    _print_run(session, runner, run, follow=follow is not None)
    if result.interrupt_code is not None:
        if follow and follow.stop_on_interrupt:
            await stop_after_interrupt(session, run.key)
        return result.interrupt_code
    return await _follow(session, resolved_runner, run, follow) if follow else 0


async def _start_many(
    session: CommandSession,
    runner: Runner,
    argument: str,
    request: TriggerRequest,
    many: ManyOptions,
    options: FollowOptions | None,
) -> int:
    from nodion_tui.cli.trigger.follow_many import FollowMany  # noqa: PLC0415  # on demand
    from nodion_tui.cli.trigger.start_many import ManyStarts, start_many  # noqa: PLC0415  # too

    starts = planned_starts(runner.id, many.requests(request))
    if not confirm_many(session, runner, argument, [each.label for each in starts], yes=many.yes):
        session.output.warning("nothing was started")
        return FAILED
    _warn_of_shell_syntax(session, request)
    settings = load_settings(click.get_current_context())
    follow = options and FollowMany(
        session,
        runner,
        timestamps=options.timestamps,
        streams=settings.wall_streams,
        stop_on_interrupt=options.stop_on_interrupt,
    )
    return await start_many(
        session,
        ManyStarts(
            runner,
            starts,
            many.at_most,
            settings.requests_per_minute,
            lambda run, start: _save_to_history(session, run, start.request),
            follow,
        ),
    )


async def _send(session: CommandSession, runner: Runner, request: TriggerRequest) -> TriggerResult:
    with suppress(ApiError):
        # Runs listed now can be distinguished from runs that appear later.
        session.runs.apply_runs(runner.id, await session.client.list_runs(runner.id))
    _warn_of_shell_syntax(session, request)
    return await send_trigger(session, session.run_control.prepare(runner.id, request))


def _warn_of_shell_syntax(session: CommandSession, request: TriggerRequest) -> None:
    for token in shell_syntax_tokens(request.argv or ()):
        session.output.warning(
            f"{token} is passed literally, no shell expands it; use --shell to expand it"
        )


async def _follow(session: CommandSession, runner: Runner, run: Run, options: FollowOptions) -> int:
    """Prints the log until the run ends; returns the exit code of the run."""
    await light_lines(session, runner.id)
    follow_log = partial(
        FollowLog,
        session,
        run.key,
        LogWindow(session.output, timestamps=options.timestamps),
        stop_on_interrupt=options.stop_on_interrupt,
    )
    if options.ci is None:
        return await follow_log().run()
    from nodion_tui.cli.trigger.github_report import GitHubReport  # noqa: PLC0415  # on demand

    report = GitHubReport(session.output, runner, run)
    with report.group():
        code = await follow_log(observe=report.observe).run()
    with suppress(NodionError):
        ended_run = await session.client.get_run(*run.key)
        report.write_summary(session.profile.name, ended_run, session.client.server_now())
    return code


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
        notice = session.history.remember(run, rows)
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
    output.warning(f"check before you retry: {next_command('runs', runner.id)}")


def _format_candidate(session: CommandSession, candidate: TriggerCandidate) -> str:
    run = candidate.run
    created = ago(session.client.server_now() - run.created_at) if run.created_at else ""
    match = "same command" if candidate.matches else "different command"
    return f"{run.id}  {run.status}  {created}  {match}: {run_command(run)}"
