"""Declares commands of one's own as the registry declares all others."""

import shlex
from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from nodion_tui.model.own_command import (
    CommandInput,
    CommandOutput,
    CommandSubject,
    OwnCommand,
)
from nodion_tui.model.text.sanitize import sanitize
from nodion_tui.ui.commands.command import Command

OWN_GROUP = "Own commands"
_FOOTER_RANK = 97
"""After all others: who has declared a command knows its key."""
SUBJECT_WORDS = {
    CommandSubject.RUNNER: "the selected runner",
    CommandSubject.RUN: "the selected run",
    CommandSubject.LOG: "the log of the selected run",
    CommandSubject.SELECTION: "the selected lines of the log",
}
"""What a command acts on, in words."""


def pager_command(environ: Mapping[str, str]) -> OwnCommand:
    """The command that is there from the start: a log in `$PAGER`."""
    try:
        words = tuple(shlex.split(environ.get("PAGER", "")))
    except ValueError:
        words = ()
    return OwnCommand(
        title="Log in pager",
        command=words or ("less",),
        on=CommandSubject.LOG,
        key="|",
        give=CommandInput.LOG,
        take=CommandOutput.SCREEN,
    )


def with_pager(
    commands: Sequence[OwnCommand], environ: Mapping[str, str]
) -> Mapping[str, OwnCommand]:
    """Commands of config.toml by their ids, and the pager, unless one has its id or its key."""
    pager = pager_command(environ)
    if any(command.key == pager.key for command in commands):
        pager = replace(pager, key="")
    return {command.id: command for command in (pager, *commands)}


def declared(command: OwnCommand) -> Command:
    """A command of one's own as help, palette, footer and rebinding know all commands."""
    return Command(
        command.id,
        (command.key,) if command.key else (),
        f"own_command({command.id!r})",
        sanitize(command.title),
        help=sanitize(f"Runs {command.command[0]} on {SUBJECT_WORDS[command.on]}."),
        footer=sanitize(command.footer or (command.title if command.where else "")),
        rank=_FOOTER_RANK,
        group=OWN_GROUP,
    )
