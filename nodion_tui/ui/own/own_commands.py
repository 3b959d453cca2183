"""The commands of one's own: declared like all others, listed by a key, run on what is selected."""

import os
from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from nodion_tui.model.own_command import OwnCommand
from nodion_tui.ui.commands.command import Command
from nodion_tui.ui.commands.own_declarations import declared, with_pager
from nodion_tui.ui.commands.registry import key_label, keymap_of, keys_of
from nodion_tui.ui.own.target import CommandTarget, FindTarget
from nodion_tui.ui.terminal.key_names import key_name

if TYPE_CHECKING:
    from textual.app import App

MAX_RUNNING = 4
"""Commands without the terminal that run at once; another one is refused."""
_FORBIDDEN = "This profile forbids commands of your own (commands = false)."


class OwnCommands:
    """Declares, lists and runs commands of one's own.

    Args:
        app: shows dialogs and toasts, and lends its terminal.
        commands: those of config.toml; the pager is added, unless one has its id.
        find_target: returns what is under the cursor.
    """

    def __init__(
        self, app: "App[Any]", commands: Sequence[OwnCommand], find_target: FindTarget
    ) -> None:
        self._app = app
        self._find_target = find_target
        self._commands: Mapping[str, OwnCommand] = with_pager(commands, os.environ)
        self.declared: tuple[Command, ...] = tuple(map(declared, self._commands.values()))
        """All of them, as the registry has commands."""
        self._running = 0

    def available(self) -> Sequence[Command]:
        """Those that are applicable now."""
        target = self._find_target()
        return [
            command for command in self.declared if not _why_not(self._commands[command.id], target)
        ]

    def bind(self, keymap: Mapping[str, str]) -> None:
        """Bind the keys that no other command has; `ui.problems.find` tells of the others.

        Args:
            keymap: command id → keys, for rebound commands.
        """
        taken = self._without_key(keymap)
        self.declared = tuple(
            replace(command, keys=()) if command.id in taken else command
            for command in self.declared
        )
        for command in self.declared:
            keys = keys_of(command, keymap)
            if keys and command.id not in taken:
                self._app.bind(
                    ",".join(map(key_name, keys)), command.action, description=command.title
                )

    def _without_key(self, keymap: Mapping[str, str]) -> set[str]:
        """Ids of those whose key another command has; the pager alone has none of its own."""
        if len(self.declared) <= 1:
            return set()
        from nodion_tui.ui.commands.keymap import own_key_problems  # noqa: PLC0415 - where there are some

        return {problem.command_id for problem in own_key_problems(self.declared, keymap)}

    def action_own(self) -> None:
        """List the commands in a menu, and run one."""
        self._app.run_worker(self._choose(), group="menu", exclusive=True)

    def action_own_command(self, command_id: str) -> None:
        """Run a command on what is under the cursor."""
        command, target = self._commands[command_id], self._find_target()
        if reason := _why_not(command, target):
            self._toast(reason)
        elif self._running >= MAX_RUNNING:
            self._toast(f"{MAX_RUNNING} commands are running: wait for one to end.")
        else:
            name = f"own command {command_id}"
            work = partial(self._run, command, target)
            self._app.run_worker(work(), group="own", name=name)

    async def _run(self, command: OwnCommand, target: CommandTarget) -> None:
        from nodion_tui.ui.own.command_flow import CommandFlow  # noqa: PLC0415 - seldom

        self._running += 1
        try:
            await CommandFlow(self._app, command, target).run()
        finally:
            self._running -= 1

    async def _choose(self) -> None:
        from nodion_tui.ui.dialogs.menu import Menu, MenuEntry  # noqa: PLC0415 - seldom

        target, keymap = self._find_target(), keymap_of(self._app)
        entries = []
        for number, command in enumerate(self.declared, 1):
            own = self._commands[command.id]
            keys = " ".join(map(key_label, keys_of(command, keymap)))
            reason = _why_not(own, target)
            detail = " · ".join(filter(None, (reason or f"on the {own.on}", keys)))
            entries.append(MenuEntry(str(number), command.id, own.title, detail))
        chosen = await self._app.push_screen_wait(Menu("Own commands", entries))
        if chosen is not None:
            self.action_own_command(chosen)

    def _toast(self, text: str) -> None:
        self._app.notify(text, markup=False, timeout=4)


def _why_not(command: OwnCommand, target: CommandTarget) -> str:
    """Why a command is not applicable now; empty if it is."""
    if not target.allows_commands:
        return _FORBIDDEN
    return target.lacks(command.on)
