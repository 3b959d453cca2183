"""The command palette, made from the same declarations as keys, footer and help."""

from collections.abc import Iterator
from contextlib import suppress
from functools import partial

from textual.command import CommandPalette, DiscoveryHit, Hit, Hits, Provider

from nodion_tui.ui.commands.command import Command, Scope
from nodion_tui.ui.commands.dispatch import dispatch
from nodion_tui.ui.commands.registry import commands_in, key_label, keys_of


class PaletteScreen(CommandPalette):
    """Textual's command palette, in which no key can come too early.

    In Textual 8.2.8 PageUp or PageDown in a list that has entries but no size yet raises KeyError,
    which ends the program: `ctrl+p` and PageDown in one packet were enough.
    """

    def _action_command_list(self, action: str) -> None:
        with suppress(KeyError):
            super()._action_command_list(action)


class CommandProvider(Provider):
    """Every command that can be done on the screen that is in front."""

    async def discover(self) -> Hits:
        """All of them, while nothing is typed."""
        for command in self._commands():
            yield DiscoveryHit(self._title(command), self._doing(command), help=command.help)

    async def search(self, query: str) -> Hits:
        """Those that match what is typed."""
        matcher = self.matcher(query)
        for command in self._commands():
            title = self._title(command)
            score = matcher.match(title)
            if score > 0:
                yield Hit(score, matcher.highlight(title), self._doing(command), help=command.help)

    def _commands(self) -> Iterator[Command]:
        scopes: tuple[Scope, ...] = getattr(self.screen, "SCOPES", ())
        return (each for each in commands_in(("app", *scopes)) if each.palette)

    def _title(self, command: Command) -> str:
        keys = keys_of(command, getattr(self.app, "keys", {}))
        return f"{command.title}  {key_label(keys[0])}" if keys else command.title

    def _doing(self, command: Command) -> "partial[None]":
        return partial(dispatch, self.screen, command)
