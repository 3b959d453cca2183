"""A regular runner that did not run when due is told in every place that shows runners."""

from datetime import timedelta

import pytest
from textual import events

from nodion_tui.config import Profile, Secret
from tests.support.canned import Canned, CannedService, run, runner
from tests.support.onscreen import on_screen

HOUR = 3600.0
NIGHTLY, BY_HAND = runner(1, "Nightly ETL"), runner(2, "By hand")
RUNS = {
    NIGHTLY["id"]: [run(number, "succeeded", (31 + 24 * number) * HOUR, 60) for number in range(9)],
    BY_HAND["id"]: [run(20 + n, "failed", ago * HOUR, 60) for n, ago in enumerate((30, 31, 70))],
}


async def test_a_missed_run_is_told_everywhere() -> None:
    async with CannedService(Canned(runners=(NIGHTLY, BY_HAND), runs=RUNS)) as service:
        profile = Profile(name="test", api_url=service.url, key=Secret("key"))
        async with on_screen(profile, size=(180, 40)) as shown:
            await shown.sees("◷ 1 overdue", "◷ 31h", "Runs · All runners · 12")
            await shown.press("tab", "/", *"overdue:yes", "enter")
            await shown.sees("9 found")
            await shown.sees("every 24 h (9 runs), last 31 h", "overdue by 7 h")

            monitor = shown.app.watcher.monitor
            assert monitor is not None
            with pytest.MonkeyPatch.context() as patch:
                # As before it was due.
                patch.setattr(monitor.due, "rhythm", lambda _runner_id: None)
                await shown.sees("0 found")
            await shown.sees("9 found", "◷ 31h")

            away = shown.app.notifier._away
            shown.app.post_message(events.AppBlur())
            await shown.until(lambda: away._blurred_at is not None, "the blur")
            assert away._blurred_at is not None
            away._blurred_at -= timedelta(hours=6).total_seconds()
            shown.app.post_message(events.AppFocus())
            await shown.sees("While you were away (since", "1 overdue. Press A for the list.")
            await shown.press("A")
            await shown.sees("1  ◷ Nightly ETL", "overdue  last run 31 h ago")
            await shown.press("escape", "2")
            await shown.sees("◷╌╌╌")
