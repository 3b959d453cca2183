"""The command line's grammar: the commands by name, each imported when it is asked for."""

import importlib
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import click

from nodion_tui import __version__
from nodion_tui.cli.options import CONTEXT_SETTINGS, allow_http_option, profile_option
from nodion_tui.cli.process.event_log import VARIABLE as LOG_VARIABLE
from nodion_tui.cli.process.event_log import start_event_log
from nodion_tui.cli.process.exit_codes import COMPLETION_VARIABLE, CommandLineError
from nodion_tui.config import DEFAULT_API_URL


class CommandEntry(NamedTuple):
    """A command of the table."""

    module: str
    """Under `nodion_tui.cli.commands`; the attribute has the command's name."""
    summary: str


SUBCOMMANDS: Mapping[str, CommandEntry] = {
    "serve": CommandEntry("serve", "Run the embedded engine alone, for scripts and other clients."),
    "runners": CommandEntry("lists", "List the runners."),
    "runs": CommandEntry("lists", "List the runs of a runner, newest first."),
    "run": CommandEntry("lists", "Show one run."),
    "logs": CommandEntry("logs", "Print the log of a run; -f follows it to its end."),
    "trigger": CommandEntry(
        "trigger", "Start a run, with argv, a shell command or the runner's default."
    ),
    "stop": CommandEntry("stop", "Stop runs."),
    "wait": CommandEntry("wait", "Wait for a run and exit with its exit code."),
    "profiles": CommandEntry(
        "profiles", "Show what is configured, and where each value came from."
    ),
    "doctor": CommandEntry(
        "doctor", "Check terminal, configuration and service; fit for a bug report."
    ),
    "completion": CommandEntry("completion", "Print a completion script for bash, zsh or fish."),
}


_ENVIRONMENT: Mapping[str, str] = {
    "NODION_API_KEY": "The key; without one there is a set-up screen.",
    "NODION_API_URL": f"The API's address, {DEFAULT_API_URL} unless told.",
    "NODION_PROJECT": "A project's id, for a key that reaches several.",
    "NODION_RUNNERS": "Ids of runners, with commas, where the API lists none.",
    "NODION_PROFILE": "A profile of config.toml.",
    "NODION_TUI_CONFIG": "Folder of config.toml.",
    "NODION_TUI_DATA": "Folder of what the program keeps.",
    LOG_VARIABLE: "File of the debug log, as with --log; empty: no log.",
}
_EXIT_CODES: Mapping[str, str] = {
    "0": "Done.",
    "1": "It failed.",
    "2": "Wrong usage or configuration, or no terminal for the dashboard.",
    "3": "The service cannot be reached.",
    "4": "Not allowed: no key, a wrong one, or one that lacks the scope.",
    "130": "Ended by ctrl+c, or the run was canceled.",
    "125": "A failure of ours, where the run's own exit code is passed on.",
}


class LazyGroup(click.Group):
    """A group that knows its commands' names and summaries without importing them."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  # click's signature
        """The names, in the order of the table."""
        return list(SUBCOMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """The command of a name, imported now; None if there is none."""
        entry = SUBCOMMANDS.get(cmd_name)
        if entry is None:
            return None
        module = importlib.import_module(f"nodion_tui.cli.commands.{entry.module}")
        command: click.Command = getattr(module, cmd_name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """The list of commands in the help."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, entry.summary) for name, entry in SUBCOMMANDS.items()])

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """Variables and exit codes."""
        with formatter.section("Environment"):
            formatter.write_dl(list(_ENVIRONMENT.items()))
        with formatter.section("Exit codes"):
            formatter.write_dl(list(_EXIT_CODES.items()))


@click.group(cls=LazyGroup, invoke_without_command=True, context_settings=CONTEXT_SETTINGS)
@profile_option
@allow_http_option
@click.option("--local", is_flag=True, help="The dashboard on the embedded engine: no account.")
@click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="With --local: keep runs and logs there; else they are gone at the end.",
)
@click.option("--ascii", "ascii_only", is_flag=True, help="No glyphs beyond ASCII.")
@click.option("--guard", is_flag=True, help="Restore the terminal even if the dashboard is killed.")
@click.option(
    "--log",
    type=click.Path(readable=False),
    envvar=LOG_VARIABLE,
    metavar="FILE",
    help="Write a debug log of requests, polls, streams and commands (rotated, 0600).",
)
@click.version_option(__version__, prog_name="nodion-tui", message="%(prog)s %(version)s")
@click.pass_context
def nodion_tui(
    ctx: click.Context,
    profile: str | None,
    data: Path | None,
    log: str | None,
    *,
    allow_http: bool,
    local: bool,
    ascii_only: bool,
    guard: bool,
) -> int:
    """A terminal monitor for Nodion runners: without a command, the dashboard."""
    if data is not None and not local:
        raise click.UsageError("--data goes with --local")
    if log:
        ctx.call_on_close(start_event_log(log, ctx.invoked_subcommand or "dashboard"))
    if ctx.invoked_subcommand is None:
        from nodion_tui.cli.commands.dashboard import dashboard  # noqa: PLC0415  # others need not

        return dashboard(
            profile,
            allow_http=allow_http,
            local=local,
            data=data,
            ascii_only=ascii_only,
            guard=guard,
        )
    if local:
        raise click.UsageError(
            "--local is for the dashboard. For commands, start `nodion-tui serve`: "
            "it prints what to set."
        )
    return 0


def dispatch(arguments: Sequence[str]) -> int:
    """Do what a command line says and return the exit code.

    Raises:
        Usage: it cannot be understood.
        KeyboardInterrupt: ctrl+c.
        NodionError: the command failed.
    """
    if COMPLETION_VARIABLE in os.environ:
        importlib.import_module("nodion_tui.cli.completion_scripts").install()
    try:
        code = nodion_tui.main(list(arguments), prog_name="nodion-tui", standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        raise CommandLineError(_sentence(error)) from None
    except click.ClickException as error:
        raise CommandLineError(_sentence(error)) from None
    except click.Abort:
        raise KeyboardInterrupt from None
    return int(code or 0)


def _sentence(error: click.ClickException) -> str:
    """One line: what is wrong, and where help is."""
    message = " ".join(error.format_message().split()).rstrip(".")
    end = "" if message.endswith("?") else "."
    context = getattr(error, "ctx", None)
    where = context.command_path if context else "nodion-tui"
    return f"{message}{end} See: {where} --help"
