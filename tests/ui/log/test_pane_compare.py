"""The pane on the real engine: two runs triggered, followed to their ends, and compared."""

import asyncio
import weakref
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from time import monotonic

import pytest
from textual.app import App, ComposeResult
from textual.pilot import Pilot

from nodion_tui.api.client import NodionClient
from nodion_tui.config import Profile
from nodion_tui.model.run import Run
from nodion_tui.model.trigger import TriggerRequest
from nodion_tui.monitor.monitor import Monitor
from nodion_tui.ui.dialogs.menu import Menu
from nodion_tui.ui.log.compare.compare_screen import CompareScreen
from nodion_tui.ui.log.compare.compare_view import CompareView
from nodion_tui.ui.log.pane import LogPane
from nodion_tui.ui.paint.titled_pane import TitledPane
from tests.support.keys import press


class PaneApp(App[None]):
    """An app with only a log pane."""

    CSS_PATH = None

    def compose(self) -> ComposeResult:
        yield LogPane(id="log")


@pytest.fixture
async def monitor(profile: Profile) -> AsyncIterator[Monitor]:
    watching = Monitor(profile)
    await watching.start()
    yield watching
    await watching.aclose()


Ran = Callable[[str], Awaitable[Run]]


@pytest.fixture
def ran(monitor: Monitor, client: NodionClient, runner_id: Callable[[str], str]) -> Ran:
    """Triggers a run with a command and follows it to its end."""

    async def run_it(command: str) -> Run:
        request = TriggerRequest(command=command)
        run = await monitor.run_control.trigger(runner_id("Hello"), request)
        await asyncio.wait_for(monitor.logs.get(run.key).run(), 10)
        final = await client.get_run(*run.key)
        monitor.runs.apply_run(final)
        return final

    return run_it


async def until(pilot: Pilot[None], true: Callable[[], object]) -> None:
    deadline = monotonic() + 5
    while not true():
        assert monotonic() < deadline
        await pilot.pause(0.005)


def rows(view: CompareView) -> list[str]:
    return [view.render_line(y).text.rstrip() for y in range(view.size.height)]


async def test_a_run_beside_the_last_that_succeeded(monitor: Monitor, ran: Ran) -> None:
    good = await ran("echo started at 12:00:01; echo copied 5 rows; echo all good")
    bad = await ran("echo started at 12:07:45; echo copied 7 rows; echo no; exit 3")
    app = PaneApp()
    async with app.run_test(size=(100, 24)) as pilot:
        pane = app.query_one(LogPane)
        pane.monitor = monitor
        pane.show(monitor.logs.get(bad.key), monitor.runs.run(bad.key))
        pane.view.focus()
        await press(pilot, "=")
        await until(pilot, lambda: isinstance(app.screen, Menu))
        first = app.screen.query_one("OptionList").render_line(0).text
        assert "last success before it" in first
        await press(pilot, "1")
        await until(pilot, lambda: isinstance(app.screen, CompareScreen))
        view = app.screen.query_one(CompareView)
        await until(pilot, lambda: view.virtual_size.height)
        shown = [row for row in rows(view) if row]
        logs = next(n for n, row in enumerate(shown) if "── logs ──" in row)
        assert shown[0].startswith("── what was run ──")
        assert shown[1].startswith("-command: …rted at 12:00:01; echo")
        assert "│+command: …rted at 12:07:45; echo" in shown[1]
        assert shown[2].rstrip() == " equal: entrypoint"
        shown = shown[logs + 1 :]
        assert [row[:1] for row in shown] == [" ", " ", " ", "-"]
        assert "started at 12:00:01" in shown[1]
        assert "started at 12:07:45" in shown[1]
        assert "-all good" in shown[3]
        assert "+no" in shown[3]
        await press(pilot, "l", "h", "G", "g", "ctrl+d", "ctrl+u", "n")
        assert "1 of 1 difference" in str(app.screen.query_one(TitledPane).border_subtitle)
        for _ in range(9):
            await press(pilot, "l")
        assert any(row.strip(" │") for row in rows(view)), "no further than there is anything"
        await press(pilot, "N")
        await press(pilot, "escape")
        await until(pilot, lambda: app.screen.query(LogPane))
        await press(pilot, "=")
        await until(pilot, lambda: isinstance(app.screen, Menu))
        await press(pilot, "1")
        await until(pilot, lambda: isinstance(app.screen, CompareScreen))
        again = app.screen.query_one(CompareView)
        await until(pilot, lambda: any("── logs ──" in row for row in rows(again)))
        await press(pilot, "escape")
        await until(pilot, lambda: app.screen.query(LogPane))
        compared = weakref.ref(monitor.logs.get(good.key).buffer)
        monitor.logs.clear()
        await until(pilot, lambda: compared() is None)


async def test_a_marked_run_comes_first(monitor: Monitor, ran: Ran) -> None:
    one = await ran("echo one")
    two = await ran("echo two")
    app = PaneApp()
    async with app.run_test(size=(100, 24)) as pilot:
        pane = app.query_one(LogPane)
        pane.monitor = monitor
        pane.view.focus()
        for run, key in ((one, "m"), (two, "1")):
            pane.show(monitor.logs.get(run.key), run)
            await press(pilot, "=")
            await until(pilot, lambda: isinstance(app.screen, Menu))
            await press(pilot, key)
            await until(pilot, lambda: not isinstance(app.screen, Menu))
        await until(pilot, lambda: isinstance(app.screen, CompareScreen))
        view = app.screen.query_one(CompareView)
        await until(pilot, lambda: view.virtual_size.height)
        assert any(row.startswith("-one") for row in rows(view))
        await pilot.resize_terminal(40, 10)
        titled = app.screen.query_one(TitledPane)
        await until(pilot, lambda: "Esc back" in str(titled.border_subtitle))
        assert str(titled.border_subtitle) == "1 difference · Esc back"


async def test_the_lists_are_asked_at_once_when_the_log_says_that_the_run_is_over(
    monitor: Monitor, runner_id: Callable[[str], str], tmp_path: Path
) -> None:
    over = tmp_path / "over"
    waiting = TriggerRequest(command=f"until [ -e {over} ]; do sleep 0.02; done")
    run = await monitor.run_control.trigger(runner_id("Hello"), waiting)
    monitor.accounts.first.poller._wake_up.clear()
    app = PaneApp()
    async with app.run_test(size=(100, 24)) as pilot:
        pane = app.query_one(LogPane)
        pane.monitor = monitor
        pane.show(monitor.logs.get(run.key), run)
        # Its first lines show that it is no longer pending, which causes a poll, too.
        await until(pilot, lambda: monitor.logs.get(run.key).buffer.lines > 0)
        monitor.accounts.first.poller._wake_up.clear()
        await pilot.pause()
        assert not monitor.accounts.first.poller._wake_up.is_set()
        over.touch()
        await until(pilot, monitor.accounts.first.poller._wake_up.is_set)
