"""The key that goes through failures, on the real engine."""

from typing import TYPE_CHECKING

from nodion_tui.api.client import NodionClient
from nodion_tui.config import Profile
from nodion_tui.model.line_pattern import LinePattern
from nodion_tui.model.trigger import TriggerRequest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.ui.conftest import Open


async def test_one_key_goes_to_the_first_error_of_each_failure_from_any_mode(
    profile: Profile,
    client: NodionClient,
    runner_id: "Callable[[str], str]",
    open_board: "Open",
) -> None:
    script = "seq 400; echo 'ERROR number {}'; seq 400; echo 'ERROR last'; exit 4"
    for number in (1, 2):
        await client.trigger(
            runner_id("Hello"), TriggerRequest(command=script.replace("{}", str(number)))
        )
    await client.trigger(runner_id("Hello"), TriggerRequest(argv=("echo", "fine")))
    async with open_board(profile) as board:
        await board.sees("Runs · All runners · 3")
        monitor = board.dashboard.monitor
        assert monitor is not None
        await board.until(lambda: not monitor.runs.active, "their ends")
        await board.press("3")
        await board.sees("Wall")
        await board.press("f")
        await board.sees("ERROR number 2", " 400", " 1 ")
        await board.press("f")
        await board.sees("ERROR number 1")
        await board.press("f")
        await board.sees("ERROR number 2")


async def test_the_first_error_may_be_what_a_pattern_of_ones_own_shows_as_one(
    profile: Profile,
    client: NodionClient,
    runner_id: "Callable[[str], str]",
    open_board: "Open",
) -> None:
    script = "seq 200; echo over quota; seq 300 500; exit 4"
    await client.trigger(runner_id("Hello"), TriggerRequest(command=script))
    patterns = [LinePattern("over quota", look=frozenset({"error"}))]
    async with open_board(profile, patterns=patterns) as board:
        await board.sees("✗ failed")
        await board.press("f")
        await board.sees("over quota", " 199", " 301")
