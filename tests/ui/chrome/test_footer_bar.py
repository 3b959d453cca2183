"""The footer names keys that do what it says."""

from typing import TYPE_CHECKING

from nodion_tui.config import Profile

if TYPE_CHECKING:
    from tests.ui.conftest import Open


async def test_of_two_commands_on_one_key_the_one_that_it_runs_is_named(
    profile: Profile, open_board: "Open"
) -> None:
    async with open_board(profile, (120, 30), keys={"pane.zoom": "t"}) as board:
        await board.sees("up to date")
        footer = board.text.rstrip().splitlines()[-1]
        assert "t zoom" in footer
        assert "trigger" not in footer
