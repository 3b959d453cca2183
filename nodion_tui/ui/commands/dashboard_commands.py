"""Commands of the dashboard and its lists."""

from functools import partial

from nodion_tui.ui.commands.command import Command

_run = partial(Command, group="Runs", scope="dashboard")
_pane = partial(Command, group="Panes", scope="dashboard")
_move = partial(Command, group="Lists", scope="list", palette=False)
_list = partial(Command, group="Lists", scope="dashboard")
_select = partial(Command, group="Lists", scope="runs")

DASHBOARD = (
    _run("run.trigger", ("t",), "trigger", "Trigger a run", footer="trigger", rank=10).with_help(
        "Opens the trigger form for the selected runner; nothing starts before you confirm."
    ),
    _run("run.rerun", ("R",), "rerun", "Re-run with edits", footer="re-run", rank=20).with_help(
        "Opens the trigger form, filled in from the run. Marked runs are started again together."
    ),
    _run("run.series", ("M",), "series", "Show runs started together").with_help(
        "What has become of each of them, while they are started and after that."
    ),
    _run("run.repeat", ("ctrl+r",), "repeat", "Repeat the run unchanged").with_help(
        "Starts it again at once; a profile with confirm_name asks first. "
        "If its environment is not known, the trigger form opens instead."
    ),
    _run("run.stop", ("X",), "stop", "Stop the run", footer="stop", rank=11).with_help(
        "Asks first; X or y confirms. The run is canceled, its processes ended; its log stays."
    ),
    _run(
        "run.acknowledge",
        ("a",),
        "acknowledge",
        "Acknowledge the cause",
        footer="acknowledge",
        rank=46,
    ).with_help(
        "Failures with the cause of this run count as known: they are dimmed and not counted. "
        "Press it again to take that back."
    ),
    _run("run.causes", ("D",), "failure_causes", "Failures by cause").with_help(
        "Lists why runs have failed; Enter shows the runs of a cause, a acknowledges it."
    ),
    _run(
        "run.await", ("B",), "await_end", "Notify me when it ends", footer="notify", rank=33
    ).with_help(
        "By toast, and by bell and desktop as configured. Press it again to cancel. "
        "With marked runs, you are notified of each."
    ),
    _run("run.refresh", ("r",), "refresh_now", "Refresh now", footer="refresh", rank=40).with_help(
        "Requests what is on screen again, within the request budget."
    ),
    _run("run.copy_id", ("c",), "copy_id", "Copy id", footer="copy id", rank=45).with_help(
        "Sends the id of the selected run or runner to the terminal's clipboard (OSC 52)."
    ),
    _run("run.open", ("o",), "open_browser", "Open in browser").with_help(
        "Opens the provider's website."
    ),
    _list("list.filter", ("/",), "filter", "Filter list", footer="filter", rank=12).with_help(
        "Filters the focused list while you type; Esc clears the filter."
    ),
    _list("list.sort", ("s",), "sort", "Sort runs", footer="sort", rank=41).with_help(
        "Sorts by a column. Choose it again to reverse the order. Clicking a heading does the same."
    ),
    _list("list.columns", ("C",), "columns", "Choose columns").with_help(
        "Shows or hides columns of the run list; columns without room are dropped."
    ),
    _list("runner.pin", ("*",), "pin", "Pin runner").with_help(
        "Lists the selected runner first, also on the timeline. Press it again to unpin it."
    ),
    _pane("runner.previous", ("[",), "previous_runner", "Previous runner"),
    _pane("runner.next", ("]",), "next_runner", "Next runner"),
    _pane("pane.next", ("tab",), "next_pane", "Next pane", footer="pane", rank=30, palette=False),
    _pane("pane.previous", ("shift+tab",), "previous_pane", "Previous pane", palette=False),
    _pane("pane.enter", ("enter",), "enter", "Open", palette=False).with_help(
        "Goes from a runner to its runs, from a run to its log."
    ),
    _pane("pane.leave", ("escape",), "leave", "Back", palette=False).with_help(
        "Clears the filter first, then the zoom, then leaves the pane."
    ),
    _pane("pane.zoom", ("z",), "zoom", "Zoom pane", footer="zoom", rank=14).with_help(
        "Toggles full screen for the focused pane."
    ),
    _pane("pane.taller", ("+",), "taller", "Grow log").with_help(
        "Enlarges the lower pane: the log, or the detail where it is below."
    ),
    _pane("pane.shorter", ("-",), "shorter", "Shrink log"),
    _pane(
        "pane.detail", ("d",), "toggle_detail", "Switch log / detail", footer="detail", rank=25
    ).with_help("In a narrow window, log and detail share one pane."),
)
"""In the order of the help screen."""

LISTS = (
    _move("list.up", ("up", "k"), "cursor_up", "Up"),
    _move("list.down", ("down", "j"), "cursor_down", "Down"),
    _move("list.first", ("home", "g"), "first", "First"),
    _move("list.last", ("end", "G"), "last", "Last"),
    _move("list.page_up", ("pageup",), "page_up", "Page up"),
    _move("list.page_down", ("pagedown",), "page_down", "Page down"),
    _move("list.half_up", ("ctrl+u",), "half_page_up", "Half page up"),
    _move("list.half_down", ("ctrl+d",), "half_page_down", "Half page down"),
    _select("list.mark", ("space",), "mark", "Mark run").with_help(
        "Marked runs are stopped or re-run together; Esc clears all marks."
    ),
    _select("list.range", ("v",), "mark_range", "Mark range").with_help(
        "Press it on the first and on the last run of the range."
    ),
)
"""Commands of every list, then of the run list."""
