"""The commands of the timeline, declared once."""

from functools import partial

from nodion_tui.ui.commands.command import Command

_do = partial(Command, group="Timeline", scope="timeline")
_move = partial(Command, group="Timeline", scope="timeline", palette=False)

TIMELINE = (
    _do(
        id="timeline.open",
        keys=("enter",),
        action="open_run",
        title="Open the run",
        help="Shows the run under the cursor, and its log, in the dashboard.",
        footer="open",
        rank=10,
    ),
    _do(
        id="timeline.longer",
        keys=("-", "["),
        action="longer",
        title="Show a longer time",
        help="From 1 h to 6 h, 24 h, 7 d.",
        footer="longer",
        rank=12,
    ),
    _do(
        id="timeline.shorter",
        keys=("+", "=", "]"),
        action="shorter",
        title="Show a shorter time",
        help="From 7 d to 24 h, 6 h, 1 h.",
        footer="shorter",
        rank=13,
    ),
    _do(
        id="timeline.idle",
        keys=("a",),
        action="toggle_idle",
        title="All runners, or those that ran",
        help="Leaves out runners without a run in the time that is shown.",
        footer="idle",
        rank=20,
    ),
    _do(
        id="timeline.plot",
        keys=("p",),
        action="toggle_plot",
        title="Durations over time",
        help="A plot of how long the runs of the runner under the cursor took.",
        footer="plot",
        rank=18,
    ),
    _do(
        id="timeline.refresh",
        keys=("r",),
        action="refresh_now",
        title="Refresh now",
        help="Asks for the runs of the runner under the cursor, within the request budget.",
        footer="refresh",
        rank=40,
    ),
    _move(id="timeline.up", keys=("up", "k"), action="row_up", title="The row above"),
    _move(id="timeline.down", keys=("down", "j"), action="row_down", title="The row below"),
    _move(id="timeline.left", keys=("left", "h"), action="bar_left", title="The run before"),
    _move(id="timeline.right", keys=("right", "l"), action="bar_right", title="The next run"),
    _move(
        id="timeline.oldest", keys=("0", "ctrl+home"), action="bar_first", title="The oldest run"
    ),
    _move(id="timeline.newest", keys=("$", "ctrl+end"), action="bar_last", title="The newest run"),
    _move(id="timeline.first", keys=("home", "g"), action="first_row", title="The first runner"),
    _move(id="timeline.last", keys=("end", "G"), action="last_row", title="The last runner"),
    _move(id="timeline.page_up", keys=("pageup",), action="page_up", title="A page up"),
    _move(id="timeline.page_down", keys=("pagedown",), action="page_down", title="A page down"),
    _move(id="timeline.half_up", keys=("ctrl+u",), action="half_page_up", title="Half a page up"),
    _move(
        id="timeline.half_down",
        keys=("ctrl+d",),
        action="half_page_down",
        title="Half a page down",
    ),
    _move(id="timeline.leave", keys=("escape",), action="leave", title="Back to the dashboard"),
)
