"""`keys`, `help`, `version`: what the program offers."""

import os

import click
import msgspec

from nodion_tui import __version__
from nodion_tui.cli.json_option import JsonFields, json_option
from nodion_tui.cli.options import make_output, profile_option
from nodion_tui.cli.output.streams import Output
from nodion_tui.cli.output.table import TableCell
from nodion_tui.cli.session import load_settings

_KEYS_EXAMPLES = """\b
Examples:
  nodion-tui keys
  nodion-tui keys --json id,keys
"""
_HELP_EXAMPLES = """\b
Examples:
  nodion-tui help trigger
  nodion-tui help config show
"""
_VERSION_EXAMPLES = """\b
Examples:
  nodion-tui version
"""


@click.command(epilog=_KEYS_EXAMPLES)
@profile_option
@json_option
@click.pass_context
def keys(ctx: click.Context, profile: str | None, as_json: JsonFields) -> int:
    """List every command of the dashboard with its keys, as config.toml rebinds them.

    In a pipe: id, keys (separated by commas), group and title, tab-separated.
    """
    from nodion_tui.ui.commands.registry import COMMANDS, keys_of  # noqa: PLC0415  # imports Textual

    settings = load_settings(ctx, profile)
    output = make_output(ctx, settings, as_json)
    from nodion_tui.ui.commands.own_declarations import declared, with_pager  # noqa: PLC0415  # as above

    own = map(declared, with_pager(settings.commands, os.environ).values())
    rows = [
        (command.id, ",".join(keys_of(command, settings.keys)), command.group, command.title)
        for command in (*COMMANDS, *own)
    ]
    if output.json:
        names = ("id", "keys", "group", "title")
        output.json_lines(msgspec.json.encode(dict(zip(names, row, strict=True))) for row in rows)
    elif output.is_terminal:
        output.table(("ID", "KEYS", "GROUP", "TITLE"), [list(map(TableCell, row)) for row in rows])
        output.notice('rebind them in config.toml: [keys], such as "run.trigger" = "t,f5"')
    else:
        output.tab_separated(rows)
    return 0


@click.command("help", epilog=_HELP_EXAMPLES)
@click.argument("words", metavar="[COMMAND]...", nargs=-1)
@click.pass_context
def show_help(ctx: click.Context, words: tuple[str, ...]) -> int:
    """Show the help of COMMAND, or of the program."""
    context = ctx.find_root()
    for word in words:
        if not isinstance(context.command, click.Group):
            raise click.UsageError(f"{context.command_path} has no command {word!r}")
        name, command, _ = context.command.resolve_command(context, [word])
        if command is not None:
            context = click.Context(command, parent=context, info_name=name)
    Output().write(f"{context.get_help()}\n".encode())
    return 0


@click.command("version", epilog=_VERSION_EXAMPLES)
def show_version() -> int:
    """Show the version."""
    Output().line(f"nodion-tui {__version__}")
    return 0
