"""The frame of a tile: the cursor of the wall comes before how the run ended."""

import msgspec
import pytest

from nodion_tui.model.run import Run
from nodion_tui.ui.wall.tile_text import frame_look


@pytest.mark.parametrize(
    ("status", "focused", "unfocused"),
    [
        ("running", "bar", "bar-blurred"),
        ("succeeded", "bar", "succeeded"),
        ("failed", "bar", "failed"),
    ],
)
def test_the_focus_is_seen_when_the_run_has_ended_too(
    run: Run, status: str, focused: str, unfocused: str
) -> None:
    ended = msgspec.structs.replace(run, status=status)
    assert frame_look(ended, focused=True) == focused
    assert frame_look(ended, focused=False) == unfocused
