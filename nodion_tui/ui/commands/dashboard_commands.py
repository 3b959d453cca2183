"""The commands of the dashboard and of its lists, declared once."""

from functools import partial

from nodion_tui.ui.commands.command import Command

_run = partial(Command, group="Runs", scope="dashboard")
_pane = partial(Command, group="Panes", scope="dashboard")
_move = partial(Command, group="Lists", scope="list", palette=False)
_list = partial(Command, group="Lists")

DASHBOARD = (
    _run(
        id="run.trigger",
        keys=("t",),
        action="trigger",
        title="Trigger a run",
        help="Opens the form for the selected runner; nothing starts before you confirm.",
        footer="trigger",
        rank=10,
    ),
    _run(
        id="run.rerun",
        keys=("R",),
        action="rerun",
        title="Re-run with edits",
        help="The trigger form, filled from the selected run.",
        footer="re-run",
        rank=20,
    ),
    _run(
        id="run.stop",
        keys=("X",),
        action="stop",
        title="Stop the run",
        help="Asks first. The run is marked canceled and its container removed.",
        footer="stop",
        rank=11,
    ),
    _run(
        id="run.refresh",
        keys=("r",),
        action="refresh_now",
        title="Refresh now",
        help="Asks the service for what is on screen, within the request budget.",
        footer="refresh",
        rank=40,
    ),
    _run(
        id="run.copy_id",
        keys=("c",),
        action="copy_id",
        title="Copy the id",
        help="The id of the selected run or runner, sent to the terminal's clipboard (OSC 52).",
        footer="copy id",
        rank=45,
    ),
    _run(
        id="run.open",
        keys=("o",),
        action="open_browser",
        title="Open in the browser",
        help="Opens the provider's web pages.",
    ),
    _list(
        id="list.filter",
        keys=("/",),
        action="filter",
        title="Filter the list",
        help="Type to narrow the focused list; Esc clears it.",
        footer="filter",
        rank=12,
        scope="dashboard",
    ),
    _list(
        id="list.sort",
        keys=("s",),
        action="sort",
        title="Sort the runs",
        help="By any column; the same once more turns it round. A click on a heading does it too.",
        footer="sort",
        rank=41,
        scope="dashboard",
    ),
    _list(
        id="list.columns",
        keys=("C",),
        action="columns",
        title="Choose columns",
        help="Which columns the list of runs has; what there is no room for gives way.",
        scope="dashboard",
    ),
    _pane(
        id="runner.previous",
        keys=("[",),
        action="previous_runner",
        title="Previous runner",
    ),
    _pane(
        id="runner.next",
        keys=("]",),
        action="next_runner",
        title="Next runner",
    ),
    _pane(
        id="pane.next",
        keys=("tab",),
        action="next_pane",
        title="Next pane",
        footer="pane",
        rank=30,
        palette=False,
    ),
    _pane(
        id="pane.previous",
        keys=("shift+tab",),
        action="previous_pane",
        title="Previous pane",
        palette=False,
    ),
    _pane(
        id="pane.enter",
        keys=("enter",),
        action="enter",
        title="Go in",
        help="From the runners to the runs, from a run to its log.",
        palette=False,
    ),
    _pane(
        id="pane.leave",
        keys=("escape",),
        action="leave",
        title="Come back",
        help="One level back: a filter first, then the zoom, then the pane.",
        palette=False,
    ),
    _pane(
        id="pane.zoom",
        keys=("z",),
        action="zoom",
        title="Zoom the pane",
        help="Gives the focused pane the whole screen, and back.",
        footer="zoom",
        rank=14,
    ),
    _pane(
        id="pane.taller",
        keys=("+",),
        action="taller",
        title="More room for the lower pane",
        help="The log, or the detail where that stands below, takes more of the height.",
    ),
    _pane(
        id="pane.shorter",
        keys=("-",),
        action="shorter",
        title="Less room for the lower pane",
    ),
    _pane(
        id="pane.detail",
        keys=("d",),
        action="toggle_detail",
        title="Log or detail",
        help="Where the window is narrow, log and detail share one pane.",
        footer="detail",
        rank=25,
    ),
)
"""In the order of the help."""

LISTS = (
    _move(
        id="list.up",
        keys=("up", "k"),
        action="cursor_up",
        title="Up",
    ),
    _move(
        id="list.down",
        keys=("down", "j"),
        action="cursor_down",
        title="Down",
    ),
    _move(
        id="list.first",
        keys=("home", "g"),
        action="first",
        title="First",
    ),
    _move(
        id="list.last",
        keys=("end", "G"),
        action="last",
        title="Last",
    ),
    _move(
        id="list.page_up",
        keys=("pageup",),
        action="page_up",
        title="Page up",
    ),
    _move(
        id="list.page_down",
        keys=("pagedown",),
        action="page_down",
        title="Page down",
    ),
    _move(
        id="list.half_up",
        keys=("ctrl+u",),
        action="half_page_up",
        title="Half a page up",
    ),
    _move(
        id="list.half_down",
        keys=("ctrl+d",),
        action="half_page_down",
        title="Half a page down",
    ),
    _list(
        id="list.mark",
        keys=("space",),
        action="mark",
        title="Mark the run",
        help="Marked runs are stopped together; Esc takes all marks away.",
        scope="runs",
    ),
    _list(
        id="list.range",
        keys=("v",),
        action="mark_range",
        title="Mark a range",
        help="Once where it begins, once where it ends.",
        scope="runs",
    ),
)
"""Of any list, then of the list of runs."""
