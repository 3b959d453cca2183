"""The commands of the wall, declared once."""

from functools import partial

from nodion_tui.ui.commands.command import Command

_do = partial(Command, group="Wall", scope="wall")
_page = partial(_do, rank=16)
_move = partial(Command, group="Wall", scope="wall", palette=False)

WALL = (
    _do("wall.open", ("enter",), "open_run", "Open the run", footer="open", rank=10).with_help(
        "Shows the run of the tile, and its log, in the dashboard."
    ),
    _do("wall.zoom", ("z",), "zoom", "Zoom the tile", footer="zoom", rank=11).with_help(
        "Gives the tile the whole wall, where its log scrolls; and back."
    ),
    _do("wall.follow", ("F",), "follow", "Follow the end", footer="follow", rank=14).with_help(
        "Back to the newest line of the tile."
    ),
    _page(
        "wall.next_page", ("pagedown", "space", "]"), "page_down", "Next page", footer="more"
    ).with_help("Where there are more runs than the screen has room for."),
    _page("wall.previous_page", ("pageup", "["), "page_up", "Previous page"),
    _do("wall.wrap", ("w",), "wrap", "Wrap long lines", footer="wrap", rank=20),
    _do(
        "wall.dismiss", ("x",), "dismiss_ended", "Clear ended runs", footer="clear", rank=18
    ).with_help("Otherwise they leave by themselves after a while."),
    _move("wall.up", ("up", "k"), "up", "The tile above"),
    _move("wall.down", ("down", "j"), "down", "The tile below"),
    _move("wall.left", ("left", "h"), "left", "The tile to the left"),
    _move("wall.right", ("right", "l"), "right", "The tile to the right"),
    _move("wall.next", ("tab",), "next_tile", "The next tile"),
    _move("wall.previous", ("shift+tab",), "previous_tile", "The tile before"),
    _move("wall.first", ("g", "home"), "first", "The first tile or line"),
    _move("wall.last", ("G", "end"), "last", "The last tile or line"),
    _move("wall.leave", ("escape",), "leave", "Out of the zoom; dashboard"),
)
