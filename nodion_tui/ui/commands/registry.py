"""One declaration a command: its keys, its action, and the words of footer, palette and help.

Nothing else says which key does what: a widget or screen takes its BINDINGS from `bindings(scope)`,
and the footer, the palette and the help screen read the same table. The id of a command is the id
of its Binding, so config.toml can rebind it.
"""

from collections.abc import Mapping
from functools import partial

from textual.binding import Binding, BindingType

from nodion_tui.ui.commands.command import Command, Scope
from nodion_tui.ui.commands.dashboard_commands import DASHBOARD, LISTS
from nodion_tui.ui.commands.form_commands import FORM
from nodion_tui.ui.commands.log_commands import LOG
from nodion_tui.ui.commands.timeline_commands import TIMELINE
from nodion_tui.ui.commands.wall_commands import WALL

_hidden = partial(Command, palette=False)
_mode = partial(Command, group="Modes")
_display = partial(Command, group="Looks")

_APP = (
    _hidden(
        "app.palette", ("ctrl+p", ":"), "command_palette", "Command palette", footer="palette"
    ).with_help("Find a command by its name."),
    Command("app.help", ("?", "f1"), "help", "Keys and help", footer="help", rank=15).with_help(
        "Everything that can be done here, and its key."
    ),
    Command("app.back", ("q",), "back", "Back", footer="quit", rank=60).with_help(
        "One level back; quits at the root."
    ),
    Command("app.quit", ("ctrl+q",), "quit", "Quit", priority=True),
    _hidden("app.suspend", ("ctrl+z",), "suspend_process", "Suspend").with_help(
        "Back to the shell; `fg` brings the screen back."
    ),
    _hidden("app.interrupt", ("ctrl+c",), "interrupt", "Copy the selection").with_help(
        "Copies what is selected; never ends the program."
    ),
    _mode("app.dashboard", ("1",), "dashboard", "Dashboard", footer="dashboard", rank=30).with_help(
        "Runners, runs, and the log of one run."
    ),
    _mode("app.timeline", ("2",), "timeline", "Timeline", footer="timeline", rank=31).with_help(
        "The runs of all runners as bars over 1 h, 6 h, 24 h or 7 d."
    ),
    _mode("app.wall", ("3",), "wall", "Wall", footer="wall", rank=32).with_help(
        "The logs of all running runs side by side."
    ),
    Command(
        "app.profiles", ("P",), "profiles", "Switch the profile", footer="profile", rank=95
    ).with_help("Watch another account or engine; nothing of this one stays on the screen."),
    Command("app.missed", ("A",), "missed", "What happened while you were away").with_help(
        "The runs that ended or began while another window had the focus."
    ),
    _display("app.redraw", ("ctrl+l",), "redraw", "Paint the screen anew").with_help(
        "For when something else has written on the terminal."
    ),
    _display("app.theme", (), "change_theme", "Change the theme").with_help(
        "Dark, light, the terminal's own colours, or high contrast."
    ),
)

COMMANDS = (*_APP, *DASHBOARD, *LISTS, *LOG, *TIMELINE, *WALL, *FORM)
"""Every command, in the order of the help."""

_LABELS = {
    "up": "↑",
    "down": "↓",
    "left": "←",
    "right": "→",
    "escape": "Esc",
    "enter": "Enter",
    "space": "Space",
    "tab": "Tab",
    "shift+tab": "Shift+Tab",
    "home": "Home",
    "end": "End",
    "pageup": "PgUp",
    "pagedown": "PgDn",
    **{f"f{number}": f"F{number}" for number in range(1, 13)},
}


def bindings(scope: Scope) -> list[BindingType]:
    """Textual's BINDINGS of a scope, for the class that has its actions."""
    return [_binding(command) for command in COMMANDS if command.scope == scope and command.keys]


def commands_in(scopes: tuple[Scope, ...]) -> list[Command]:
    """The commands of these scopes, in the order of the table."""
    return [command for command in COMMANDS if command.scope in scopes]


def keys_of(command: Command, keymap: Mapping[str, str]) -> tuple[str, ...]:
    """The keys that call it, where `keymap` (command id → keys with commas) rebinds some."""
    rebound = keymap.get(command.id)
    if rebound is None:
        return command.keys
    return tuple(key.strip() for key in rebound.split(",") if key.strip())


def key_label(key: str) -> str:
    """A key as it stands on a keyboard: `Esc`, `ctrl+p`, `[`."""
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
