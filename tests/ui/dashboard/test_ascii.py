from typing import TYPE_CHECKING

import pytest

from nodion_tui.api.client import NodionClient
from nodion_tui.config import Profile
from nodion_tui.model.trigger import TriggerRequest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.ui.conftest import Open


@pytest.mark.parametrize("size", [(120, 36), (80, 24), (40, 10)])
async def test_nothing_but_ascii_is_painted(
    size: tuple[int, int],
    profile: Profile,
    client: NodionClient,
    runner_id: "Callable[[str], str]",
    open_board: "Open",
) -> None:
    for _ in range(12):
        await client.trigger(runner_id("Hello"), TriggerRequest(argv=("echo", "日本 é ✗")))
    async with open_board(profile, size, ascii_only=True) as board:
        await board.until(lambda: board.dashboard.lists.runs.row_count == 12, "the runs")
        for keys in (["tab"], ["/", "h", "escape"], ["z"], ["escape"], ["?"], ["escape"], ["t"]):
            await board.press(*keys)
            assert board.text.isascii(), [line for line in board.lines if not line.isascii()]
