"""The commands of the wall, declared once."""

from functools import partial

from nodion_tui.ui.commands.command import Command

_do = partial(Command, group="Wall", scope="wall")
_move = partial(Command, group="Wall", scope="wall", palette=False)

WALL = (
    _do(
        id="wall.open",
        keys=("enter",),
        action="open_run",
        title="Open the run",
        help="Shows the run of the tile, and its log, in the dashboard.",
        footer="open",
        rank=10,
    ),
    _do(
        id="wall.zoom",
        keys=("z",),
        action="zoom",
        title="Zoom the tile",
        help="Gives the tile the whole wall, where its log scrolls; and back.",
        footer="zoom",
        rank=11,
    ),
    _do(
        id="wall.follow",
        keys=("F",),
        action="follow",
        title="Follow the end",
        help="Back to the newest line of the tile.",
        footer="follow",
        rank=14,
    ),
    _do(
        id="wall.next_page",
        keys=("pagedown", "space", "]"),
        action="page_down",
        title="Next tiles",
        help="Where there are more runs than the screen has room for.",
        footer="more",
        rank=16,
    ),
    _do(id="wall.previous_page", keys=("pageup", "["), action="page_up", title="Previous tiles"),
    _do(
        id="wall.wrap",
        keys=("w",),
        action="wrap",
        title="Wrap long lines",
        footer="wrap",
        rank=20,
    ),
    _do(
        id="wall.dismiss",
        keys=("x",),
        action="dismiss_ended",
        title="Take ended runs off the wall",
        help="Otherwise they leave by themselves after a while.",
        footer="clear",
        rank=18,
    ),
    _move(id="wall.up", keys=("up", "k"), action="up", title="The tile above"),
    _move(id="wall.down", keys=("down", "j"), action="down", title="The tile below"),
    _move(id="wall.left", keys=("left", "h"), action="left", title="The tile to the left"),
    _move(id="wall.right", keys=("right", "l"), action="right", title="The tile to the right"),
    _move(id="wall.next", keys=("tab",), action="next_tile", title="The next tile"),
    _move(id="wall.previous", keys=("shift+tab",), action="previous_tile", title="The tile before"),
    _move(id="wall.first", keys=("g", "home"), action="first", title="The first tile or line"),
    _move(id="wall.last", keys=("G", "end"), action="last", title="The last tile or line"),
    _move(id="wall.leave", keys=("escape",), action="leave", title="Out of the zoom; dashboard"),
)
