"""Commands of the wall."""

from functools import partial

from nodion_tui.ui.commands.command import Command

_do = partial(Command, group="Wall", scope="wall")
_page = partial(_do, rank=16)
_move = partial(Command, group="Wall", scope="wall", palette=False)

WALL = (
    _do("wall.open", ("enter",), "open_run", "Open run", footer="open", rank=10).with_help(
        "Shows the tile's run and its log on the dashboard."
    ),
    _do(
        "wall.trigger", ("t",), "trigger_of_tile", "Trigger a run", footer="trigger", rank=12
    ).with_help("Opens the form for the runner of the tile."),
    _do(
        "wall.rerun", ("R",), "rerun_tile", "Re-run with edits", footer="re-run", rank=21
    ).with_help("Opens the form with the values of the tile's run."),
    _do("wall.stop", ("X",), "stop_tile", "Stop the run", footer="stop", rank=13).with_help(
        "Asks first."
    ),
    _do(
        "wall.await", ("B",), "await_tile", "Notify me when it ends", footer="notify", rank=19
    ).with_help("By toast, and by bell and desktop as configured. Press it again to cancel."),
    _do("wall.search", ("/",), "search_tile", "Search log", footer="search", rank=17).with_help(
        "Opens the run on the dashboard, with the search of its log."
    ),
    _do("wall.mark", ("m",), "mark", "Mark line", footer="mark", rank=41).with_help(
        "Marks the newest line of the tile, or the cursor's line in a zoomed tile. "
        "In the log of the run, u goes to it."
    ),
    _do("wall.zoom", ("z",), "zoom", "Zoom tile", footer="zoom", rank=11).with_help(
        "Toggles full screen for the tile; its log can be scrolled there."
    ),
    _do("wall.follow", ("F",), "follow", "Follow log", footer="follow", rank=14).with_help(
        "Jumps to the newest line of the tile and follows it."
    ),
    _page(
        "wall.next_page", ("pagedown", "space", "]"), "page_down", "Next page", footer="more"
    ).with_help("For more runs than fit on the screen."),
    _page("wall.previous_page", ("pageup", "["), "page_up", "Previous page"),
    _do("wall.wrap", ("w",), "wrap", "Wrap long lines", footer="wrap", rank=20),
    _do(
        "wall.dismiss", ("x",), "dismiss_ended", "Clear ended runs", footer="clear", rank=18
    ).with_help("Without it they are removed after a while."),
    _move("wall.up", ("up", "k"), "up", "Tile above"),
    _move("wall.down", ("down", "j"), "down", "Tile below"),
    _move("wall.left", ("left", "h"), "left", "Tile to the left"),
    _move("wall.right", ("right", "l"), "right", "Tile to the right"),
    _move("wall.next", ("tab",), "next_tile", "Next tile"),
    _move("wall.previous", ("shift+tab",), "previous_tile", "Previous tile"),
    _move("wall.first", ("g", "home"), "first", "First tile or line"),
    _move("wall.last", ("G", "end"), "last", "Last tile or line"),
    _move("wall.leave", ("escape",), "leave", "Leave zoom or wall", footer="dashboard", rank=11),
)
