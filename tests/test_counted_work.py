"""Cost grows with what is visible and what is new: shown by counted work, the same on any machine.

`python -m tests.bench` measures the same things in time. A limit here has some room over what was
counted when it was written; one that is passed tells that something does more than it did.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest
from msgspec.structs import replace
from textual.pilot import Pilot

from nodion_tui.api.follow.events import NewLines, RunEnded
from nodion_tui.api.http.cancel_once import CancelOnceTasks
from nodion_tui.api.http.decode_turns import DecodeTurns as DecodingTurns
from nodion_tui.api.http.stream import BATCH_BYTES, LogStream
from nodion_tui.config import Profile, Secret
from nodion_tui.model.listing import Listing
from nodion_tui.model.run import Run
from nodion_tui.monitor.log.session import LogSession
from nodion_tui.monitor.monitor import Monitor
from nodion_tui.ui.chrome.title_bar import TitleBar
from nodion_tui.ui.dashboard.layout import PaneName
from nodion_tui.ui.log.pane import LogPane
from nodion_tui.ui.terminal.inside.key_painter import paint_now
from tests.support.canned import Canned, CannedService, Json, log_line, run, runner
from tests.support.counting import CountedApp, Work, counted_app, settled, stop_ticking
from tests.support.keys import press
from tests.support.loglines import log_lines
from tests.support.scripted_service import SUCCEEDED
from tests.support.stream_body import stream_of

RUNNERS = [runner(number, f"Runner {number}") for number in range(3)]
OWNER: str = RUNNERS[0]["id"]
LOG_ROWS = 19
"""Lines of the log at 120 × 36."""
LIST_ROWS = 11
FLAT = 1.2
"""So much more may something large cost than something small."""


def runs(count: int, *, running: bool = True) -> list[Json]:
    """Newest first; the newest is running, or all have ended hours ago."""
    if not running:
        return [run(number, "succeeded", 7200.0 + 60 * number, 30.0) for number in range(count)]
    ended = [run(number, "succeeded", 60.0 * number, 30.0) for number in range(1, count)]
    return [run(0, "running", 20.0, None), *ended]


@dataclass(frozen=True)
class Scene:
    """The dashboard at rest, and what is done in it."""

    app: CountedApp
    pilot: Pilot[None]

    @property
    def monitor(self) -> Monitor:
        assert self.app.watcher.monitor is not None
        return self.app.watcher.monitor

    @property
    def log(self) -> LogPane:
        assert self.app.dashboard.log_slot.pane is not None
        return self.app.dashboard.log_slot.pane

    def listing(self) -> Listing[Run]:
        return Listing(tuple(self.monitor.runs.runs_of(OWNER)))

    async def rest(self) -> None:
        await settled(self.app, self.pilot)

    async def go(self, place: PaneName) -> None:
        self.app.dashboard.panes.focus(place)
        await self.rest()

    async def work(self, act: Callable[[], object]) -> Work:
        """What something takes until it is painted."""
        with self.app.counted() as work:
            done = act()
            if isinstance(done, Awaitable):
                await done
            await self.rest()
        return work

    async def press(self, key: str) -> Work:
        return await self.work(lambda: press(self.pilot, key))

    async def tick(self) -> Work:
        return await self.work(self.app.dashboard.tick)

    async def poll(self, listing: Listing[Run]) -> Work:
        return await self.work(lambda: self.monitor.runs.apply_runs(OWNER, listing))

    async def write(self, count: int) -> Work:
        """Lines that the stream brings."""
        return await self.work(self.taking(count))

    def taking(self, count: int) -> Callable[[], None]:
        """Takes in lines that the stream brings."""
        assert isinstance(self.log.session, LogSession)
        session, first = self.log.session, self.log.session.buffer.lines
        new = NewLines(log_lines((f"line {number}" for number in range(count)), first), live=True)
        return lambda: session._handle(new)


@asynccontextmanager
async def scene(of: int = 40, lines: int = 100, *, running: bool = True) -> AsyncIterator[Scene]:
    """So many runs, the newest with so many lines."""
    listed = runs(of, running=running)
    logs = {listed[0]["id"]: [log_line(n, f"line {n}", 60.0) for n in range(lines)]}
    async with CannedService(Canned(RUNNERS, {OWNER: listed}, logs)) as service:
        profile = Profile(name="counted", api_url=service.url, key=Secret("none"))
        async with counted_app(profile) as (app, pilot):
            made = Scene(app, pilot)
            await _loaded(made, of, lines)
            made.monitor.poller.pause()
            stop_ticking(app)
            if not running:
                assert isinstance(made.log.session, LogSession)
                made.log.session._handle(RunEnded(SUCCEEDED, complete=True))
            await made.rest()
            await _settled(made)
            yield made


async def _loaded(made: Scene, of: int, lines: int) -> None:
    async with asyncio.timeout(20):
        while (
            made.app.watcher.monitor is None
            or len(made.monitor.runs.all_runs()) < of
            or made.app.dashboard.log_slot.pane is None
            or made.log.session is None
            or made.log.session.buffer.lines < lines
            or made.log.session.state.last_event_at is None
        ):
            await made.pilot.pause(0.02)


async def _settled(made: Scene) -> None:
    """Wait for the height of the log, which is settled once after its log was opened."""
    height = made.app.dashboard.log_slot._height
    async with asyncio.timeout(20):
        while height is None or height._timer is not None:
            await made.pilot.pause(0.02)


def one_changed(listing: Listing[Run], place: int) -> Listing[Run]:
    items = list(listing.items)
    items[place] = replace(items[place], exit_code=3, status="failed")
    return Listing(tuple(items))


async def test_opening_asks_for_each_list_once_and_for_the_log_under_the_cursor() -> None:
    async with scene() as made:
        # The runners, three lists, the log's first and last page, its stream, and the page that
        # shows what came before the stream opened; one that held the run until its log was opened.
        assert made.monitor.accounts.requests_sent <= 9, (
            "one of them the stream that held the run until its log was opened"
        )
        assert made.app.work.sent < 80_000


async def test_a_scripted_scene_stays_within_its_work() -> None:
    async with scene() as made:
        await made.go(PaneName.RUNS)
        same = made.listing()
        await made.poll(same)
        requests = made.monitor.accounts.requests_sent

        # Of several, for a timer of the streams may go off meanwhile.
        rest = min([await made.work(lambda: None) for _ in range(3)], key=lambda work: work.total)
        assert (rest.updates, rest.sent) == (0, 0)
        assert rest.total < 50

        unchanged = await made.poll(same)
        assert unchanged.updates == 0, "how fresh it is now the next tick tells"
        assert unchanged.of("RunnerRuns.changed", "ScreenEdges.update", "WindowTitle.tell") == 0

        visible = await made.poll(one_changed(same, 3))
        assert 1 <= visible.rows <= 10, "parts of its row, of its runner's, the title, and a second"
        assert visible.of("LogView.row_segments") == 0
        assert visible.sent < 400

        hidden = await made.poll(one_changed(made.listing(), 30))
        assert hidden.rows <= 8
        assert hidden.sent < 200

        tick = await made.tick()
        assert tick.rows <= 16
        # The first tick of the two has the rows that have become a minute older.
        assert (await made.tick()).of("run_row") <= 1, "the row of the run that runs"
        assert tick.of("LogView.row_segments") <= 1, "how long there has been no line"
        assert tick.sent < 300
        assert made.monitor.accounts.requests_sent == requests


async def test_where_nothing_runs_the_passing_of_seconds_sends_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with scene(running=False) as made:
        now = made.monitor.server_now()
        # The minute of the clock, and of ages in the list, is not to change in between.
        monkeypatch.setattr(Monitor, "server_now", lambda *_: now)
        made.monitor.poller.resume()
        await made.tick()

        for older in (1, 4, 4):
            made.monitor.runs.add_suspend_time(older)
            assert (await made.tick()).sent == 0

        made.monitor.runs.add_suspend_time(3)
        assert 0 < (await made.tick()).sent < 200, "no longer up to date"
        for older in (3, 9):
            made.monitor.runs.add_suspend_time(older)
            assert (await made.tick()).sent == 0

        made.monitor.runs.add_suspend_time(10)
        assert 0 < (await made.tick()).sent < 200, "from half a minute on the age is told"


async def test_lines_that_come_decode_and_paint_the_visible_ones_alone() -> None:
    async with scene() as made:
        followed = await made.write(1_000)
        assert followed.of("LogView.row_segments") <= 2 * LOG_ROWS
        assert followed.of("LogBuffer.entry") <= 4 * LOG_ROWS
        assert followed.rows <= 2 * LOG_ROWS + 4
        assert followed.sent < 9_000
        assert followed.updates <= 3

        await made.go(PaneName.LOG)
        await made.press("pageup")
        paused = await made.write(1_000)
        assert paused.of("LogView.row_segments") <= LOG_ROWS, "the thumb may move"
        assert paused.sent < 1_200


async def test_a_key_in_a_list_paints_two_rows() -> None:
    async with scene() as made:
        await made.go(PaneName.RUNS)
        await made.press("j")
        moved = await made.press("j")
        assert moved.of("RunList.item_row") <= 3 * LIST_ROWS
        # The two rows, the detail of the other run, and the pane of its log, empty and then read.
        assert moved.rows <= 2 + LIST_ROWS + 3 * LOG_ROWS + 10
        assert moved.updates <= 8
        assert moved.sent < 15_000


async def test_a_key_has_what_changed_painted_before_the_next_frame_is_due() -> None:
    async with scene() as made:
        assert (await made.press("f12")).of("paint_now")
        screen = made.app.screen
        title = screen.query_one(TitleBar)
        with made.app.counted() as work:
            title.refresh()
            screen._dirty_widgets.add(title)  # As soon as the screen has been told.
            paint_now(screen)
            assert (work.updates, work.rows) == (1, 1)
            paint_now(screen)
            assert work.updates == 1


async def least_tick(made: Scene) -> int:
    """A tick in which no clock on the screen goes on: on a busy machine ages do between any two."""
    return min([(await made.tick()).total for _ in range(6)])


async def costs_by_lines(lines: int) -> dict[str, int]:
    async with scene() as made:
        made.taking(lines)()
        await made.go(PaneName.LOG)
        await made.tick()  # The first one looks for pauses among the lines that are new.
        cost = {"append": (await made.write(50)).total, "tick": await least_tick(made)}
        await made.press("pageup")
        cost["scroll"] = (await made.press("pageup")).total
        await made.press("slash")
        await made.press("7")
        await made.press("enter")
        log = made.log.open_log
        assert log is not None
        async with asyncio.timeout(10):
            while log.navigator.search is None or not log.navigator.search.state.done:
                await made.pilot.pause(0.01)
        await made.press("n")
        cost["search next"] = (await made.press("n")).total
        return cost


async def costs_by_runs(count: int) -> dict[str, int]:
    async with scene(of=count) as made:
        await made.go(PaneName.RUNS)
        cost = {"tick": await least_tick(made), "scroll": (await made.press("j")).total}
        same = made.listing()
        await made.poll(same)
        # Of several, for the clock in the title may go on meanwhile.
        cost["poll, unchanged"] = min([(await made.poll(same)).total for _ in range(3)])
        changed = [same, one_changed(same, count - 1)] * 2
        cost["poll, one changed"] = min([(await made.poll(each)).total for each in changed[1:]])
        return cost


@pytest.mark.parametrize(
    ("costs", "small", "large"), [(costs_by_lines, 1_000, 20_000), (costs_by_runs, 600, 3_000)]
)
async def test_more_that_is_not_visible_costs_nothing(
    costs: Callable[[int], Awaitable[dict[str, int]]], small: int, large: int
) -> None:
    few, many = await costs(small), await costs(large)
    assert few.keys() == many.keys()
    grown = {what: (cost, many[what]) for what, cost in few.items() if many[what] > FLAT * cost}
    assert not grown


class Turns:
    """Counts how often the event loop has gone round."""

    def __init__(self) -> None:
        self.count = 0
        self._turn()

    def _turn(self) -> None:
        self.count += 1
        self._handle = asyncio.get_running_loop().call_soon(self._turn)

    def stop(self) -> None:
        self._handle.cancel()


async def test_of_many_streams_with_lines_one_is_decoded_in_a_turn_of_the_loop() -> None:
    piece = b'event: log\ndata: {"id": "1", "body": "x"}\n\n' * (2 * BATCH_BYTES // 40)

    decoded: list[int] = []
    keeper, decoding = CancelOnceTasks(), DecodingTurns()

    turns = Turns()

    async def read() -> None:
        async with LogStream(stream_of([piece] * 3), keeper, decoding) as stream:
            decoded.extend([turns.count async for _ in stream])

    async with asyncio.TaskGroup() as readers:
        for _ in range(8):
            readers.create_task(read())
    turns.stop()
    assert len(decoded) == 24
    assert len(set(decoded)) == len(decoded)
