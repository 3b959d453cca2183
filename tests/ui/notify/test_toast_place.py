"""Where toasts stand."""

from typing import TYPE_CHECKING

import pytest

from nodion_tui.config import Profile
from nodion_tui.ui.notify.run_toasts import MAX_SINGLE_NOTICES

if TYPE_CHECKING:
    from tests.ui.conftest import Open


@pytest.mark.parametrize("size", [(40, 10), (80, 24), (100, 30), (120, 36), (200, 50)])
@pytest.mark.parametrize("count", [1, MAX_SINGLE_NOTICES])
async def test_toasts_leave_title_footer_and_the_end_of_the_log_in_sight(
    profile: Profile, open_board: "Open", size: tuple[int, int], count: int
) -> None:
    async with open_board(profile, size) as board:
        await board.until(lambda: board.dashboard.log_slot.pane is not None, "the log")
        await board.sees("up to date")
        footer = board.lines[-1]
        for number in range(1, count + 1):
            board.app.notify(f"toast {number}.", timeout=60)
            await board.sees(f"toast {number}.")
        assert "up to date" in board.lines[0]
        assert board.lines[-1] == footer
        assert not any("toast" in line for line in board.lines[2 + 2 * count :]), "the log"
