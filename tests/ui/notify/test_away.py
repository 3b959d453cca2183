"""While the terminal is unfocused: missed runs are reported, and polling is paused."""

from collections.abc import Callable
from datetime import timedelta

from textual import events

from nodion_tui.api.client import NodionClient
from nodion_tui.config import Profile
from nodion_tui.model.notify_rule import NotifyRule
from nodion_tui.model.trigger import TriggerRequest
from tests.support.onscreen import OnScreen, on_screen

RunnerId = Callable[[str], str]
NONE = TriggerRequest()
HOUR = timedelta(hours=1)


async def leave(shown: OnScreen, ago: timedelta = timedelta()) -> None:
    """Blur the terminal, as if it had happened `ago`."""
    shown.app.post_message(events.AppBlur())
    away = shown.app.notifier._away
    await shown.until(lambda: away._blurred_at is not None, "the blur")
    assert away._blurred_at is not None
    away._blurred_at -= ago.total_seconds()


async def test_what_was_missed_is_told_and_can_be_gone_to(
    profile: Profile, client: NodionClient, runner_id: RunnerId
) -> None:
    async with on_screen(profile) as shown:
        await shown.sees("Failing", "up to date")
        await leave(shown, ago=HOUR)
        await client.trigger(runner_id("Failing"), NONE)
        shown.ask_for(runner_id("Failing"))
        await shown.sees("✗ 1 failed today")
        shown.app.post_message(events.AppFocus())
        await shown.sees("While you were away (since", "1 failed. Press A for the list.")
        await shown.press("A")
        await shown.sees("1  ✗ Failing", "failed  exit 3")
        await shown.press("1")
        await shown.sees("✗ failed", "oops")
        assert "While you were away" not in shown.text
        await shown.press("A")
        await shown.sees("While you were away", "1  ✗ Failing")


async def test_what_is_told_of_missed_runs_stands_in_columns(
    profile: Profile, client: NodionClient, runner_id: RunnerId
) -> None:
    async with on_screen(profile) as shown:
        await shown.sees("Failing", "up to date")
        await leave(shown, ago=HOUR)
        for name in ("Failing", "Hello"):
            await client.trigger(runner_id(name), NONE)
            shown.ask_for(runner_id(name))
        await shown.sees("✗ failed", "✓ succeeded")
        shown.app.post_message(events.AppFocus())
        await shown.sees("1 failed, 1 succeeded. Press A for the list.")
        await shown.press("A")
        await shown.sees("1  ✗ Failing", "2  ✓ Hello", ": 1 failed, 1 succeeded ─")
        rows = [row for row in shown.text.split("\n") if "1  ✗ " in row or "2  ✓ " in row]
        assert len({row.rindex("exit ") for row in rows}) == 1


async def test_a_glance_aside_is_no_absence(profile: Profile) -> None:
    async with on_screen(profile) as shown:
        await shown.sees("Failing", "up to date")
        await leave(shown)
        shown.app.post_message(events.AppFocus())
        await shown.press("A")
        await shown.sees("Nothing to report: you have not been away for 2 min.")


async def test_polling_rests_after_long_and_goes_on_at_once(
    profile: Profile, client: NodionClient, runner_id: RunnerId
) -> None:
    async with on_screen(profile, pause_after=HOUR) as shown:
        await shown.sees("Failing", "up to date")
        await leave(shown, ago=HOUR)
        shown.app.notifier.tick()
        await shown.sees("paused")
        await client.trigger(runner_id("Failing"), NONE)
        shown.app.post_message(events.AppFocus())
        await shown.sees("✗ failed", "While you were away")
        assert "paused" not in shown.text


async def test_with_rules_polling_never_rests(profile: Profile) -> None:
    async with on_screen(profile, pause_after=HOUR, rules=[NotifyRule()]) as shown:
        await shown.sees("Failing", "up to date")
        await leave(shown, ago=2 * HOUR)
        shown.app.notifier.tick()
        assert shown.app.watcher.monitor is not None
        assert not shown.app.watcher.monitor.poller.paused


async def test_while_a_run_is_awaited_polling_does_not_rest(
    profile: Profile, client: NodionClient, runner_id: RunnerId
) -> None:
    run = await client.trigger(runner_id("Until stopped"), NONE)
    async with on_screen(profile, pause_after=HOUR) as shown:
        await shown.sees("● running", "up to date")
        monitor = shown.app.watcher.monitor
        assert monitor is not None
        monitor.awaited.toggle([run.key])
        await leave(shown, ago=2 * HOUR)
        shown.app.notifier.tick()
        assert not monitor.poller.paused
        monitor.awaited.toggle([run.key])
        shown.app.notifier.tick()
        await shown.sees("paused")
