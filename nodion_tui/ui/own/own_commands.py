"""The commands of one's own: declared like all others, listed by a key, run on what is selected."""

import os
import shlex
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from nodion_tui.model.own_command import (
    CommandInput,
    CommandOutput,
    CommandSubject,
    OwnCommand,
)
from nodion_tui.model.text.sanitize import sanitize
from nodion_tui.ui.commands.command import Command
from nodion_tui.ui.commands.registry import key_label, keys_of
from nodion_tui.ui.own.target import CommandTarget, FindTarget
from nodion_tui.ui.terminal.key_names import key_name

if TYPE_CHECKING:
    from textual.app import App

MAX_RUNNING = 4
"""Commands without the terminal that run at once; another one is refused."""
OWN_GROUP = "Own commands"
_FOOTER_RANK = 70
"""After all others of the footer but the profiles."""
_ON = {
    CommandSubject.RUNNER: "the selected runner",
    CommandSubject.RUN: "the selected run",
    CommandSubject.LOG: "the log of the selected run",
    CommandSubject.SELECTION: "the selected lines of the log",
}
_FORBIDDEN = "This profile forbids commands of your own (commands = false)."


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


def declared(command: OwnCommand) -> Command:
    """A command of one's own as help, palette, footer and rebinding know all commands."""
    return Command(
        command.id,
        (command.key,) if command.key else (),
        f"own_command({command.id!r})",
        sanitize(command.title),
        help=sanitize(f"Runs {command.command[0]} on {_ON[command.on]}."),
        footer=sanitize(command.footer or (command.title if command.where else "")),
        rank=_FOOTER_RANK,
        group=OWN_GROUP,
    )


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
        pager = pager_command(os.environ)
        own = {command.id: command for command in (pager, *commands)}
        keys = {command.key for command in commands}
        if own[pager.id] is pager and pager.key in keys:
            own[pager.id] = _without_key(pager)
        self._commands: Mapping[str, OwnCommand] = own
        self.declared: tuple[Command, ...] = tuple(map(declared, own.values()))
        """All of them, as the registry has commands."""
        self.where: Mapping[str, str] = {name: each.where for name, each in own.items()}
        """Command id → file and line."""
        self._running = 0

    def available(self) -> Sequence[Command]:
        """Those that are applicable now."""
        target = self._find_target()
        return [
            command for command in self.declared if not _why_not(self._commands[command.id], target)
        ]

    def bind(self, keymap: Mapping[str, str], taken: Callable[[str], bool]) -> None:
        """Bind the keys that no other command has.

        Args:
            keymap: command id → keys, for rebound commands.
            taken: whether a command id has lost its key to another command.
        """
        for command in self.declared:
            keys = keys_of(command, keymap)
            if keys and not taken(command.id):
                self._app.bind(
                    ",".join(map(key_name, keys)), command.action, description=command.title
                )

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

        target, keymap = self._find_target(), getattr(self._app, "keys", {})
        entries = []
        for number, command in enumerate(self.declared, 1):
            own = self._commands[command.id]
            keys = " ".join(map(key_label, keys_of(command, keymap)))
            reason = _why_not(own, target)
            detail = " · ".join(filter(None, (keys, reason or f"on {_ON[own.on]}")))
            entries.append(MenuEntry(str(number), command.id, own.title, detail))
        chosen = await self._app.push_screen_wait(Menu("Own commands", entries))
        if chosen is not None:
            self.action_own_command(chosen)

    def _toast(self, text: str) -> None:
        self._app.notify(text, markup=False, timeout=4)


def _without_key(command: OwnCommand) -> OwnCommand:
    from msgspec.structs import replace  # noqa: PLC0415 - seldom

    return replace(command, key="")


def _why_not(command: OwnCommand, target: CommandTarget) -> str:
    """Why a command is not applicable now; empty if it is."""
    if target.monitor is not None and not target.monitor.profile.commands:
        return _FORBIDDEN
    return target.lacks(command.on)
