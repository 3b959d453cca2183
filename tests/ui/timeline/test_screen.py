"""The timeline in the app, on a service that always says the same."""

import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

import pytest
from textual.geometry import Region

from nodion_tui.config import Profile, Secret
from nodion_tui.model.run import RunKey
from nodion_tui.monitor.runs.changes import Changes
from nodion_tui.ui.timeline.axis_header import AxisHeader
from nodion_tui.ui.timeline.chart import TimelineChart
from nodion_tui.ui.timeline.detail import BarDetail
from nodion_tui.ui.timeline.duration_plot import DurationPlot
from nodion_tui.ui.timeline.screen import TimelineScreen
from nodion_tui.ui.timeline.timeline_body import TimelineBody
from tests.support.canned import Canned, CannedService, run, runner
from tests.support.onscreen import OnScreen, on_screen

BACKUP, ETL, RESIZE = (
    runner(1, "Database Backup"),
    runner(2, "Nightly ETL"),
    runner(3, "Image resize"),
)
WORLD = Canned(
    runners=[BACKUP, ETL, RESIZE],
    runs={
        BACKUP["id"]: [
            run(1, "running", 605, None),
            run(2, "succeeded", 7_200, 270),
            run(3, "failed", 10_800, 135),
            run(4, "canceled", 15_000, 420),
        ],
        ETL["id"]: [run(10 + n, "succeeded", 3_000 + 86_400 * n, 600) for n in range(6)],
    },
)


@asynccontextmanager
async def timeline(
    world: Canned = WORLD, size: tuple[int, int] = (120, 36), **options: Any
) -> AsyncIterator[OnScreen]:
    """The app with the timeline in front."""
    async with CannedService(world) as service:
        profile = Profile(name="test", api_url=service.url, key=Secret("a-key"))
        async with on_screen(profile, size, **options) as shown:
            await shown.until(lambda: len(shown.app.dashboard.lists.runs.items) >= 1, "runs")
            await shown.press("2")
            await shown.sees("Timeline", "now")
            yield shown


def screen_of(shown: OnScreen) -> TimelineScreen:
    assert isinstance(shown.app.screen, TimelineScreen)
    return shown.app.screen


def chart_of(shown: OnScreen) -> TimelineChart:
    return screen_of(shown).query_one(TimelineChart)


def line_with(shown: OnScreen, word: str) -> str:
    return next(line for line in shown.lines if word in line)


async def test_bars_and_figures_of_every_runner() -> None:
    async with timeline() as shown:
        await shown.sees("RUNNER", "RUNS", "OK", "P50", "P95", "COST")
        await shown.sees("Image resize")
        backup = line_with(shown, "● Database Backup")
        assert re.search(r"⊘.*✗.*✓.*●", backup)
        assert re.search(r"4 +50% +03:22 +04:23 +0\.\d+ *│?$", backup)
        assert re.search(r"1 +100% +10:00", line_with(shown, "Nightly ETL"))
        assert line_with(shown, "Image resize").count("–") == 1


async def test_another_stretch_of_time_by_a_key() -> None:
    async with timeline() as shown:
        await shown.sees("1 h [6 h] 24 h 7 d")
        await shown.press("-", "-")
        await shown.sees("[7 d]")
        assert re.search(r"6 +100% +10:00", line_with(shown, "Nightly ETL"))
        await shown.press("-")
        await shown.sees("[7 d]")
        await shown.press("+", "+", "+", "+")
        await shown.sees("[1 h]")
        assert re.search(r"1 +10", line_with(shown, "Nightly ETL"))


async def test_enter_opens_the_run_in_the_dashboard() -> None:
    async with timeline() as shown:
        await shown.sees("● running")
        await shown.press("h", "h")
        await shown.sees("✗ failed, exit 1")
        await shown.press("enter")
        await shown.until(lambda: shown.app.screen is shown.app.dashboard)
        run_id = WORLD.runs[BACKUP["id"]][2]["id"]
        await shown.until(lambda: getattr(shown.app.dashboard.current_run, "id", "") == run_id)
        await shown.sees("✗ failed", "exit code 1")
        await shown.press("2")
        await shown.sees("✗ failed, exit 1")  # as it was left


async def test_a_click_on_a_bar_opens_its_run() -> None:
    async with timeline() as shown:
        await shown.sees("Nightly ETL")
        chart = chart_of(shown)
        row = next(y for y, line in enumerate(shown.lines) if "Nightly ETL" in line)
        bar = chart._board.bars(chart._board.rows[row - chart.region.y])[-1]
        x = chart.region.x + chart.columns.bars_start + bar.start
        await shown.pilot.click(offset=(x, row))
        await shown.until(lambda: shown.app.screen is shown.app.dashboard)
        await shown.until(
            lambda: (
                getattr(shown.app.dashboard.current_run, "id", "") == WORLD.runs[ETL["id"]][0]["id"]
            )
        )


async def test_a_click_beside_the_bars_chooses_the_runner() -> None:
    async with timeline() as shown:
        await shown.sees("Nightly ETL")
        row = next(y for y, line in enumerate(shown.lines) if "Image resize" in line)
        await shown.pilot.click(offset=(8, row))
        await shown.sees("Image resize has no run in this time range.")
        assert isinstance(shown.app.screen, TimelineScreen)


async def test_rows_and_bars_by_keys_and_a_plot_of_the_runner_under_the_cursor() -> None:
    async with timeline() as shown:
        await shown.sees("Durations · Database Backup", "p95")
        await shown.sees(" 5 min", "✓ succeeded  ", "✗ failed  ", "● running  ")
        await shown.press("j")
        await shown.sees("Image resize has no run", "No run started in this time range.")
        await shown.press("j")
        await shown.sees("Durations · Nightly ETL")
        await shown.press("g")
        await shown.sees("Durations · Database Backup")
        await shown.press("p")
        await shown.until(lambda: "Durations" not in shown.text)
        await shown.press("G")
        assert (runner := chart_of(shown).current_runner) is not None
        assert runner.name == "Nightly ETL"


async def test_idle_runners_go_and_come_back() -> None:
    async with timeline() as shown:
        await shown.sees("Image resize")
        await shown.press("a")
        await shown.until(lambda: "Image resize" not in shown.text)
        await shown.sees("idle runners hidden")
        await shown.press("a")
        await shown.sees("Image resize")


async def test_ways_back_and_between_the_modes() -> None:
    async with timeline() as shown:
        mode = screen_of(shown)
        await shown.press("2")
        assert shown.app.screen is mode
        for key in ("1", "escape", "q"):
            await shown.press(key)
            await shown.until(lambda: shown.app.screen is shown.app.dashboard, key)
            await shown.press("2")
            await shown.until(lambda: shown.app.screen is mode, "the same screen again")
        await shown.press("3")
        await shown.sees("Wall")
        await shown.press("2")
        await shown.sees("Timeline")
        await shown.press("?")
        await shown.sees("Keys", "Timeline")
        await shown.press("2")
        await shown.sees("Keys")
        await shown.press("escape")
        await shown.until(lambda: shown.app.screen is mode)


async def test_the_palette_leads_to_every_mode() -> None:
    async with timeline() as shown:
        await shown.press("ctrl+p")
        await shown.press(*"wall")
        await shown.sees("Wall  3")
        await shown.press("enter")
        await shown.sees("Wall · ")
        await shown.press("ctrl+p")
        await shown.press(*"dashb")
        await shown.sees("Dashboard  1")
        await shown.press("enter")
        await shown.until(lambda: shown.app.screen is shown.app.dashboard)


async def test_nothing_is_painted_without_a_change(monkeypatch: pytest.MonkeyPatch) -> None:
    async with timeline() as shown:
        await shown.sees("Durations · Database Backup", "p95")
        screen = screen_of(shown)
        painted: list[tuple[Region, ...]] = []
        for widget_type in (TimelineChart, DurationPlot, AxisHeader, BarDetail):

            def note(*regions: Region, **_: bool) -> object:
                painted.append(regions)
                return None

            monkeypatch.setattr(screen.query_one(widget_type), "refresh", note)
        body = screen.body
        assert isinstance(body, TimelineBody)
        shown_at = body._model.now
        monkeypatch.setattr(body, "_now", lambda: shown_at)
        for _ in range(5):
            body.tick()
            body.update()
        assert painted == []
        same_run = RunKey(BACKUP["id"], "as-before")
        body.note_changes(Changes(runs=frozenset({same_run}), runners_changed=True))
        body.update()
        assert painted == []


async def test_what_has_changed_behind_another_mode_is_shown_on_return() -> None:
    runs = dict(WORLD.runs)
    async with timeline(Canned(runners=WORLD.runners, runs=runs)) as shown:
        monitor = shown.app.watcher.monitor
        assert monitor is not None
        assert line_with(shown, "Image resize").count("–") == 1
        await shown.press("1")
        runs[RESIZE["id"]] = [run(30, "succeeded", 3_000, 600)]
        shown.ask_for(RESIZE["id"])
        await shown.until(lambda: monitor.runs.runs_of(RESIZE["id"]), "the new run")
        await shown.press("2")
        await shown.until(lambda: "100%" in line_with(shown, "Image resize"))


async def test_only_visible_rows_are_worked_out() -> None:
    many = Canned(
        runners=[runner(number, f"runner {number:03}") for number in range(500)],
        runs={},
    )
    async with CannedService(many) as service:
        profile = Profile(name="test", api_url=service.url, key=Secret("a-key"))
        async with on_screen(profile) as shown:
            await shown.until(lambda: len(shown.app.dashboard.lists.runners.items) == 501)
            await shown.press("2")
            await shown.sees("runner 000")
            chart = chart_of(shown)
            assert chart.row_count == 500
            assert 0 < len(chart._board._charts) <= chart.size.height
            await shown.press("G")
            await shown.sees("runner 499")
            assert len(chart._board._charts) <= 3 * chart.size.height


@pytest.mark.parametrize("size", [(40, 10), (80, 24), (300, 100)])
async def test_every_size(size: tuple[int, int]) -> None:
    async with timeline(size=size) as shown:
        await shown.sees("Database", "●")
        assert all(len(line) <= size[0] for line in shown.lines)
        await shown.press("p", "j", "p")
        await shown.sees("Timeline")
        detail = next(line for line in reversed(shown.lines) if " · " in line)
        assert not re.search(r"[\d:]…", detail), "no figure is cut"


async def test_in_ascii_nothing_else_is_painted() -> None:
    async with timeline(ascii_only=True) as shown:
        await shown.sees("Durations - Database Backup", "p95", "* running")
        assert shown.text.isascii()


async def test_hostile_names_are_inert() -> None:
    evil = runner(9, "a\x1b[31m\x1b]0;t\x07 [b]x[/b]\u202e")
    world = Canned(runners=[evil], runs={evil["id"]: [run(9, "fai\x1bled", 600, 60)]})
    async with timeline(world) as shown:
        await shown.sees("[b]x[/b]")
        assert not set(shown.text) & {"\x1b", "\x07", "\u202e"}


async def test_another_profile_leaves_nothing_of_the_one_before() -> None:
    other = Canned(runners=[runner(7, "Elsewhere")], runs={})
    async with timeline() as shown, CannedService(other) as service:
        await shown.sees("Database Backup", "● running")
        shown.app.on_demand.profile_chooser.connect(
            Profile(name="other", api_url=service.url, key=Secret("a-key"))
        )
        await shown.sees("Elsewhere", "has no run in this time")
        assert "Database Backup" not in shown.text
        assert "● running" not in shown.text


async def test_everything_fits_another_size_before_time_goes_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with timeline() as shown:
        chart = chart_of(shown)
        await shown.sees("Durations", "┬")
        monkeypatch.setattr(screen_of(shown), "tick", lambda: None)
        for size in ((160, 44), (120, 36)):
            before = chart.columns
            await shown.pilot.resize_terminal(*size)
            await shown.until(partial(_differs, lambda: chart.columns, before), "the width")
            await shown.pilot.pause()
            end = 1 + chart.columns.bars_start + chart.columns.bars_width
            plot_axis = line_with(shown, "┬")
            assert plot_axis.rstrip(" │").rfind("─") == end - 1, "the plot"
            now_line = line_with(shown, "Image resize").index("│", 1)
            assert abs(line_with(shown, "RUNNER").index("now") + 1 - now_line) <= 1, "the labels"


def _differs(current: Callable[[], object], before: object) -> bool:
    return current() != before


@pytest.mark.parametrize("key", ["down", "end", "pagedown"])
async def test_keys_move_the_cursor_where_the_rows_do_not_fit(key: str) -> None:
    async with timeline(size=(40, 10)) as shown:
        await shown.press("p")
        await shown.sees("The plot needs 18 rows.", "Database")
        first = chart_of(shown).current_runner
        await shown.press(key)
        await shown.until(
            partial(_differs, lambda: chart_of(shown).current_runner, first), "another runner"
        )
