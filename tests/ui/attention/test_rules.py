"""A rule that becomes true of a run reaches a person, however the rule wants it."""

import json
from collections.abc import Callable
from pathlib import Path

from nodion_tui.api.client import NodionClient
from nodion_tui.config import Profile
from nodion_tui.model.rule import Rule
from nodion_tui.model.trigger import TriggerRequest
from tests.support.onscreen import on_screen

RunnerId = Callable[[str], str]


async def test_a_failure_is_told_in_every_mode_and_given_to_the_command(
    profile: Profile, client: NodionClient, runner_id: RunnerId, tmp_path: Path
) -> None:
    told = tmp_path / "told"
    command = ("sh", "-c", 'cat > "$0.part" && mv "$0.part" "$0"', str(told))
    rule = Rule(name="bad", status=frozenset({"failed"}), command=command)
    await client.trigger(runner_id("Failing"), TriggerRequest())
    async with on_screen(profile, rules=[rule]) as shown:
        await shown.sees("✗ failed 3")
        assert not told.exists()
        await shown.press("2")
        run = await client.trigger(runner_id("Failing"), TriggerRequest())
        await shown.press("r")
        await shown.sees("Failing failed", "exit 3")
        await shown.until(told.exists, "the command")
        assert json.loads(told.read_text())["run"]["id"] == run.id
