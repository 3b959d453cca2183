"""The wall screen: the tails of the logs of all running runs, side by side."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import ClassVar

from textual import events

from nodion_tui.ui.chrome.mode_screen import ModeScreen
from nodion_tui.ui.commands.command import Scope
from nodion_tui.ui.commands.delegate import delegate_actions
from nodion_tui.ui.commands.registry import bindings
from nodion_tui.ui.wall.wall_body import WallBody
from nodion_tui.ui.wall.wall_model import WallModel


class WallScreen(ModeScreen):
    """Tiles of running runs.

    Args:
        keymap: command id → keys, for rebound commands.
        streams: maximum number of logs that are streamed at once.
        grace: seconds that an ended run stays on the wall.
    """

    CSS_PATH = Path(__file__).with_suffix(".tcss")
    BINDINGS = bindings("wall")
    SCOPES: ClassVar[tuple[Scope, ...]] = ("wall",)

    def __init__(self, keymap: Mapping[str, str], *, streams: int, grace: float) -> None:
        self._wall = WallBody(partial(WallModel, streams=streams, grace=grace))
        super().__init__(keymap, self._wall)
        delegate_actions(self, self._wall, self._wall.tile_actions, self._wall.run_actions)

    def on_mount(self) -> None:
        """Textual: focus the board."""
        self._wall.board.focus()

    def on_resize(self, _event: events.Resize) -> None:
        """Textual: the number of tiles depends on the size."""
        self.call_after_refresh(self._wall.show)
