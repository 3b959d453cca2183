"""Keys of the wall: from tile to tile, or through a zoomed log."""

from nodion_tui.model.log_line import LogLine
from nodion_tui.model.run import RunKey
from nodion_tui.monitor.log.buffer import LogBuffer
from nodion_tui.ui.log.render.display_options import DisplayOptions
from nodion_tui.ui.log.viewport.viewport import LogViewport
from nodion_tui.ui.wall.tile_actions import Scroll, TileActions
from nodion_tui.ui.wall.tile_pages import TilePages

ROOM = 4


class Keys:
    """The keys of a wall with tiles two by two, and the log of the current tile."""

    def __init__(self, count: int) -> None:
        self.runs = tuple(RunKey("runner", str(number)) for number in range(count))
        self.pages = TilePages()
        self.pages.fill(self.runs, ROOM)
        log = LogBuffer()
        log.extend([LogLine(str(number), "x" * 90) for number in range(100)])
        self.viewport = LogViewport(log, DisplayOptions(wrap=False))
        self.viewport.set_size(40, 10)
        self.viewport.sync()
        self.scrolled = 0
        self.actions = TileActions(
            self.pages,
            lambda: (120, 33),
            show=lambda: self.pages.fill(self.runs, ROOM),
            show_cursor=lambda: None,
            scroll=self._scroll,
        )

    def _scroll(self, scroll: Scroll) -> None:
        self.scrolled += 1
        scroll(self.viewport)


def test_from_tile_to_tile_and_not_over_the_edge() -> None:
    keys = Keys(4)
    way = []
    for action in ("right", "right", "down", "left", "up", "up"):
        getattr(keys.actions, f"action_{action}")()
        way.append(keys.pages.cursor)
    assert way == [1, 1, 3, 2, 0, 0]
    keys.actions.action_last()
    assert keys.pages.cursor == 3
    keys.actions.action_next_tile()
    assert keys.pages.cursor == 0
    keys.actions.action_previous_tile()
    assert keys.pages.cursor == 3
    keys.actions.action_first()
    assert keys.pages.cursor == 0
    assert keys.scrolled == 0


def test_pages_turn_and_stop_at_the_ends() -> None:
    keys = Keys(6)
    keys.actions.action_page_down()
    assert keys.pages.keys == keys.runs[4:]
    keys.actions.action_page_down()
    assert keys.pages.keys == keys.runs[4:]
    keys.actions.action_page_up()
    assert keys.pages.keys == keys.runs[:4]


def test_in_a_zoomed_tile_the_same_keys_scroll_its_log() -> None:
    keys = Keys(6)
    keys.actions.action_zoom()
    end, viewport = keys.viewport.top.index, keys.viewport
    seen = []
    for action in ("page_up", "right", "left", "first", "page_down", "last"):
        getattr(keys.actions, f"action_{action}")()
        seen.append((viewport.top.index, viewport.first_column, viewport.follow))
    assert seen == [
        (end - 9, 0, False),
        (end - 9, 8, False),
        (end - 9, 0, False),
        (0, 0, False),
        (9, 0, False),
        (end, 0, True),
    ]
    assert keys.pages.cursor == 0
    assert keys.pages.keys == keys.runs[:4]


def test_in_a_zoomed_tile_up_and_down_go_from_line_to_line() -> None:
    keys = Keys(6)
    keys.actions.action_zoom()
    keys.actions.action_first()
    lines = []
    for action in ("down", "down", "up"):
        getattr(keys.actions, f"action_{action}")()
        lines.append(keys.viewport.cursor)
    assert lines == [1, 2, 1]


def test_the_next_tile_of_a_zoomed_one_is_zoomed() -> None:
    keys = Keys(3)
    zoomed = []
    for action in ("zoom", "next_tile", "previous_tile", "previous_tile", "zoom"):
        getattr(keys.actions, f"action_{action}")()
        zoomed.append(keys.pages.zoomed)
    assert zoomed == [keys.runs[0], keys.runs[1], keys.runs[0], keys.runs[2], None]


def test_following_again_needs_no_zoom() -> None:
    keys = Keys(2)
    keys.viewport.to_start()
    keys.actions.action_follow()
    assert keys.viewport.follow


def test_keys_of_an_empty_wall_do_nothing() -> None:
    keys = Keys(0)
    for name in dir(keys.actions):
        if name.startswith("action_") and name not in {"action_follow", "action_mark"}:
            getattr(keys.actions, name)()
    assert (keys.pages.current, keys.pages.zoomed, keys.scrolled) == (None, None, 0)
