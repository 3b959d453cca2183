"""The commands of the log pane, declared once."""

from functools import partial

from nodion_tui.ui.commands.command import Command

_log = partial(Command, group="Log", scope="log")
_move = partial(Command, group="Log", scope="log", palette=False)
_compare = partial(Command, group="Comparison", scope="compare", palette=False)

LOG = (
    _log(
        "log.follow", ("F", "G", "end"), "log_follow", "Follow the end", footer="follow", rank=13
    ).with_help("Back to the newest line; scrolling up leaves it, and reading never stops."),
    _log("log.first", ("g", "home"), "log_first", "First line").with_help(
        "Once more, where the first lines were dropped, fetches them again."
    ),
    _move("log.up", ("up", "k"), "log_cursor_up", "A line up"),
    _move("log.down", ("down", "j"), "log_cursor_down", "A line down"),
    _move("log.page_up", ("pageup", "b"), "log_page_up", "Page up"),
    _move("log.page_down", ("pagedown", "space"), "log_page_down", "Page down"),
    _move("log.half_up", ("ctrl+u",), "log_half_page_up", "Half up"),
    _move("log.half_down", ("ctrl+d",), "log_half_page_down", "Half down"),
    _move("log.left", ("h", "left"), "log_left", "Sideways, to the left"),
    _move("log.right", ("l", "right"), "log_right", "Sideways, to the right"),
    _move("log.line_start", ("0",), "log_line_start", "To the first column"),
    _move("log.line_end", ("$",), "log_line_end", "To the end of the longest line on screen"),
    _log("log.wrap", ("w",), "log_wrap", "Wrap long lines", footer="wrap", rank=32),
    _log("log.stamps", ("T",), "log_stamps", "Change the times", footer="times", rank=34).with_help(
        "Local time, UTC, time since the start, none."
    ),
    _log(
        "log.pretty", ("p",), "log_pretty", "Pretty or raw lines", footer="pretty", rank=36
    ).with_help("A JSON line as `time level message key=value`, or as it was sent."),
    _log("log.search", ("/",), "log_search", "Search the log", footer="search", rank=12).with_help(
        "A regular expression with smart case; ! in front finds lines without it."
    ),
    _log("log.next_match", ("n",), "log_next_match", "Next match"),
    _log("log.previous_match", ("N",), "log_previous_match", "Previous match"),
    _log("log.only", ("x",), "log_only", "Matches only", footer="only", rank=16).with_help(
        "Shows lines that match, and all lines again; a search inside keeps the first."
    ),
    _log("log.less_context", ("{",), "log_less_context", "Less context").with_help(
        "A line less around each match."
    ),
    _log("log.more_context", ("}",), "log_more_context", "More context").with_help(
        "A line more around each match."
    ),
    _log("log.next_error", ("e",), "log_next_error", "Next error"),
    _log("log.previous_error", ("E",), "log_previous_error", "Previous error"),
    _log("log.mark", ("m",), "log_mark", "Mark the line").with_help(
        "Sets a mark on the cursor's line, or takes it away; u and U go to marks."
    ),
    _log("log.next_mark", ("u",), "log_next_mark", "Next mark"),
    _log("log.previous_mark", ("U",), "log_previous_mark", "Previous mark"),
    _log("log.open_line", ("enter",), "log_open_line", "Expand or fold").with_help(
        "All of a JSON line, a traceback folded, dropped lines fetched again."
    ),
    _log("log.select", ("v",), "log_select", "Select lines").with_help(
        "From the cursor to where it goes next; the mouse selects any text."
    ),
    _move("log.select_up", ("shift+up", "K"), "log_select_up", "Select up"),
    _move("log.select_down", ("shift+down", "J"), "log_select_down", "Select down"),
    _log("log.copy", ("y",), "log_copy_menu", "Copy …", footer="copy", rank=18).with_help(
        "Line, selection, all, id, command, curl: to the terminal's clipboard, over SSH too."
    ),
    _move("log.copy_selection", ("ctrl+c",), "log_copy_selection", "Copy the selection"),
    _log("log.save", ("ctrl+s",), "log_save", "Save the log …", footer="save", rank=38).with_help(
        "As text, with times, raw, or as evidence: log, run and summary in a folder."
    ),
    _log(
        "log.compare", ("=",), "log_compare", "Compare with …", footer="compare", rank=42
    ).with_help("Shows two logs side by side; timestamps and ids are masked."),
    _move("log.retry", ("r",), "log_retry", "Read the log again").with_help(
        "Where it could not be read."
    ),
    _move("log.leave", ("escape",), "log_leave", "Come back"),
    _compare("compare.next", ("n", "e"), "compare_next", "Next difference"),
    _compare("compare.previous", ("N", "E"), "compare_previous", "Previous difference"),
    _compare("compare.left", ("h", "left"), "compare_left", "Sideways left"),
    _compare("compare.right", ("l", "right"), "compare_right", "Sideways right"),
    _compare("compare.up", ("k", "up"), "compare_up", "Up"),
    _compare("compare.down", ("j", "down"), "compare_down", "Down"),
    _compare("compare.half_up", ("ctrl+u",), "compare_half_up", "Half a page up"),
    _compare("compare.half_down", ("ctrl+d",), "compare_half_down", "Half a page down"),
    _compare("compare.first", ("g", "home"), "compare_first", "Beginning"),
    _compare("compare.last", ("G", "end"), "compare_last", "End"),
    _compare("compare.again", ("r",), "compare_again", "Compare again"),
    _compare("compare.leave", ("escape", "q", "="), "compare_leave", "Back"),
)
