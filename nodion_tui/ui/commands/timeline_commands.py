"""Commands of the timeline."""

from functools import partial

from nodion_tui.ui.commands.command import Command

_do = partial(Command, group="Timeline", scope="timeline")
_move = partial(Command, group="Timeline", scope="timeline", palette=False)

TIMELINE = (
    _do("timeline.open", ("enter",), "open_run", "Open run", footer="open", rank=10).with_help(
        "Shows the selected run and its log on the dashboard."
    ),
    _do(
        "timeline.await", ("B",), "await_bar", "Notify me when it ends", footer="notify", rank=22
    ).with_help("By toast, and by bell and desktop as configured. Press it again to cancel."),
    _do("timeline.longer", ("-", "["), "longer", "Widen range", footer="wider", rank=12).with_help(
        "From 1 h to 6 h, 24 h, 7 d."
    ),
    _do(
        "timeline.shorter", ("+", "=", "]"), "shorter", "Narrow range", footer="narrower", rank=13
    ).with_help("From 7 d to 24 h, 6 h, 1 h."),
    _do(
        "timeline.idle", ("a",), "toggle_idle", "Hide idle runners", footer="hide idle", rank=20
    ).with_help("Hides runners without a run in the visible range, or shows them again."),
    _do("timeline.plot", ("p",), "toggle_plot", "Plot durations", footer="plot", rank=18).with_help(
        "Plots the run durations of the selected runner."
    ),
    _do(
        "timeline.refresh", ("r",), "refresh_now", "Refresh now", footer="refresh", rank=40
    ).with_help("Requests the runs of the selected runner again, within the request budget."),
    _do("timeline.pin", ("*",), "pin", "Pin runner").with_help(
        "Shows the selected runner first, also on the dashboard. Press it again to unpin it."
    ),
    _move("timeline.up", ("up", "k"), "cursor_up", "Previous runner"),
    _move("timeline.down", ("down", "j"), "cursor_down", "Next runner"),
    _move(
        "timeline.left",
        ("left", "h"),
        "bar_left",
        "Previous run",
        footer="run",
        footer_pair="timeline.right",
        rank=11,
    ),
    _move("timeline.right", ("right", "l"), "bar_right", "Next run"),
    _move("timeline.oldest", ("0", "ctrl+home"), "bar_first", "Oldest run"),
    _move("timeline.newest", ("$", "ctrl+end"), "bar_last", "Newest run"),
    _move("timeline.first", ("home", "g"), "first", "First runner"),
    _move("timeline.last", ("end", "G"), "last", "Last runner"),
    _move("timeline.page_up", ("pageup",), "page_up", "Page up"),
    _move("timeline.page_down", ("pagedown",), "page_down", "Page down"),
    _move("timeline.half_up", ("ctrl+u",), "half_page_up", "Half page up"),
    _move("timeline.half_down", ("ctrl+d",), "half_page_down", "Half page down"),
    _move(
        "timeline.leave", ("escape",), "leave", "Back to the dashboard", footer="dashboard", rank=11
    ),
)
