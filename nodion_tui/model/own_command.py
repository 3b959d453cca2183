"""A command of one's own, from `[[commands]]` of config.toml: its program, input and output."""

import re
from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from types import MappingProxyType

import msgspec

OWN_PREFIX = "own."
"""What the id of such a command begins with."""


class CommandSubject(StrEnum):
    """What a command acts on."""

    RUNNER = "runner"
    RUN = "run"
    LOG = "log"
    SELECTION = "selection"
    """The selected lines of a log."""


class CommandInput(StrEnum):
    """What a command gets on standard input."""

    RUN = "run"
    """The run and its runner as JSON."""
    LOG = "log"
    FILTERED = "filtered"
    """The lines of the log that are shown."""
    SELECTION = "selection"
    NOTHING = "nothing"


class CommandOutput(StrEnum):
    """What becomes of a command's output."""

    SCREEN = "screen"
    """The command has the terminal until it ends."""
    PANE = "pane"
    TOAST = "toast"
    NOTHING = "nothing"


_OF_RUN = frozenset({"{runner}", "{run}", "{file}"})
PLACEHOLDERS: Mapping[CommandSubject, frozenset[str]] = MappingProxyType(
    {
        CommandSubject.RUNNER: frozenset({"{runner}"}),
        CommandSubject.RUN: _OF_RUN,
        CommandSubject.LOG: _OF_RUN,
        CommandSubject.SELECTION: _OF_RUN | {"{selection}"},
    }
)
"""The words of a command that are replaced."""
INPUTS: Mapping[CommandSubject, frozenset[CommandInput]] = MappingProxyType(
    {
        CommandSubject.RUNNER: frozenset({CommandInput.NOTHING}),
        CommandSubject.RUN: frozenset(CommandInput) - {CommandInput.SELECTION},
        CommandSubject.LOG: frozenset(CommandInput) - {CommandInput.SELECTION},
        CommandSubject.SELECTION: frozenset(CommandInput),
    }
)
"""What a command may be given."""
DEFAULT_TIMEOUT = timedelta(seconds=30)

_PLACEHOLDER = r"\{[A-Za-z_]+\}\Z"
_NOT_IN_ID = "[^a-z0-9]+"


class OwnCommand(msgspec.Struct, frozen=True, kw_only=True):
    """One command. It is run without a shell."""

    title: str
    command: tuple[str, ...]
    """Program and arguments; whole words such as `{run}` are replaced."""
    on: CommandSubject = CommandSubject.RUN
    key: str = ""
    """Key of the dashboard; empty: none."""
    give: CommandInput = CommandInput.NOTHING
    take: CommandOutput = CommandOutput.TOAST
    confirm: bool = False
    """Whether it is asked for first."""
    timeout: timedelta = DEFAULT_TIMEOUT
    """After which it is ended; one that has the terminal is not."""
    footer: str = ""
    """Label in the footer; empty: the title."""
    where: str = ""
    """File and line; empty for one of the program's own."""

    @property
    def id(self) -> str:
        """Stable id for `[keys]`, from the title: `own.log-in-lnav`."""
        return OWN_PREFIX + (re.sub(_NOT_IN_ID, "-", self.title.lower()).strip("-") or "command")

    @property
    def input(self) -> CommandInput:
        """What it is given; with `{file}` and nothing else, the file has the log."""
        if self.give is CommandInput.NOTHING and self.has_file:
            selection = self.on is CommandSubject.SELECTION
            return CommandInput.SELECTION if selection else CommandInput.LOG
        return self.give

    @property
    def has_file(self) -> bool:
        """Whether its input is in a file that it is told, instead of on standard input."""
        return "{file}" in self.command

    @property
    def placeholders(self) -> list[str]:
        """The words that are meant to be replaced."""
        return [word for word in self.command if re.match(_PLACEHOLDER, word)]

    def argv(self, values: Mapping[str, str]) -> tuple[str, ...]:
        """The words with placeholders replaced; each stays one word.

        Args:
            values: placeholder → value; others are left as they are.
        """
        return tuple(values.get(word, word) for word in self.command)
