"""Registry of all commands: keys, action, and the text of footer, palette and help.

It is the only key map: a widget or screen takes its BINDINGS from `bindings(scope)`, and footer,
palette and help screen read the same registry. A command's id is the id of its Binding, so that
config.toml can rebind it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from textual.app import App
from textual.binding import Binding, BindingType
from textual.screen import Screen

from nodion_tui.ui.commands.command import Command, Scope
from nodion_tui.ui.commands.dashboard_commands import DASHBOARD, LISTS
from nodion_tui.ui.commands.form_commands import FORM
from nodion_tui.ui.commands.log_commands import LOG
from nodion_tui.ui.commands.merged_commands import MERGED
from nodion_tui.ui.commands.timeline_commands import TIMELINE
from nodion_tui.ui.commands.wall_commands import WALL

_hidden = partial(Command, palette=False)
_mode = partial(Command, group="Modes")
_display = partial(Command, group="Display")

_APP = (
    _hidden(
        "app.palette", ("ctrl+p", ":"), "command_palette", "Command palette", footer="palette"
    ).with_help("Finds commands, runners, runs, presets, views, profiles and themes by name."),
    Command("app.help", ("?", "f1"), "help", "Keys and help", footer="help", rank=15).with_help(
        "All commands and their keys."
    ),
    Command(
        "app.back", ("q",), "back", "Back (quit at top level)", footer="quit", rank=60
    ).with_help("Closes what is in front; quits at top level."),
    Command("app.quit", ("ctrl+q",), "quit", "Quit", priority=True),
    _hidden("app.suspend", ("ctrl+z",), "suspend_process", "Suspend").with_help(
        "Returns to the shell; `fg` resumes."
    ),
    _hidden("app.interrupt", ("ctrl+c",), "interrupt", "Copy selection").with_help(
        "Copies the selected text; never ends the program."
    ),
    _mode("app.dashboard", ("1",), "dashboard", "Dashboard", footer="dashboard", rank=30).with_help(
        "Runners, runs and the log of one run."
    ),
    _mode("app.timeline", ("2",), "timeline", "Timeline", footer="timeline", rank=31).with_help(
        "Runs of all runners as bars over 1 h, 6 h, 24 h or 7 d."
    ),
    _mode("app.wall", ("3",), "wall", "Wall", footer="wall", rank=32).with_help(
        "Logs of all active runs side by side."
    ),
    _mode("app.merged", ("4",), "merged", "Merged log", footer="merged", rank=33).with_help(
        "Logs of the marked runs, or of all active ones that match the filter, as one."
    ),
    Command(
        "app.profiles", ("P",), "profiles", "Switch profile", footer="profile", rank=95
    ).with_help("Shows another account or engine instead of this one."),
    Command(
        "app.next_failure", ("f",), "next_failure", "Newest failure", footer="failure", rank=22
    ).with_help(
        "Shows the newest failed run at its first error line. Press it again for the next "
        "older one. Known failures are left out."
    ),
    Command("app.missed", ("A",), "missed", "Events while you were away").with_help(
        "Lists runs that started or ended while another window had the focus."
    ),
    Command("app.views", ("V",), "views", "Views …").with_help(
        "Filter, columns, order, mode and window under a name: use, save, rename or delete one."
    ),
    Command("app.own", ("!",), "own", "Own commands").with_help(
        "Lists the commands of config.toml, and a log in $PAGER."
    ),
    Command("app.open_told", ("O",), "open_told", "Run of the newest notification").with_help(
        "Shows the run that a toast is about. Press it again for the toast before it."
    ),
    Command(
        "app.dismiss_toasts", ("backspace",), "dismiss_toasts", "Dismiss notifications"
    ).with_help(
        "Removes every toast; those of failures stay until then, or until their run is read."
    ),
    Command("app.problems", ("W",), "problems", "Problems of config.toml").with_help(
        "Lists rules, keys, colours and commands that cannot work, with file and line."
    ),
    _display("app.redraw", ("ctrl+l",), "redraw", "Redraw screen").with_help(
        "Use it when another program has written to the terminal."
    ),
    _display("app.theme", (), "choose_theme", "Change theme").with_help(
        "Dark, light, terminal colours or high contrast."
    ),
)

COMMANDS = (*_APP, *DASHBOARD, *LISTS, *LOG, *TIMELINE, *WALL, *MERGED, *FORM)
"""All commands, in the order of the help screen."""

_LABELS = {
    "up": "↑",
    "down": "↓",
    "left": "←",
    "right": "→",
    "escape": "Esc",
    "enter": "Enter",
    "space": "Space",
    "backspace": "Backspace",
    "tab": "Tab",
    "shift+tab": "Shift+Tab",
    "home": "Home",
    "end": "End",
    "pageup": "PgUp",
    "pagedown": "PgDn",
    **{f"f{number}": f"F{number}" for number in range(1, 13)},
}


def bindings(scope: Scope) -> list[BindingType]:
    """Textual BINDINGS of a scope, for the class that has its action methods."""
    return [_binding(command) for command in COMMANDS if command.scope == scope and command.keys]


def help_binding() -> Binding:
    """Opens the help from a modal screen, which the bindings of the app do not reach."""
    (command,) = (command for command in COMMANDS if command.id == "app.help")
    return replace(_binding(command), action="app.help", show=False)


def commands_in(scopes: tuple[Scope, ...]) -> list[Command]:
    """Commands of the given scopes, in registry order."""
    return [command for command in COMMANDS if command.scope in scopes]


def own_commands(app: object) -> Sequence[Command]:
    """The commands of config.toml that are applicable now, which an app has besides all others."""
    own = getattr(app, "own", None)
    return () if own is None else own.available()


def keymap_of(app: object) -> Mapping[str, str]:
    """Command id → keys, for rebound commands; empty for an app without any, such as a test's."""
    keymap: Mapping[str, str] = getattr(app, "keys", {})
    return keymap


def focused_scopes(screen: Screen[Any]) -> tuple[Scope, ...]:
    """The scopes of the focused widget and what is around it, then those of the screen."""
    active = [each for each in screen.active_bindings.values() if not isinstance(each.node, App)]
    near = {each.binding.id for each in active if not isinstance(each.node, Screen)}
    whole = {each.binding.id for each in active} - near
    # What a dialog has of the app's, such as the help, is not what it is for.
    shown = [command for command in COMMANDS if command.scope != "app"]
    ordered = [command.scope for ids in (near, whole) for command in shown if command.id in ids]
    return tuple(dict.fromkeys(ordered))


def keys_of(command: Command, keymap: Mapping[str, str]) -> tuple[str, ...]:
    """Keys of a command after rebinding by `keymap` (command id → comma-separated keys)."""
    rebound = keymap.get(command.id)
    if rebound is None:
        return command.keys
    return tuple(key.strip() for key in rebound.split(",") if key.strip())


def key_of(command_id: str, keymap: Mapping[str, str]) -> str:
    """Label of the first key of a command; empty if it has none."""
    command = next(command for command in COMMANDS if command.id == command_id)
    return next(map(key_label, keys_of(command, keymap)), "")


def key_label(key: str) -> str:
    """Label of a key as printed on a keyboard: `Esc`, `ctrl+p`, `[`."""
    return _LABELS.get(key, key)


def _binding(command: Command) -> Binding:
    return Binding(
        ",".join(command.keys),
        command.action,
        command.title,
        show=bool(command.footer),
        tooltip=command.help,
        id=command.id,
        priority=command.priority,
    )
