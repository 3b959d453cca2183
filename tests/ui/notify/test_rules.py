"""A matching notification rule reaches the user through each of its channels."""

import asyncio
import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import msgspec

from nodion_tui.api.client import NodionClient
from nodion_tui.config import Profile
from nodion_tui.model.line_pattern import LinePattern
from nodion_tui.model.notify_rule import NotifyRule
from nodion_tui.model.run import Run, RunRecord
from nodion_tui.model.trigger import TriggerRequest
from nodion_tui.monitor.notify.lines.line_match import LineMatch
from nodion_tui.monitor.notify.rules import RunNotification
from nodion_tui.ui.notify.run_toasts import summarize_notices
from tests.support.canned import NOW, run
from tests.support.onscreen import on_screen

RunnerId = Callable[[str], str]


def notice(runner: str, status: str, number: int = 1) -> RunNotification:
    found = msgspec.convert(run(number, status, 60, None), RunRecord).run
    return RunNotification(NotifyRule(name="bad"), found, runner, NOW, None)


async def failed(client: NodionClient, runner_id: str) -> Run:
    """A finished run that failed."""
    ended = await client.trigger(runner_id, TriggerRequest())
    while not ended.is_final:
        await asyncio.sleep(0.02)
        ended = await client.get_run(*ended.key)
    return ended


async def test_a_failure_is_told_in_every_mode_and_given_to_the_command(
    profile: Profile, client: NodionClient, runner_id: RunnerId, tmp_path: Path
) -> None:
    told = tmp_path / "told"
    command = ("sh", "-c", 'cat > "$0.part" && mv "$0.part" "$0"', str(told))
    rule = NotifyRule(name="bad", status=frozenset({"failed"}), command=command)
    await failed(client, runner_id("Failing"))
    async with on_screen(profile, rules=[rule]) as shown:
        await shown.sees("✗ failed")
        assert not told.exists()
        await shown.press("2")
        last = await failed(client, runner_id("Failing"))
        shown.ask_for(runner_id("Failing"))
        await shown.sees("Failing failed", "exit 3")
        line = LineMatch(LinePattern("disk"), last.key, "disk is full", NOW)
        told_line = RunNotification(NotifyRule(name="disk"), last, "Failing", NOW, None, match=line)
        shown.app.notifier.toasts.show([told_line])
        await shown.sees("Failing: disk", "Failing failed")  # a line replaces no failure
        rule = NotifyRule(name="slow", longer_than=timedelta())
        run = await client.trigger(runner_id("Hello"), TriggerRequest())
        shown.app.notifier.toasts.show([RunNotification(rule, run, "Hello", NOW, None)])
        await shown.sees("Hello still ")
        shown.ask_for(runner_id("Hello"))
        await shown.until(lambda: "Hello still " not in shown.text, "its end")
        await shown.until(told.exists, "the command")
        assert json.loads(told.read_text())["run"]["id"] == last.id


async def test_the_end_of_a_run_that_was_started_here_is_told_without_a_rule(
    profile: Profile, client: NodionClient, runner_id: RunnerId
) -> None:
    async with on_screen(profile) as shown:
        await shown.sees("up to date")
        await failed(client, runner_id("Failing"))
        monitor = shown.app.watcher.monitor
        assert monitor is not None
        await monitor.run_control.trigger(runner_id("Failing"), TriggerRequest())
        shown.ask_for(runner_id("Failing"))
        await shown.sees("Failing failed", "started here")
        assert monitor.run_control.started_here == set()
        toasts = [str(notice.message) for notice in shown.app._notifications]
        assert len([text for text in toasts if "started here" in text]) == 1


def test_many_at_once_are_told_as_one() -> None:
    notices = [
        notice(f"Job {number}", "failed" if number else "succeeded", number) for number in range(6)
    ]
    assert summarize_notices(notices[:2]) == [
        ("Job 0 succeeded", "exit 0 · run e0000000 · bad", False),
        ("Job 1 failed", "exit 1 · run e0000001 · bad", True),
    ]
    assert summarize_notices(notices) == [
        ("6 runs, 5 need attention", "Job 1, Job 2, Job 3 and 2 more", True)
    ]
