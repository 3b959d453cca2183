"""The wall in the app, on the real engine."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest

from nodion_tui.api.client import NodionClient
from nodion_tui.config import Profile, Secret
from nodion_tui.local.engine_settings import EngineSettings
from nodion_tui.local.runners.runner_spec import RunnerSpec
from nodion_tui.model.run import Run
from nodion_tui.model.trigger import TriggerRequest
from nodion_tui.monitor.wall.feed import WallFeed
from nodion_tui.ui.log.view import LogView
from nodion_tui.ui.wall.screen import WallScreen
from nodion_tui.ui.wall.tile_board import TileBoard
from tests.support.canned import Canned, CannedService
from tests.support.onscreen import OnScreen, on_screen

WORKS = "echo ready; while :; do sleep 0.4; echo tick; done"
RUNNERS = (
    *(
        RunnerSpec(name=f"Worker {name}", image_name="test/worker", run_command=WORKS)
        for name in "ABCD"
    ),
    RunnerSpec(
        name="Fails",
        image_name="test/fails",
        run_command="echo about to fail; while [ ! -e stop ]; do sleep 0.05; done; exit 3",
    ),
    RunnerSpec(
        name="Counts",
        image_name="test/counts",
        run_command="seq -f 'line %.0f' 300; while :; do sleep 1; done",
    ),
)
ID = {spec.name: spec.api_id for spec in RUNNERS}


@pytest.fixture
def engine_settings(engine_settings: EngineSettings) -> EngineSettings:
    return replace(engine_settings, runners=RUNNERS, stop_seconds=0.3)


class Wall:
    """The wall on screen, and the service behind it."""

    def __init__(self, shown: OnScreen, client: NodionClient) -> None:
        self.shown = shown
        self.client = client

    async def start(self, *names: str) -> list[Run]:
        """Start runs, one after the other, and have the app hear of them at once."""
        started = [await self.client.trigger(ID[name], TriggerRequest()) for name in names]
        self.hear_of(started)
        return started

    async def stop(self, run: Run) -> None:
        await self.client.stop(*run.key)
        self.hear_of([run])

    def hear_of(self, runs: Sequence[Run]) -> None:
        monitor = self.shown.app.watcher.monitor
        assert monitor is not None
        monitor.poller.refresh({run.runner_id for run in runs})

    @property
    def screen(self) -> WallScreen:
        assert isinstance(self.shown.app.screen, WallScreen)
        return self.shown.app.screen

    @property
    def board(self) -> TileBoard:
        return self.screen.query_one(TileBoard)

    @property
    def tails(self) -> list[str]:
        """The upper edge of each tile, as it is painted."""
        return [tile._upper.render_line(0).text for tile in self.board.tiles]

    async def has(self, *names: str) -> None:
        """Wait until the tiles are those of these runners."""

        def they_are() -> bool:
            tails = self.tails
            return len(tails) == len(names) and all(
                name in tail for name, tail in zip(names, tails, strict=True)
            )

        await self.shown.until(they_are, f"{names}")


@asynccontextmanager
async def wall(
    profile: Profile,
    client: NodionClient,
    *names: str,
    size: tuple[int, int] = (120, 36),
    **options: Any,
) -> AsyncIterator[Wall]:
    """The app with the wall in front, and runs of these runners on it."""
    for name in names:
        run = await client.trigger(ID[name], TriggerRequest())
        while run.started_at is None:
            run = await client.get_run(*run.key)
    async with on_screen(profile, size, requests_per_minute=600, **options) as shown:
        await shown.sees(f" {len(names)} running" if names else "No runs so far.")
        await shown.press("3")
        await shown.sees("Wall ", f"{len(names)} running")
        yield Wall(shown, client)


async def test_tails_side_by_side_and_new_runs_join_by_themselves(
    profile: Profile, client: NodionClient
) -> None:
    async with wall(profile, client) as live_wall:
        await live_wall.shown.sees("Nothing is running.", "0 running")
        await live_wall.start("Worker A")
        await live_wall.has("Worker A")
        await live_wall.shown.sees("● Worker A · ", "ready", "tick", "▼ following", "1 live")
        await live_wall.start("Worker B")
        await live_wall.has("Worker A", "Worker B")
        await live_wall.shown.until(
            lambda: any(line.count("tick") == 2 for line in live_wall.shown.lines), "both tails"
        )
        await live_wall.shown.sees("● 2 running", "2 live")


async def test_a_run_that_ends_says_so_in_its_frame_and_leaves_after_a_while(
    profile: Profile, client: NodionClient, engine_settings: EngineSettings
) -> None:
    async with wall(profile, client, "Worker A", "Fails", wall_seconds=1.5) as live_wall:
        await live_wall.shown.sees("about to fail")
        tile = live_wall.board.tiles[1]
        assert tile.frame == "bar-blurred"
        assert engine_settings.data_dir is not None
        for folder in [path for path in engine_settings.data_dir.rglob("*") if path.is_dir()]:
            (folder / "stop").touch()
        await live_wall.shown.sees("✗ failed, exit 3", "1 ended")
        assert tile.frame == "failed"
        await live_wall.has("Worker A")
        await live_wall.shown.until(lambda: "ended" not in live_wall.shown.lines[-2])


async def test_what_has_ended_can_be_taken_off(profile: Profile, client: NodionClient) -> None:
    async with wall(profile, client, "Worker A") as live_wall:
        (second,) = await live_wall.start("Worker B")
        await live_wall.has("Worker A", "Worker B")
        await live_wall.stop(second)
        await live_wall.shown.sees("⊘ canceled", "x clear")
        await live_wall.shown.press("x")
        await live_wall.has("Worker A")


async def test_at_most_so_many_streams_and_the_rest_is_marked_as_polled(
    profile: Profile, client: NodionClient
) -> None:
    names = ("Worker A", "Worker B", "Worker C")
    async with wall(profile, client, *names, wall_streams=1) as live_wall:
        await live_wall.shown.sees("1 live", "2 polled every 15 s")
        polled = [line.count("polled every 15 s") for line in live_wall.shown.lines]
        assert sum(polled) == 3  # two tiles, and the row under them
        await live_wall.shown.until(lambda: all(tile.viewport for tile in live_wall.board.tiles))
        # The first line may be scrolled off by now, and the next may come after the only poll.
        await live_wall.shown.until(
            lambda: all(
                {"ready", "tick"} & {*_text(tile.view).split()} for tile in live_wall.board.tiles
            ),
            "all tails",
        )
        # The zoomed one is streamed instead of the others.
        await live_wall.shown.press("j", "z")
        await live_wall.shown.until(lambda: "polled" not in live_wall.shown.text)


def _text(view: Any) -> str:
    return "\n".join(view.render_line(y).text for y in range(view.size.height))


async def test_one_is_zoomed_and_read_and_given_back(
    profile: Profile, client: NodionClient
) -> None:
    async with wall(profile, client, "Worker A", "Counts") as live_wall:
        await live_wall.shown.sees("line 300")
        await live_wall.shown.press("l", "z")
        await live_wall.shown.until(lambda: "Worker A" not in live_wall.shown.text)
        assert "z unzoom" in live_wall.shown.text, "with the zoom, not with the next tick"
        await live_wall.shown.sees("Counts", "[zoomed]")
        await live_wall.shown.press("g")
        await live_wall.shown.sees("line 1 ", "line 20 ")
        await live_wall.shown.press("j", "pagedown")
        await live_wall.shown.until(lambda: "line 1 " not in live_wall.shown.text)
        await live_wall.shown.press("F")
        await live_wall.shown.sees("line 300", "▼ following")
        await live_wall.shown.press("k", "k")
        await live_wall.shown.sees("▼ 0 new")
        await live_wall.shown.press("tab")
        await live_wall.shown.sees("Worker A", "tick")
        assert "Counts" not in live_wall.shown.text
        await live_wall.shown.press("escape")
        await live_wall.has("Worker A", "Counts")
        await live_wall.shown.sees("line 300", "tick")
        assert "[zoomed]" not in live_wall.shown.text
        await live_wall.shown.press("escape")
        await live_wall.shown.until(
            lambda: live_wall.shown.app.screen is live_wall.shown.app.dashboard
        )


async def test_enter_opens_the_run_of_the_tile_in_the_dashboard(
    profile: Profile, client: NodionClient
) -> None:
    async with wall(profile, client, "Worker A", "Counts") as live_wall:
        shown = live_wall.shown
        await shown.sees("line 300")
        await shown.press("l", "enter")
        await shown.until(lambda: shown.app.screen is shown.app.dashboard)
        await shown.until(
            lambda: getattr(shown.app.dashboard.current_run, "runner_id", "") == ID["Counts"]
        )
        await shown.sees("line 300", "Log · ")


async def test_the_run_of_a_tile_is_stopped_and_run_again_and_searched(
    profile: Profile, client: NodionClient
) -> None:
    async with wall(profile, client, "Worker A", "Worker B") as live_wall:
        shown = live_wall.shown
        await shown.press("right", "t")
        await shown.sees("Trigger a run", "Worker B")
        await shown.press("escape")
        await live_wall.has("Worker A", "Worker B")
        await shown.press("X")
        await shown.sees("Keep running", "Worker B")
        await shown.press("tab", "enter")
        await shown.sees("⊘ canceled", "1 ended")
        await shown.press("X")
        await shown.sees("This run has already ended: canceled.")
        await shown.press("R")
        await shown.sees("Worker B", "Re-run")
        await shown.press("ctrl+j")
        await live_wall.has("Worker A", "Worker B", "Worker B")
        await shown.press("slash", *"tick", "enter")
        await shown.sees("Runs · ", "/tick")


async def test_a_line_marked_on_a_tile_is_found_in_the_log_of_the_run(
    profile: Profile, client: NodionClient
) -> None:
    async with wall(profile, client, "Counts", "Worker A") as live_wall:
        shown = live_wall.shown
        await shown.sees("line 300")
        await shown.press("m")
        await shown.sees("◆line 300", "1 mark")
        await shown.press("z", "k", "k", "m")
        await shown.sees(" line 298", "2 marks")
        await shown.press("enter")
        await shown.sees("Log · ", "◆", "line 300")
        log = shown.app.dashboard.query_one("#log-view", LogView).viewport
        await shown.press("enter", "enter", "u")
        await shown.until(lambda: log.buffer.entry(log.cursor).body == "line 298")
        await shown.press("U")
        await shown.until(lambda: log.buffer.entry(log.cursor).body == "line 300")


async def test_a_click_chooses_a_tile_and_leaves_its_log_alone(
    profile: Profile, client: NodionClient
) -> None:
    async with wall(profile, client, "Worker A", "Counts") as live_wall:
        await live_wall.shown.sees("line 300")
        second = live_wall.board.tiles[1]
        await live_wall.shown.pilot.click(offset=(second.region.x + 6, second.region.y + 6))
        assert live_wall.board.current_tile is second
        assert second.viewport is not None
        assert second.viewport.follow
        await live_wall.shown.press("h")
        assert live_wall.board.current_tile is live_wall.board.tiles[0]


async def test_nothing_is_streamed_while_another_mode_is_in_front(
    profile: Profile, client: NodionClient
) -> None:
    async with wall(profile, client, "Worker A", "Worker B") as live_wall:
        shown = live_wall.shown
        await shown.sees("2 live", "tick")
        sessions = [tile._session for tile in live_wall.board.tiles]
        tasks = [session and session._task for session in sessions]
        await shown.press("?")
        await shown.sees("Esc closes")
        assert all(tasks)
        assert [session and session._task for session in sessions] == tasks, "below a dialog"
        await shown.press("escape", "2")
        await shown.sees("Timeline")
        # The dashboard still follows the run that is selected there, and nobody any other.
        await shown.until(lambda: sum(bool(session and session._task) for session in sessions) <= 1)
        await shown.press("3")
        await shown.sees("2 live", "tick")
        assert [tile._session for tile in live_wall.board.tiles] == sessions
        # A session that is come back to asks only for what is new: no line is there twice.
        await shown.until(lambda: all(session and session._task for session in sessions))
        for session in sessions:
            assert session is not None
            entries = session.buffer.entries(session.buffer.first, session.buffer.end)
            assert sum(entry.body == "ready" for entry in entries) == 1


async def test_more_runs_than_there_is_room_for_are_on_further_pages(
    profile: Profile, client: NodionClient
) -> None:
    names = ("Worker A", "Worker B", "Worker C")
    async with wall(profile, client, *names, size=(60, 14)) as live_wall:
        await live_wall.shown.sees("tiles 1-2 of 3")
        await live_wall.has("Worker A", "Worker B")
        await live_wall.shown.press("pagedown")
        await live_wall.has("Worker C")
        await live_wall.shown.sees("tick")
        await live_wall.shown.press("pagedown", "pageup")
        await live_wall.has("Worker A", "Worker B")


async def test_only_what_is_different_is_painted(
    profile: Profile, client: NodionClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with wall(profile, client, "Counts") as live_wall:
        await live_wall.shown.sees("line 300", "▼ following")
        monitor, body = live_wall.shown.app.watcher.monitor, live_wall.screen.body
        assert monitor is not None
        now = monitor.server_now()
        monkeypatch.setattr(monitor, "server_now", lambda *_: now)
        body.tick()  # paints the age of the run at this moment
        (tile,) = live_wall.board.tiles
        painted: list[object] = []
        for part in (tile, tile._upper, tile._lower, tile.view, live_wall.board):
            monkeypatch.setattr(part, "refresh", lambda *regions, **_: painted.append(regions))
        for _ in range(5):
            body.tick()
            body.update()
            await asyncio.sleep(0.05)
        assert len(painted) <= 2, "a second without a line may have passed, which is told"


async def test_a_fault_of_our_own_is_told_and_ends_nothing(
    profile: Profile, client: NodionClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with wall(profile, client, "Worker A") as live_wall:
        await live_wall.shown.sees("ready", "tick")

        def broken(*_: object) -> None:
            raise ZeroDivisionError

        with monkeypatch.context() as patched:
            patched.setattr(WallFeed, "_update_streams", broken)
            await live_wall.shown.sees("log reader stopped")
        await live_wall.shown.press("2")
        await live_wall.shown.sees("Timeline")
        await live_wall.shown.press("3")
        await live_wall.shown.sees("1 live", "tick")
        assert "reader stopped" not in live_wall.shown.text


async def test_another_profile_leaves_nothing_of_the_one_before(
    profile: Profile, client: NodionClient
) -> None:
    async with wall(profile, client, "Counts") as live_wall, CannedService(Canned()) as service:
        await live_wall.shown.sees("line 300")
        other = Profile(name="other", api_url=service.url, key=Secret("a-key"))
        live_wall.shown.app.on_demand.profile_chooser.connect(other)
        await live_wall.shown.sees("Nothing is running.", "0 running")
        assert "line 300" not in live_wall.shown.text
        assert live_wall.board.tiles == []


@pytest.mark.parametrize("size", [(40, 10), (80, 24), (200, 50)])
async def test_every_size(profile: Profile, client: NodionClient, size: tuple[int, int]) -> None:
    async with wall(profile, client, "Counts", size=size) as live_wall:
        await live_wall.shown.sees("Counts", "line 300")
        assert all(len(line) <= size[0] for line in live_wall.shown.lines)


async def test_in_ascii_nothing_else_is_painted(profile: Profile, client: NodionClient) -> None:
    async with wall(profile, client, ascii_only=True) as live_wall:
        await live_wall.start("Counts")
        await live_wall.shown.sees("* Counts - ", "line 300", "v following")
        assert live_wall.shown.text.isascii()
