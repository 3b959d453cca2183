"""One declaration a command: its keys, its action, and the words of footer, palette and help.

Nothing else says which key does what: a widget or screen takes its BINDINGS from `bindings(scope)`,
and the footer, the palette and the help screen read the same table. The id of a command is the id
of its Binding, so config.toml can rebind it.
"""

from collections.abc import Mapping

from textual.binding import Binding, BindingType

from nodion_tui.ui.commands.command import Command, Scope
from nodion_tui.ui.commands.dashboard_commands import DASHBOARD, LISTS
from nodion_tui.ui.commands.form_commands import FORM
from nodion_tui.ui.commands.log_commands import LOG
from nodion_tui.ui.commands.timeline_commands import TIMELINE
from nodion_tui.ui.commands.wall_commands import WALL

_APP = (
    Command(
        id="app.palette",
        keys=("ctrl+p", ":"),
        action="command_palette",
        title="Command palette",
        help="Find a command by its name.",
        footer="palette",
        rank=90,
        palette=False,
    ),
    Command(
        id="app.help",
        keys=("?", "f1"),
        action="help",
        title="Keys and help",
        help="Everything that can be done here, and its key.",
        footer="help",
        rank=15,
    ),
    Command(
        id="app.back",
        keys=("q",),
        action="back",
        title="Back",
        help="One level back; quits at the root.",
        footer="quit",
        rank=60,
    ),
    Command(
        id="app.quit",
        keys=("ctrl+q",),
        action="quit",
        title="Quit",
        priority=True,
    ),
    Command(
        id="app.suspend",
        keys=("ctrl+z",),
        action="suspend_process",
        title="Suspend",
        help="Back to the shell; `fg` brings the screen back.",
        palette=False,
    ),
    Command(
        id="app.interrupt",
        keys=("ctrl+c",),
        action="interrupt",
        title="Copy the selection",
        help="Copies what is selected; never ends the program.",
        palette=False,
    ),
    Command(
        id="app.dashboard",
        keys=("1",),
        action="dashboard",
        title="Dashboard",
        help="Runners, runs, and the log of one run.",
        footer="dashboard",
        rank=30,
        group="Modes",
    ),
    Command(
        id="app.timeline",
        keys=("2",),
        action="timeline",
        title="Timeline",
        help="The runs of all runners as bars over 1 h, 6 h, 24 h or 7 d.",
        footer="timeline",
        rank=31,
        group="Modes",
    ),
    Command(
        id="app.wall",
        keys=("3",),
        action="wall",
        title="Wall",
        help="The logs of all running runs side by side.",
        footer="wall",
        rank=32,
        group="Modes",
    ),
    Command(
        id="app.profiles",
        keys=("P",),
        action="profiles",
        title="Switch the profile",
        help="Watch another account or engine; nothing of this one stays on the screen.",
        footer="profile",
        rank=95,
    ),
    Command(
        id="app.missed",
        keys=("A",),
        action="missed",
        title="What happened while you were away",
        help="The runs that ended or began while another window had the focus.",
    ),
    Command(
        id="app.redraw",
        keys=("ctrl+l",),
        action="redraw",
        title="Paint the screen anew",
        help="For when something else has written on the terminal.",
        group="Looks",
    ),
    Command(
        id="app.theme",
        keys=(),
        action="change_theme",
        title="Change the theme",
        help="Dark, light, the terminal's own colours, or high contrast.",
        group="Looks",
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
