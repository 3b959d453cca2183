"""One declaration a command: its keys, its action, and the words of footer, palette and help.

Nothing else says which key does what: a widget or screen takes its BINDINGS from `bindings(scope)`,
and the footer, the palette and the help screen read the same table. The id of a command is the id
of its Binding, so config.toml can rebind it.
"""

from collections.abc import Mapping

from textual.binding import Binding, BindingType

from nodion_tui.ui.command import Command, Scope
from nodion_tui.ui.log.commands import LOG
from nodion_tui.ui.timeline.commands import TIMELINE
from nodion_tui.ui.wall.commands import WALL

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
        id="app.theme",
        keys=(),
        action="change_theme",
        title="Change the theme",
        help="Dark, light, the terminal's own colours, or high contrast.",
        group="Looks",
    ),
)

_DASHBOARD = (
    Command(
        id="run.trigger",
        keys=("t",),
        action="trigger",
        title="Trigger a run",
        help="Opens the form for the selected runner; nothing starts before you confirm.",
        footer="trigger",
        rank=10,
        group="Runs",
        scope="dashboard",
    ),
    Command(
        id="run.rerun",
        keys=("R",),
        action="rerun",
        title="Re-run with edits",
        help="The trigger form, filled from the selected run.",
        footer="re-run",
        rank=20,
        group="Runs",
        scope="dashboard",
    ),
    Command(
        id="run.stop",
        keys=("X",),
        action="stop",
        title="Stop the run",
        help="Asks first. The run is marked canceled and its container removed.",
        footer="stop",
        rank=11,
        group="Runs",
        scope="dashboard",
    ),
    Command(
        id="run.refresh",
        keys=("r",),
        action="refresh_now",
        title="Refresh now",
        help="Asks the service for what is on screen, within the request budget.",
        footer="refresh",
        rank=40,
        group="Runs",
        scope="dashboard",
    ),
    Command(
        id="run.copy_id",
        keys=("c",),
        action="copy_id",
        title="Copy the id",
        help="The id of the selected run or runner, sent to the terminal's clipboard (OSC 52).",
        footer="copy id",
        rank=45,
        group="Runs",
        scope="dashboard",
    ),
    Command(
        id="run.open",
        keys=("o",),
        action="open_browser",
        title="Open in the browser",
        help="Opens the provider's web pages.",
        group="Runs",
        scope="dashboard",
    ),
    Command(
        id="list.filter",
        keys=("/",),
        action="filter",
        title="Filter the list",
        help="Type to narrow the focused list; Esc clears it.",
        footer="filter",
        rank=12,
        group="Lists",
        scope="dashboard",
    ),
    Command(
        id="list.sort",
        keys=("s",),
        action="sort",
        title="Sort the runs",
        help="By any column; the same once more turns it round. A click on a heading does it too.",
        footer="sort",
        rank=41,
        group="Lists",
        scope="dashboard",
    ),
    Command(
        id="list.columns",
        keys=("C",),
        action="columns",
        title="Choose columns",
        help="Which columns the list of runs has; what there is no room for gives way.",
        group="Lists",
        scope="dashboard",
    ),
    Command(
        id="runner.previous",
        keys=("[",),
        action="previous_runner",
        title="Previous runner",
        group="Panes",
        scope="dashboard",
    ),
    Command(
        id="runner.next",
        keys=("]",),
        action="next_runner",
        title="Next runner",
        group="Panes",
        scope="dashboard",
    ),
    Command(
        id="pane.next",
        keys=("tab",),
        action="next_pane",
        title="Next pane",
        footer="pane",
        rank=30,
        group="Panes",
        scope="dashboard",
        palette=False,
    ),
    Command(
        id="pane.previous",
        keys=("shift+tab",),
        action="previous_pane",
        title="Previous pane",
        group="Panes",
        scope="dashboard",
        palette=False,
    ),
    Command(
        id="pane.enter",
        keys=("enter",),
        action="enter",
        title="Go in",
        help="From the runners to the runs, from a run to its log.",
        group="Panes",
        scope="dashboard",
        palette=False,
    ),
    Command(
        id="pane.leave",
        keys=("escape",),
        action="leave",
        title="Come back",
        help="One level back: a filter first, then the zoom, then the pane.",
        group="Panes",
        scope="dashboard",
        palette=False,
    ),
    Command(
        id="pane.zoom",
        keys=("z",),
        action="zoom",
        title="Zoom the pane",
        help="Gives the focused pane the whole screen, and back.",
        footer="zoom",
        rank=14,
        group="Panes",
        scope="dashboard",
    ),
    Command(
        id="pane.taller",
        keys=("+",),
        action="taller",
        title="More room for the lower pane",
        help="The log, or the detail where that stands below, takes more of the height.",
        group="Panes",
        scope="dashboard",
    ),
    Command(
        id="pane.shorter",
        keys=("-",),
        action="shorter",
        title="Less room for the lower pane",
        group="Panes",
        scope="dashboard",
    ),
    Command(
        id="pane.detail",
        keys=("d",),
        action="toggle_detail",
        title="Log or detail",
        help="Where the window is narrow, log and detail share one pane.",
        footer="detail",
        rank=25,
        group="Panes",
        scope="dashboard",
    ),
)

_LIST = (
    Command(
        id="list.up",
        keys=("up", "k"),
        action="cursor_up",
        title="Up",
        group="Lists",
        scope="list",
        palette=False,
    ),
    Command(
        id="list.down",
        keys=("down", "j"),
        action="cursor_down",
        title="Down",
        group="Lists",
        scope="list",
        palette=False,
    ),
    Command(
        id="list.first",
        keys=("home", "g"),
        action="first",
        title="First",
        group="Lists",
        scope="list",
        palette=False,
    ),
    Command(
        id="list.last",
        keys=("end", "G"),
        action="last",
        title="Last",
        group="Lists",
        scope="list",
        palette=False,
    ),
    Command(
        id="list.page_up",
        keys=("pageup",),
        action="page_up",
        title="Page up",
        group="Lists",
        scope="list",
        palette=False,
    ),
    Command(
        id="list.page_down",
        keys=("pagedown",),
        action="page_down",
        title="Page down",
        group="Lists",
        scope="list",
        palette=False,
    ),
    Command(
        id="list.half_up",
        keys=("ctrl+u",),
        action="half_page_up",
        title="Half a page up",
        group="Lists",
        scope="list",
        palette=False,
    ),
    Command(
        id="list.half_down",
        keys=("ctrl+d",),
        action="half_page_down",
        title="Half a page down",
        group="Lists",
        scope="list",
        palette=False,
    ),
)

_RUNS = (
    Command(
        id="list.mark",
        keys=("space",),
        action="mark",
        title="Mark the run",
        help="Marked runs are stopped together; Esc takes all marks away.",
        group="Lists",
        scope="runs",
    ),
    Command(
        id="list.range",
        keys=("v",),
        action="mark_range",
        title="Mark a range",
        help="Once where it begins, once where it ends.",
        group="Lists",
        scope="runs",
    ),
)

_FORM = (
    Command(
        id="form.submit",
        keys=("ctrl+j", "ctrl+enter"),
        action="submit",
        title="Trigger",
        help="Starts the run; Enter in a field never does.",
        footer="trigger",
        rank=10,
        group="Forms",
        scope="form",
        palette=False,
        priority=True,
    ),
    Command(
        id="form.leave",
        keys=("escape",),
        action="leave",
        title="Leave the form",
        help="Asks once more where something was typed.",
        footer="leave",
        rank=20,
        group="Forms",
        scope="form",
        palette=False,
    ),
    Command(
        id="form.mode",
        keys=("f2",),
        action="next_mode",
        title="Runner default, argv or shell command",
        help="What was typed in each is kept.",
        footer="mode",
        rank=30,
        group="Forms",
        scope="form",
        palette=False,
    ),
    Command(
        id="form.preview",
        keys=("f3",),
        action="preview",
        title="JSON or curl",
        help="What the preview shows.",
        footer="preview",
        rank=40,
        group="Forms",
        scope="form",
        palette=False,
    ),
    Command(
        id="form.copy_curl",
        keys=("f4",),
        action="copy_curl",
        title="Copy as curl",
        help="With $NODION_API_KEY in the place of the key, and hidden values left out.",
        footer="curl",
        rank=50,
        group="Forms",
        scope="form",
        palette=False,
    ),
    Command(
        id="field.line_break",
        keys=("ctrl+n", "alt+enter", "shift+enter"),
        action="line_break",
        title="Put a line break into a value",
        help="Enter goes on to the next field.",
        group="Forms",
        scope="field",
        palette=False,
    ),
    Command(
        id="env.above",
        keys=("up",),
        action="leave(-1)",
        title="Variable above",
        group="Forms",
        scope="env",
        palette=False,
    ),
    Command(
        id="env.below",
        keys=("down",),
        action="leave(1)",
        title="Variable below",
        group="Forms",
        scope="env",
        palette=False,
    ),
)

COMMANDS = (*_APP, *_DASHBOARD, *_LIST, *_RUNS, *LOG, *TIMELINE, *WALL, *_FORM)
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


def in_scopes(scopes: tuple[Scope, ...]) -> list[Command]:
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
