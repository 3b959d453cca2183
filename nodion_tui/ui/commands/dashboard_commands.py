"""The commands of the dashboard and of its lists, declared once."""

from functools import partial

from nodion_tui.ui.commands.command import Command

_run = partial(Command, group="Runs", scope="dashboard")
_pane = partial(Command, group="Panes", scope="dashboard")
_move = partial(Command, group="Lists", scope="list", palette=False)
_list = partial(Command, group="Lists", scope="dashboard")
_select = partial(Command, group="Lists", scope="runs")

DASHBOARD = (
    _run("run.trigger", ("t",), "trigger", "Trigger a run", footer="trigger", rank=10).with_help(
        "Opens the form for the selected runner; nothing starts before you confirm."
    ),
    _run("run.rerun", ("R",), "rerun", "Re-run with edits", footer="re-run", rank=20).with_help(
        "The trigger form, filled from the selected run."
    ),
    _run("run.stop", ("X",), "stop", "Stop the run", footer="stop", rank=11).with_help(
        "Asks first. The run is marked canceled and its container removed."
    ),
    _run("run.refresh", ("r",), "refresh_now", "Refresh now", footer="refresh", rank=40).with_help(
        "Asks the service for what is on screen, within the request budget."
    ),
    _run("run.copy_id", ("c",), "copy_id", "Copy the id", footer="copy id", rank=45).with_help(
        "The id of the selected run or runner, sent to the terminal's clipboard (OSC 52)."
    ),
    _run("run.open", ("o",), "open_browser", "Open in the browser").with_help(
        "Opens the provider's web pages."
    ),
    _list("list.filter", ("/",), "filter", "Filter the list", footer="filter", rank=12).with_help(
        "Type to narrow the focused list; Esc clears it."
    ),
    _list("list.sort", ("s",), "sort", "Sort the runs", footer="sort", rank=41).with_help(
        "By any column; the same once more turns it round. A click on a heading does it too."
    ),
    _list("list.columns", ("C",), "columns", "Choose columns").with_help(
        "Which columns the list of runs has; what there is no room for gives way."
    ),
    _pane("runner.previous", ("[",), "previous_runner", "Previous runner"),
    _pane("runner.next", ("]",), "next_runner", "Next runner"),
    _pane("pane.next", ("tab",), "next_pane", "Next pane", footer="pane", rank=30, palette=False),
    _pane("pane.previous", ("shift+tab",), "previous_pane", "Previous pane", palette=False),
    _pane("pane.enter", ("enter",), "enter", "Go in", palette=False).with_help(
        "From the runners to the runs, from a run to its log."
    ),
    _pane("pane.leave", ("escape",), "leave", "Come back", palette=False).with_help(
        "One level back: a filter first, then the zoom, then the pane."
    ),
    _pane("pane.zoom", ("z",), "zoom", "Zoom the pane", footer="zoom", rank=14).with_help(
        "Gives the focused pane the whole screen, and back."
    ),
    _pane("pane.taller", ("+",), "taller", "More room for the lower pane").with_help(
        "The log, or the detail where that stands below, takes more of the height."
    ),
    _pane("pane.shorter", ("-",), "shorter", "Less room for the lower pane"),
    _pane(
        "pane.detail", ("d",), "toggle_detail", "Log or detail", footer="detail", rank=25
    ).with_help("Where the window is narrow, log and detail share one pane."),
)
"""In the order of the help."""

LISTS = (
    _move("list.up", ("up", "k"), "cursor_up", "Up"),
    _move("list.down", ("down", "j"), "cursor_down", "Down"),
    _move("list.first", ("home", "g"), "first", "First"),
    _move("list.last", ("end", "G"), "last", "Last"),
    _move("list.page_up", ("pageup",), "page_up", "Page up"),
    _move("list.page_down", ("pagedown",), "page_down", "Page down"),
    _move("list.half_up", ("ctrl+u",), "half_page_up", "Half a page up"),
    _move("list.half_down", ("ctrl+d",), "half_page_down", "Half a page down"),
    _select("list.mark", ("space",), "mark", "Mark the run").with_help(
        "Marked runs are stopped together; Esc takes all marks away."
    ),
    _select("list.range", ("v",), "mark_range", "Mark a range").with_help(
        "Once where it begins, once where it ends."
    ),
)
"""Of any list, then of the list of runs."""
