"""Keys that arrive faster than the screen responds: one packet over SSH, a script, fast typing."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from textual import events
from textual.widgets import Input

from nodion_tui.api.client import NodionClient
from nodion_tui.config import Profile
from nodion_tui.model.trigger import TriggerRequest
from nodion_tui.ui.commands.help_screen import HelpScreen
from tests.support.keys import key_event

if TYPE_CHECKING:
    from tests.ui.conftest import Board, Open


def send_at_once(board: "Board", *typed: str | events.Paste) -> None:
    """Queue keys without waiting for their effects."""
    for each in typed:
        board.app.post_message(key_event(each) if isinstance(each, str) else each)


async def test_keys_of_one_packet_go_where_the_keys_before_them_lead(
    profile: Profile,
    client: NodionClient,
    runner_id: Callable[[str], str],
    open_board: "Open",
) -> None:
    for argv in (("printf", "over\ntext\n"), ("echo", "newer")):
        await client.trigger(runner_id("Hello"), TriggerRequest(argv=argv))
    async with open_board(profile) as board:
        await board.until(lambda: board.dashboard.lists.runs.row_count == 2)
        await board.sees(" newer")
        # The other run, into its log, a search there: t, e and x would be commands of the log.
        send_at_once(board, "tab", "j", "enter", "slash", *"text", "enter", "y", "i")
        await board.sees("/text 1 of 1", "36 bytes sent to the terminal's clipboard")
        assert not board.app.screen.is_modal


async def test_pasted_text_goes_into_the_search_that_the_key_before_opens(
    profile: Profile,
    client: NodionClient,
    runner_id: Callable[[str], str],
    open_board: "Open",
) -> None:
    await client.trigger(runner_id("Hello"), TriggerRequest(argv=("echo", "newer")))
    async with open_board(profile) as board:
        await board.sees(" newer", "log complete")
        send_at_once(board, "tab", "tab", "tab", "slash", events.Paste("newer"), "enter")
        await board.sees("/newer 1 of 1")


async def test_a_key_whose_widget_goes_away_holds_up_no_other(
    profile: Profile, open_board: "Open"
) -> None:
    async with open_board(profile) as board:
        await board.until(lambda: board.dashboard.log_slot.pane is not None)
        line = Input()
        await board.dashboard.mount(line)
        line.focus()
        await board.until(lambda: line.has_focus)
        line.remove()
        send_at_once(board, "a", "question_mark")
        await board.until(lambda: isinstance(board.app.screen, HelpScreen), "the help")
