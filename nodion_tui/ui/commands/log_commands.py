"""Commands of the log pane and of the log comparison."""

from functools import partial

from nodion_tui.ui.commands.command import Command

_log = partial(Command, group="Log", scope="log")
_move = partial(Command, group="Log", scope="log", palette=False)
_compare = partial(Command, group="Comparison", scope="compare", palette=False)

LOG = (
    _log(
        "log.follow", ("F", "G", "end"), "log_follow", "Follow log", footer="follow", rank=13
    ).with_help("Jumps to the newest line and follows it; scrolling up stops following."),
    _log("log.first", ("g", "home"), "log_first", "First line").with_help(
        "If the first lines were dropped from memory, press it again to fetch them."
    ),
    _move("log.up", ("up", "k"), "log_cursor_up", "Line up"),
    _move("log.down", ("down", "j"), "log_cursor_down", "Line down"),
    _move("log.page_up", ("pageup", "b"), "log_page_up", "Page up"),
    _move("log.page_down", ("pagedown", "space"), "log_page_down", "Page down"),
    _move("log.half_up", ("ctrl+u",), "log_half_page_up", "Half page up"),
    _move("log.half_down", ("ctrl+d",), "log_half_page_down", "Half page down"),
    _move("log.left", ("h", "left"), "log_left", "Scroll left"),
    _move("log.right", ("l", "right"), "log_right", "Scroll right"),
    _move("log.line_start", ("0",), "log_line_start", "Scroll to first column"),
    _move("log.line_end", ("$",), "log_line_end", "Scroll to line end"),
    _log("log.wrap", ("w",), "log_wrap", "Wrap long lines", footer="wrap", rank=32),
    _log("log.stamps", ("T",), "log_stamps", "Timestamp format", footer="times", rank=34).with_help(
        "Local time, UTC, since the start, the line before or the mark (m), or none."
    ),
    _log(
        "log.pretty", ("p",), "log_pretty", "Toggle pretty / raw", footer="pretty", rank=36
    ).with_help("Formats JSON lines as `time level message key=value`, or shows them as received."),
    _log("log.public", ("I",), "log_public", "Public lines only").with_help(
        "Hides the lines marked ◇, whose log_level is not log_public, or shows them again."
    ),
    _log("log.search", ("/",), "log_search", "Search log", footer="search", rank=12).with_help(
        "Regular expression with smart case; a leading ! finds lines that do not match."
    ),
    _log(
        "log.next_match",
        ("n",),
        "log_next_match",
        "Next match",
        footer_pair="log.previous_match",
    ),
    _log("log.previous_match", ("N",), "log_previous_match", "Previous match"),
    _log(
        "log.only", ("x",), "log_only", "Show matches only", footer="matches only", rank=16
    ).with_help("Hides other lines, or shows all again; a second search refines the first."),
    _log("log.less_context", ("{",), "log_less_context", "Less context").with_help(
        "Shows one line less around each match."
    ),
    _log("log.more_context", ("}",), "log_more_context", "More context").with_help(
        "Shows one line more around each match."
    ),
    _log(
        "log.next_error",
        ("e",),
        "log_next_error",
        "Next error",
        footer_pair="log.previous_error",
    ),
    _log("log.previous_error", ("E",), "log_previous_error", "Previous error"),
    _log("log.moment", ("@",), "log_moment", "Go to a time …").with_help(
        "14:05, 2026-01-15 14:05, -10m from the end, +30s from the start, or 50% of the lines."
    ),
    _log("log.next_pause", (">",), "log_next_pause", "Next long pause").with_help(
        "A gap between lines that is ten times as long as usual in this log."
    ),
    _log("log.previous_pause", ("<",), "log_previous_pause", "Previous long pause"),
    _log("log.mark", ("m",), "log_mark", "Mark line").with_help(
        "Sets or clears a mark on the line; u and U jump to marks, T shows times since one."
    ),
    _log("log.next_mark", ("u",), "log_next_mark", "Next mark"),
    _log("log.previous_mark", ("U",), "log_previous_mark", "Previous mark"),
    _log("log.open_line", ("enter",), "log_open_line", "Expand or fold").with_help(
        "Expands JSON; folds traces, equal lines, sections; fetches dropped lines again."
    ),
    _log("log.select", ("v",), "log_select", "Select lines").with_help(
        "Extends from the cursor as it moves; the mouse selects any text."
    ),
    _move("log.select_up", ("shift+up", "K"), "log_select_up", "Select up"),
    _move("log.select_down", ("shift+down", "J"), "log_select_down", "Select down"),
    _log("log.copy", ("y",), "log_copy_menu", "Copy …", footer="copy", rank=18).with_help(
        "Line, selection, all, id, command or curl, to the clipboard; works over SSH."
    ),
    _move("log.copy_selection", ("ctrl+c",), "log_copy_selection", "Copy selection"),
    _log("log.save", ("ctrl+s",), "log_save", "Save log …", footer="save", rank=38).with_help(
        "As text, with timestamps, raw, or as evidence: a folder of log, run and summary."
    ),
    _log(
        "log.compare", ("=",), "log_compare", "Compare with …", footer="compare", rank=42
    ).with_help("Shows two logs side by side; timestamps and ids are masked."),
    _move("log.retry", ("r",), "log_retry", "Reload log").with_help("Retries after a failed read."),
    _move("log.leave", ("escape",), "log_leave", "Back"),
    _compare("compare.next", ("n", "e"), "compare_next", "Next difference"),
    _compare("compare.previous", ("N", "E"), "compare_previous", "Previous difference"),
    _compare("compare.left", ("h", "left"), "compare_left", "Scroll left"),
    _compare("compare.right", ("l", "right"), "compare_right", "Scroll right"),
    _compare("compare.up", ("k", "up"), "compare_up", "Up"),
    _compare("compare.down", ("j", "down"), "compare_down", "Down"),
    _compare("compare.half_up", ("ctrl+u",), "compare_half_up", "Half page up"),
    _compare("compare.half_down", ("ctrl+d",), "compare_half_down", "Half page down"),
    _compare("compare.first", ("g", "home"), "compare_first", "First line"),
    _compare("compare.last", ("G", "end"), "compare_last", "Last line"),
    _compare("compare.again", ("r",), "compare_again", "Compare again"),
    _compare("compare.leave", ("escape", "q", "="), "compare_leave", "Back"),
)
