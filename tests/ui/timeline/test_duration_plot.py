"""The plot of a runner with many runs, in the app."""

import pytest

from nodion_tui.config import Profile, Secret
from tests.support.canned import Canned, CannedService, run, runner
from tests.support.onscreen import on_screen

BUSY = runner(1, "Every minute")
MANY = Canned(
    runners=[BUSY],
    runs={
        BUSY["id"]: [
            run(number, "succeeded" if number % 20 else "failed", 60.0 * number, 30 + number % 7)
            for number in range(1, 200)
        ]
    },
)


@pytest.mark.parametrize(
    ("ascii_only", "succeeded", "failed"), [(False, "⠶", "✗"), (True, "+", "x")]
)
async def test_many_runs_are_dots_except_in_ascii_and_failures_stay_signs(
    *, ascii_only: bool, succeeded: str, failed: str
) -> None:
    async with CannedService(MANY) as service:
        profile = Profile(name="test", api_url=service.url, key=Secret("a-key"))
        async with on_screen(profile, (120, 36), ascii_only=ascii_only) as shown:
            await shown.until(lambda: len(shown.app.dashboard.lists.runs.items) >= 1, "runs")
            await shown.press("2")
            await shown.sees(f"{succeeded} succeeded", f"{failed} failed", "Durations")
            top = next(y for y, line in enumerate(shown.lines) if "Durations" in line)
            plot = [line.partition(f"{succeeded} succeeded")[0] for line in shown.lines[top:]]
            signs = set("".join(plot))
            assert failed in signs
            assert any("⠀" < sign <= "⣿" for sign in signs) is not ascii_only
            assert "✓" not in signs
