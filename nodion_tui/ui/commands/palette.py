"""Command palette, built from the same registry as keys, footer and help."""

from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.command import CommandList, DiscoveryHit, Hit, Hits, Provider
from textual.widgets import Input

from nodion_tui.ui.commands.command import Command, Scope
from nodion_tui.ui.commands.dispatch import dispatch
from nodion_tui.ui.commands.registry import (
    commands_in,
    help_binding,
    key_label,
    keymap_of,
    keys_of,
    own_commands,
)
from nodion_tui.ui.commands.word_match import match_words
from nodion_tui.ui.terminal.dialog_door import MinimalPalette

PLACEHOLDER = "command, runner, run id, preset, view, profile or theme"
_NARROW_PLACEHOLDER = "command, runner, run id, view …"


class PaletteScreen(MinimalPalette):
    """Textual's command palette as a box, guarded against keys before its list has a size.

    In Textual 8.2.8 PageUp or PageDown in a list that has entries but no size yet raises KeyError,
    which ends the program; `ctrl+p` and PageDown in one packet are enough.
    """

    DEFAULT_CSS = """
    PaletteScreen {
        & > Vertical, & > Vertical:dark {
            margin-top: 1;
            max-width: 112;
            background: transparent;
        }
        /* The sign is an emoji, which not every terminal shows in two columns. */
        SearchIcon { display: none; }
        #--input, #--input.--list-visible {
            border: round $border;
            border-bottom: none;
            background: $surface;
        }
        CommandInput, CommandInput:focus { border: none; height: 1; padding: 0 1; }
        CommandList, CommandList:focus, CommandList.--populating {
            border: round $border;
            border-top: none;
            background: $surface;
            /* Also while nothing is found: the box has a lower edge, and covers what is below. */
            visibility: visible;
            min-height: 2;
        }
        CommandList:focus { background-tint: transparent; }
        CommandList > .option-list--option { padding: 0 1; }
        /* What Enter takes: the field has the focus all the time. */
        CommandList > .option-list--option-highlighted {
            color: $block-cursor-foreground;
            background: $block-cursor-background;
        }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        help_binding(),
        Binding("pagedown", "page('down')", "Next page", show=False),
        Binding("pageup", "page('up')", "Previous page", show=False),
    ]

    def on_mount(self) -> None:
        """Textual: the cursor stands still, as in every field."""
        self.query_one(Input).cursor_blink = False

    def on_resize(self) -> None:
        """Textual: a placeholder that is not cut."""
        field = self.query_one(Input)
        fits = field.content_size.width > len(PLACEHOLDER)  # one more column is the cursor's
        field.placeholder = PLACEHOLDER if fits else _NARROW_PLACEHOLDER

    def action_page(self, direction: str) -> None:
        """Move by a page in the list."""
        move = getattr(self.query_one(CommandList), f"action_page_{direction}")
        with suppress(KeyError):
            move()


class CommandProvider(Provider):
    """Provides the commands of the active screen."""

    async def discover(self) -> Hits:
        """Textual: all commands, while the query is empty."""
        for command in self._commands():
            yield DiscoveryHit(self._title(command), self._callback(command), help=command.help)

    async def search(self, query: str) -> Hits:
        """Textual: commands whose title matches the query."""
        for command in self._commands():
            match = match_words(query, command.title)
            if match is not None:
                title = self._title(command)
                yield Hit(
                    match.score,
                    match.highlighted(title),
                    self._callback(command),
                    help=command.help,
                )

    def _commands(self) -> Iterator[Command]:
        scopes: tuple[Scope, ...] = getattr(self.screen, "SCOPES", ())
        commands = (*commands_in(("app", *scopes)), *own_commands(self.app))
        return (command for command in commands if command.palette)

    def _title(self, command: Command) -> str:
        keys = keys_of(command, keymap_of(self.app))
        return f"{command.title}  {key_label(keys[0])}" if keys else command.title

    def _callback(self, command: Command) -> "partial[None]":
        return partial(dispatch, self.screen, command)
