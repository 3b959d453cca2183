"""`B` on a run: its end is told, wherever one is then; a failure stays and leads to its run."""

from collections.abc import Callable

from msgspec.structs import replace

from nodion_tui.api.client import NodionClient
from nodion_tui.config import KeySource, Profile, Source
from nodion_tui.model.notify_rule import NotifyChannel, NotifyRule
from nodion_tui.model.run import Run, RunKey
from nodion_tui.model.runner import short_id
from nodion_tui.model.trigger import TriggerRequest
from nodion_tui.monitor.notify.awaited_runs import AwaitedKeys
from tests.support.onscreen import OnScreen, on_screen
from tests.ui.notify.test_rules import failed

RunnerId = Callable[[str], str]
FAILURES = NotifyRule(name="bad", status=frozenset({"failed"}))


async def fail(shown: OnScreen, client: NodionClient, runner: str) -> Run:
    """A run that fails while the app is open, and the toast of it."""
    run = await failed(client, runner)
    shown.ask_for(runner)
    await shown.until(lambda: f"run {short_id(run.id)}" in toasts(shown), "the toast")
    return run


def toasts(shown: OnScreen) -> str:
    return "\n".join(f"{toast.title}: {toast.message}" for toast in shown.app._notifications)


async def test_the_end_is_told_in_another_mode(
    profile: Profile, client: NodionClient, runner_id: RunnerId
) -> None:
    waiting = runner_id("Until stopped")
    run = await client.trigger(waiting, TriggerRequest())
    async with on_screen(profile, tell=frozenset(NotifyChannel)) as shown:
        await shown.sees("● running")
        await shown.press("tab", "B")
        await shown.sees("● running ♪", "♪ when it ends", "B don't notify", " ♪ ─")
        await shown.press("B")
        await shown.sees("will not be notified")
        assert "● running ♪" not in shown.text
        await shown.press("B", "3")
        await shown.sees(f"{short_id(run.id)} ♪")
        await shown.press("B", "B")  # off and on again, on the wall
        await shown.sees(f"{short_id(run.id)} ♪")
        await shown.press("2")
        await client.stop(*run.key)
        shown.ask_for(waiting)
        await shown.sees("Until stopped canceled", "awaited", "O shows it")
        monitor = shown.app.watcher.monitor
        assert monitor is not None
        assert not monitor.awaited
        await shown.press("1", "tab", "B")
        await shown.sees("already ended: canceled")


async def test_a_failure_stays_until_its_run_is_read(
    profile: Profile, client: NodionClient, runner_id: RunnerId
) -> None:
    failing = runner_id("Failing")
    async with on_screen(profile, rules=[FAILURES]) as shown:
        await shown.sees("up to date")
        runs = [await fail(shown, client, failing) for _ in range(2)]
        assert min(toast.time_left for toast in shown.app._notifications) > 86_400
        await shown.press("3", "O")
        await shown.sees(f"Log · {short_id(runs[1].id)}")
        assert short_id(runs[1].id) not in toasts(shown)
        assert short_id(runs[0].id) in toasts(shown)
        await shown.press("O")
        await shown.sees(f"Log · {short_id(runs[0].id)}")
        await shown.until(lambda: not toasts(shown), "no toast")
        await shown.press("O")
        await shown.sees("No notification leads to a run")


async def test_many_failures_cover_neither_the_screen_nor_the_buttons_of_a_dialog(
    profile: Profile, client: NodionClient, runner_id: RunnerId
) -> None:
    run = await client.trigger(runner_id("Until stopped"), TriggerRequest())
    async with on_screen(profile, size=(80, 24), rules=[FAILURES]) as shown:
        await shown.sees("● running")
        for _ in range(3):
            await fail(shown, client, runner_id("Failing"))
        monitor = shown.app.watcher.monitor
        assert monitor is not None
        shown.app.dashboard.show_run(run)
        await shown.press("X")
        await shown.sees("Keep", "Stop")
        await shown.press("escape")
        await failed(client, runner_id("Failing"))
        shown.ask_for(runner_id("Failing"))
        await shown.sees("4 runs need attention")
        assert toasts(shown).count("need attention") == 1
        await shown.press("backspace")
        await shown.until(lambda: "need attention" not in shown.text, "no toast")
        await shown.press("O")
        await shown.sees("✗ failed")


async def test_a_command_that_fails_is_told_once_with_its_last_line(
    profile: Profile, client: NodionClient, runner_id: RunnerId
) -> None:
    command = ("sh", "-c", "echo no route to the pager; exit 7")
    rule = NotifyRule(name="pager", status=frozenset({"failed"}), command=command)
    async with on_screen(profile, rules=[rule]) as shown:
        await shown.sees("up to date")
        for _ in range(2):
            await fail(shown, client, runner_id("Failing"))
            await shown.until(lambda: "no route to the pager" in toasts(shown), "the last line")
        assert toasts(shown).count("sh failed: exit 7: no route to the pager") == 1


async def test_awaited_runs_wait_while_another_profile_is_watched(
    profile: Profile, client: NodionClient, runner_id: RunnerId
) -> None:
    run = await client.trigger(runner_id("Until stopped"), TriggerRequest())
    file = Source("file", "config.toml", 3)
    other, back = (
        replace(profile, name=name, key_source=KeySource("command", file, argv=("echo", "k")))
        for name in ("other", "test")
    )
    key = profile.key.reveal() if profile.key else ""
    back = replace(back, key_source=KeySource("command", file, argv=("echo", key)))
    async with on_screen(profile, profiles=(back, other)) as shown:
        await shown.sees("● running")
        await shown.press("tab", "B")
        await shown.sees("● running ♪")
        await shown.press("P")
        await shown.sees("╭─ Profiles")
        await shown.press("2")
        await shown.sees("Notifications of test come when you switch back")
        await client.stop(*run.key)
        await shown.press("P")
        await shown.sees("╭─ Profiles")
        await shown.press("1")
        await shown.sees("Until stopped canceled", "awaited")


async def test_an_awaited_run_that_is_not_listed_is_told(
    profile: Profile, runner_id: RunnerId
) -> None:
    async with on_screen(profile) as shown:
        await shown.sees("up to date")
        monitor = shown.app.watcher.monitor
        assert monitor is not None
        gone = RunKey(runner_id("Hello"), "deadbeef-0000")
        monitor.awaited.take_over(AwaitedKeys(frozenset({gone})))
        shown.app.notifier.tick()
        await shown.sees("Run deadbeef is no longer listed")
        assert not monitor.awaited
