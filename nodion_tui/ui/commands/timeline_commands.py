"""The commands of the timeline, declared once."""

from functools import partial

from nodion_tui.ui.commands.command import Command

_do = partial(Command, group="Timeline", scope="timeline")
_move = partial(Command, group="Timeline", scope="timeline", palette=False)

TIMELINE = (
    _do("timeline.open", ("enter",), "open_run", "Open the run", footer="open", rank=10).with_help(
        "Shows the run under the cursor, and its log, in the dashboard."
    ),
    _do("timeline.longer", ("-", "["), "longer", "Widen range", footer="wider", rank=12).with_help(
        "From 1 h to 6 h, 24 h, 7 d."
    ),
    _do(
        "timeline.shorter", ("+", "=", "]"), "shorter", "Narrow range", footer="narrower", rank=13
    ).with_help("From 7 d to 24 h, 6 h, 1 h."),
    _do(
        "timeline.idle", ("a",), "toggle_idle", "Hide idle runners", footer="hide idle", rank=20
    ).with_help("Hides runners without a run in the visible range, or shows them again."),
    _do(
        "timeline.plot", ("p",), "toggle_plot", "Durations over time", footer="plot", rank=18
    ).with_help("A plot of how long the runs of the runner under the cursor took."),
    _do(
        "timeline.refresh", ("r",), "refresh_now", "Refresh now", footer="refresh", rank=40
    ).with_help("Asks for the runs of the runner under the cursor, within the request budget."),
    _move("timeline.up", ("up", "k"), "row_up", "The row above"),
    _move("timeline.down", ("down", "j"), "row_down", "The row below"),
    _move("timeline.left", ("left", "h"), "bar_left", "The run before"),
    _move("timeline.right", ("right", "l"), "bar_right", "The next run"),
    _move("timeline.oldest", ("0", "ctrl+home"), "bar_first", "The oldest run"),
    _move("timeline.newest", ("$", "ctrl+end"), "bar_last", "The newest run"),
    _move("timeline.first", ("home", "g"), "first_row", "The first runner"),
    _move("timeline.last", ("end", "G"), "last_row", "The last runner"),
    _move("timeline.page_up", ("pageup",), "page_up", "A page up"),
    _move("timeline.page_down", ("pagedown",), "page_down", "A page down"),
    _move("timeline.half_up", ("ctrl+u",), "half_page_up", "Half a page up"),
    _move("timeline.half_down", ("ctrl+d",), "half_page_down", "Half a page down"),
    _move("timeline.leave", ("escape",), "leave", "Back to the dashboard"),
)
