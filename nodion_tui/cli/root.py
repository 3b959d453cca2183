"""The root command: options of the dashboard, and the subcommands, imported on demand."""

import importlib
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import click

from nodion_tui import __version__
from nodion_tui.cli.completion.completer import completer
from nodion_tui.cli.engine_options import EngineOptions
from nodion_tui.cli.invocation import (
    ANSWERING,
    OF_SEVERAL_PROFILES,
    PROFILES,
    Invocation,
    returns_run_exit_code,
)
from nodion_tui.cli.json_option import with_json_values
from nodion_tui.cli.options import CONTEXT_SETTINGS, allow_http_option, profile_option, view_option
from nodion_tui.cli.process.exit_codes import COMPLETION_VARIABLE, LOG_VARIABLE, CommandLineError
from nodion_tui.config import DEFAULT_API_URL


class CommandEntry(NamedTuple):
    """A row of the table of subcommands."""

    module: str
    """Module in `nodion_tui.cli.commands`."""
    summary: str
    attribute: str = ""
    """Name of the command in the module, if it is not the command's own."""


SUBCOMMANDS: Mapping[str, CommandEntry] = {
    "serve": CommandEntry("serve", "Run the embedded engine without a dashboard."),
    "status": CommandEntry("status", "Show how every runner does; 1 if one failed or is overdue."),
    "runners": CommandEntry("lists", "List the runners."),
    "runs": CommandEntry("lists", "List the runs of a runner, newest first."),
    "run": CommandEntry("lists", "Show one run."),
    "logs": CommandEntry("log.logs", "Print the log of a run; -f follows it until the run ends."),
    "tail": CommandEntry("log.tail", "Follow the logs of many runs as one, until stopped."),
    "trigger": CommandEntry("trigger", "Start a run: argv, shell command or runner default."),
    "stop": CommandEntry("stop", "Stop runs."),
    "wait": CommandEntry("wait", "Wait for a run and exit with its exit code."),
    "diff": CommandEntry("log.diff", "Compare the log of a run with that of a good one."),
    "evidence": CommandEntry(
        "log.evidence", "Save log, properties and summary of a run to a folder."
    ),
    "grep": CommandEntry("log.grep", "Search the logs of many runs; 0 found, 1 nothing found."),
    "archive": CommandEntry("log.archive", "Show, verify or purge the finished logs on disk."),
    "export": CommandEntry("export", "Export runs as CSV, JSON Lines, JUnit or OpenMetrics."),
    "config": CommandEntry("config", "Show the configuration, or its JSON schema for editors."),
    "rules": CommandEntry("rules", "Say what a notification rule would do with a run."),
    "profiles": CommandEntry("profiles", "Show the settings of each profile and their sources."),
    "doctor": CommandEntry(
        "doctor", "Check terminal, configuration and service, for a bug report."
    ),
    "completion": CommandEntry("completion", "Print a completion script for bash, zsh or fish."),
    "keys": CommandEntry("reference", "List the dashboard's commands and their keys."),
    "help": CommandEntry("reference", "Show the help of a command.", "show_help"),
    "version": CommandEntry("reference", "Show the version.", "show_version"),
}


_ELSEWHERE: Mapping[str, str] = {
    "list": "runs",
    "ls": "runs",
    "ps": "runs",
    "get": "run",
    "describe": "run",
    "show": "run",
    "view": "run",
    "start": "trigger",
    "dispatch": "trigger",
    "exec": "trigger",
    "rerun": "trigger",
    "cancel": "stop",
    "kill": "stop",
    "rm": "stop",
    "watch": "wait",
    "follow": "logs",
    "engine": "serve",
    "settings": "config",
}
"""Names of other tools' commands → what they are called here."""

_ENVIRONMENT: Mapping[str, str] = {
    "NODION_API_KEY": "API key; without one the dashboard opens a set-up screen.",
    "NODION_API_URL": f"API address (default: {DEFAULT_API_URL}).",
    "NODION_PROJECT": "Project id, for a key with access to several projects.",
    "NODION_RUNNERS": "Comma-separated runner ids, if the API does not list runners.",
    "NODION_PROFILE": "Profile of config.toml to use.",
    "NODION_TUI_CONFIG": "Folder of config.toml.",
    "NODION_TUI_DATA": "Folder of the program's data.",
    LOG_VARIABLE: "Debug log file, as with --log; empty: no log.",
    "NO_COLOR": "Not empty: no colour; CLICOLOR=0 and CLICOLOR_FORCE=1 as usual.",
}
_EXIT_CODES: Mapping[str, str] = {
    "0": "Success.",
    "1": "Failure; status: a new failure or an overdue run; diff: logs differ; rules: no match;"
    " grep: nothing found.",
    "2": "Invalid usage or configuration, no terminal for the dashboard; any failure of status,"
    " diff, grep and rules.",
    "3": "Service unreachable.",
    "4": "Permission denied: no API key, an invalid one, or a missing scope.",
    "124": "wait, logs -f: --timeout, --max-lines or --max-bytes was reached first.",
    "125": "Failure of nodion-tui, for commands that return the run's exit code.",
    "130": "Interrupted by ctrl+c, or the run was canceled.",
    "128+n": "Ended by signal n: 141 is a closed pipe, 143 SIGTERM.",
}


class LazyGroup(click.Group):
    """Click group that lists its subcommands without importing them."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  # click's signature
        """Names of the subcommands, in the order of the table."""
        return list(SUBCOMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Imports a subcommand by its name; None if there is none."""
        entry = SUBCOMMANDS.get(cmd_name)
        if entry is None:
            return None
        module = importlib.import_module(f"nodion_tui.cli.commands.{entry.module}")
        command: click.Command = getattr(module, entry.attribute or cmd_name)
        return command

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parses the command line; see `with_json_values`."""
        return super().parse_args(ctx, with_json_values(args))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Finds the command; an unknown one is reported with similar names."""
        try:
            name, command, rest = super().resolve_command(ctx, args)
        except click.NoSuchCommand as error:
            # click looks for similar names among commands that are imported: here there are none.
            message = None
            if ours := _ELSEWHERE.get(error.command_name):
                message = f"No such command {error.command_name!r}. Did you mean {ours!r}?"
            raise click.NoSuchCommand(error.command_name, message, SUBCOMMANDS, ctx) from None
        if command is not None and isinstance(ctx.obj, Invocation):
            ctx.obj.returns_run_exit_code = returns_run_exit_code(command, rest, ctx)
            ctx.obj.answers_by_exit_code = command.name in ANSWERING
        return name, command, rest

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """Writes the subcommands and their summaries."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, entry.summary) for name, entry in SUBCOMMANDS.items()])

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """Writes the environment variables and the exit codes."""
        from nodion_tui.ui.terminal.plain_textual import PLAIN_VARIABLE  # noqa: PLC0415  # help alone

        plain = "1: draw with Textual's own driver and compositor, 0: never."
        with formatter.section("Environment"):
            formatter.write_dl([*_ENVIRONMENT.items(), (PLAIN_VARIABLE, plain)])
        with formatter.section("Exit codes"):
            formatter.write_dl(list(_EXIT_CODES.items()))


@click.group(cls=LazyGroup, invoke_without_command=True, context_settings=CONTEXT_SETTINGS)
@profile_option
@click.option(
    "--profiles",
    metavar="NAME,NAME",
    shell_complete=completer("profiles"),
    help="Profiles that dashboard, runs, runners and status show in one list.",
)
@allow_http_option
@click.option(
    "--demo",
    is_flag=True,
    help="Show simulated runs and real jobs; nothing is kept. A command uses the open demo.",
)
@click.option(
    "--local",
    is_flag=True,
    help="Use an embedded engine of your own; no account needed. A command uses the one in use.",
)
@click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="With --local: folder that keeps runs and logs (default: in the program's data folder).",
)
@click.option("--ephemeral", is_flag=True, help="With --local: forget runs and logs at the end.")
@view_option("Begin with this view of the profile, as V saves them.")
@click.option("--ascii", "ascii_only", is_flag=True, help="Use ASCII glyphs only.")
@click.option("--guard", is_flag=True, help="Restore the terminal even if the dashboard is killed.")
@click.option(
    "--log",
    type=click.Path(readable=False),
    envvar=LOG_VARIABLE,
    metavar="FILE",
    help="Write a debug log of requests, polls, streams and commands (rotated, 0600).",
)
@click.version_option(
    __version__, "--version", "-V", prog_name="nodion-tui", message="%(prog)s %(version)s"
)
@click.pass_context
def nodion_tui(
    ctx: click.Context,
    profile: str | None,
    profiles: str | None,
    data: Path | None,
    log: str | None,
    view: str | None,
    *,
    allow_http: bool,
    demo: bool,
    local: bool,
    ephemeral: bool,
    ascii_only: bool,
    guard: bool,
) -> int:
    """Terminal monitor for Nodion runners. Without a command it opens the dashboard.

    RUNNER is an id, a unique prefix of one, or a name; RUN is an id, a unique prefix of one,
    `latest` or `latest-failed`.
    """
    engine = EngineOptions(demo=demo, local=local, ephemeral=ephemeral, data=data)
    chosen = (profile and "--profile") or (profiles and "--profiles")
    engine.check(other=chosen or (allow_http and "--allow-http") or "")
    group = _profile_names(profiles, profile=profile, command=ctx.invoked_subcommand)
    ctx.meta[PROFILES] = group
    if log:
        from nodion_tui.cli.process.event_log import start_event_log  # noqa: PLC0415  # seldom

        ctx.call_on_close(start_event_log(log, ctx.invoked_subcommand or "dashboard"))
    if ctx.invoked_subcommand is None:
        from nodion_tui.cli.commands.dashboard import dashboard  # noqa: PLC0415  # no other command needs it

        return dashboard(
            profile,
            group=group,
            allow_http=allow_http,
            engine=engine,
            ascii_only=ascii_only,
            guard=guard,
            view=view,
        )
    if view is not None:
        raise click.UsageError("--view stands behind `runs`, or opens the dashboard", ctx)
    engine.check_command(ctx.invoked_subcommand)
    return 0


def _profile_names(
    profiles: str | None, *, profile: str | None, command: str | None
) -> tuple[str, ...]:
    """The names in `--profiles`.

    Raises:
        click.UsageError: they cannot be used.
    """
    if profiles is None:
        return ()
    if profile:
        raise click.UsageError("--profiles and --profile exclude each other")
    if command is not None and command not in OF_SEVERAL_PROFILES:
        others = ", ".join(f"`{name}`" for name in sorted(OF_SEVERAL_PROFILES))
        raise click.UsageError(
            f"--profiles is for the dashboard, {others}; `{command}` takes --profile NAME"
        )
    names = tuple(dict.fromkeys(filter(None, map(str.strip, profiles.split(",")))))
    if not names:
        raise click.UsageError("--profiles names no profile")
    return names


def dispatch(arguments: Sequence[str], invocation: Invocation) -> int:
    """Runs a command line and returns its exit code.

    Args:
        arguments: the command line.
        invocation: is told which command runs, also if its own arguments are invalid.

    Raises:
        CommandLineError: the command line is invalid.
        NodionError: the command failed.
    """
    if COMPLETION_VARIABLE in os.environ:
        importlib.import_module("nodion_tui.cli.completion.answer").answer_completion(
            nodion_tui, arguments
        )
    try:
        # Not `main`: it would turn a closed pipe into exit code 1, and hide the second signal.
        with nodion_tui.make_context("nodion-tui", list(arguments), obj=invocation) as context:
            code = nodion_tui.invoke(context)
    except click.exceptions.Exit as end:
        code = end.exit_code
    except click.ClickException as error:
        raise CommandLineError(_usage_message(error)) from None
    return int(code or 0)


def _usage_message(error: click.ClickException) -> str:
    """One line: what is wrong, and how to get help."""
    context = getattr(error, "ctx", None)
    command = context.command_path if context else "nodion-tui"
    if isinstance(error, click.exceptions.NoArgsIsHelpError) and isinstance(
        error.ctx.command, click.Group
    ):  # whose message is the whole help
        commands = " or ".join(error.ctx.command.list_commands(error.ctx))
        return f"{command} needs a command: {commands}. See: {command} --help"
    message = " ".join(error.format_message().split()).rstrip(".")
    full_stop = "" if message.endswith(("?", "?)")) else "."
    return f"{message}{full_stop} See: {command} --help"
