import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import httpx
import pytest

from nodion_tui.api.client import NodionClient
from nodion_tui.model.backoff import Backoff
from nodion_tui.model.errors import KeyRejected, NotReachable, ServerError, UnexpectedResponse
from nodion_tui.monitor.polling.poller import KEY_RETRY_SECONDS, Poller
from nodion_tui.monitor.runs.known_runs import KnownRuns

if TYPE_CHECKING:
    from tests.monitor.conftest import Service

NOON = datetime(2026, 1, 15, 12, tzinfo=UTC)
BACKOFF = Backoff()


class Time:
    """A clock that advances only when nothing else is ready to run."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.end = self.now
        self.reached = asyncio.Event()

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        for _ in range(50):  # pending work comes first
            await asyncio.sleep(0)
        if self.now + seconds > self.end:
            self.now = self.end
            self.reached.set()
            await asyncio.Event().wait()
        self.now += seconds

    def call_later(self, seconds: float, call: Callable[[], None]) -> "asyncio.Task[None]":
        timer = asyncio.ensure_future(self.sleep(seconds))
        timer.add_done_callback(lambda done: None if done.cancelled() else call())
        return timer

    async def pass_by(self, seconds: float, stir: Callable[[], None]) -> None:
        self.end = self.now + seconds
        self.reached.clear()
        stir()
        async with asyncio.timeout(20):
            await self.reached.wait()


class Polling:
    def __init__(
        self,
        client: NodionClient,
        service: "Service",
        per_minute: int,
        *,
        is_budgeted: bool = True,
    ) -> None:
        self.wall = NOON
        self.time = Time()
        self.slept = 0.0
        self.service = service
        self.runs = KnownRuns(monotonic=self.time, utcnow=lambda: NOON)
        self.poller = Poller(
            self.runs,
            lambda: client,
            BACKOFF,
            per_minute=per_minute,
            is_budgeted=is_budgeted,
            clock=self.time,
            call_later=self.time.call_later,
            random_source=lambda: 1.0,
            utcnow=lambda: self.wall,
            wall_clock=lambda: self.time.now + self.slept,
        )
        self.asked_at: list[float] = []

    async def for_seconds(self, seconds: float) -> list[str]:
        """Poll for this long; returns what was polled."""
        before = len(self.service.requests)
        await self.time.pass_by(seconds, lambda: self.poller.set_selected(self.poller.selected))
        return self.service.paths()[before:]


@asynccontextmanager
async def polling(
    client: NodionClient, service: "Service", per_minute: int = 60, *, is_budgeted: bool = True
) -> AsyncIterator[Polling]:
    polled = Polling(client, service, per_minute, is_budgeted=is_budgeted)
    task = asyncio.create_task(polled.poller.run())
    try:
        yield polled
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_runners_then_their_runs(scripted_client: NodionClient, service: "Service") -> None:
    service.runners("a", "b")
    service.runs("a", one="running")
    async with polling(scripted_client, service) as polled:
        paths = await polled.for_seconds(2)
        assert paths[0] == "/runners"
        assert set(paths[1:3]) == {"/runners/a/runs", "/runners/b/runs"}
        assert [run.id for run in polled.runs.all_runs()] == ["one"]


async def test_the_budget_is_never_exceeded(
    scripted_client: NodionClient, service: "Service"
) -> None:
    service.runners(*(f"r{n}" for n in range(80)))
    for n in range(80):
        service.runs(f"r{n}", one="running")
    async with polling(scripted_client, service, per_minute=30) as polled:
        polled.poller.set_selected(["r1"])
        await polled.for_seconds(1)  # the first reading
        for _ in range(5):
            assert 20 <= len(await polled.for_seconds(60)) <= 30


async def test_at_the_start_every_list_is_read_at_once_and_the_budget_counts_from_then_on(
    scripted_client: NodionClient, service: "Service"
) -> None:
    names = [f"r{n}" for n in range(500)]
    service.runners(*names)
    async with polling(scripted_client, service) as polled:
        polled.poller.read_first(["r77"])
        paths = await polled.for_seconds(1)
        assert paths[:2] == ["/runners", "/runners/r77/runs"]
        assert set(paths) == {"/runners", *(f"/runners/{name}/runs" for name in names)}
        assert len(paths) <= 501 + 15
        assert len(await polled.for_seconds(60)) <= 60


async def test_a_service_that_minds_the_first_reading_is_asked_within_the_budget(
    scripted_client: NodionClient, service: "Service"
) -> None:
    service.runners(*(f"r{n}" for n in range(500)))
    async with polling(scripted_client, service) as polled:
        too_many = httpx.Response(429, headers={"Retry-After": "20"}, json={"error": "slow"})
        service.answers["GET /runners/r100/runs"] = lambda _: too_many
        before = len(await polled.for_seconds(19))
        assert before < 400
        del service.answers["GET /runners/r100/runs"]
        assert 30 <= len(await polled.for_seconds(60)) <= 60


async def test_selected_and_running_come_before_the_rest(
    scripted_client: NodionClient, service: "Service"
) -> None:
    service.runners(*(f"r{n}" for n in range(40)))
    service.runs("r7", one="running")
    async with polling(scripted_client, service) as polled:
        polled.poller.set_selected(["r3"])
        await polled.for_seconds(120)
        paths = await polled.for_seconds(120)
        counts = {path: paths.count(path) for path in paths}
        assert counts["/runners/r3/runs"] >= 20
        assert counts["/runners/r7/runs"] >= 14
        assert 1 <= counts["/runners/r11/runs"] <= 4


def refuse(_request: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("nobody there")


async def test_an_outage_is_reported_and_cleared(
    scripted_client: NodionClient, service: "Service"
) -> None:
    service.runners("a")
    async with polling(scripted_client, service) as polled:
        await polled.for_seconds(5)
        service.always = refuse
        paths = await polled.for_seconds(300)
        # Ceilings of 1, 2, 4, 8, 16, 30, 30 … seconds, and the random source is 1.
        assert 10 <= len(paths) <= 16
        outage = polled.poller.outage
        assert outage is not None
        assert isinstance(outage.error, NotReachable)
        assert outage.since == NOON
        assert polled.runs.freshness("a").error is not None
        service.always = None
        await polled.for_seconds(60)
        assert polled.poller.outage is None
        assert polled.runs.freshness("a").error is None


async def test_refreshing_ends_a_back_off(
    scripted_client: NodionClient, service: "Service"
) -> None:
    service.always = refuse
    async with polling(scripted_client, service) as polled:
        await polled.for_seconds(120)
        service.always = None
        service.runners("a")
        polled.poller.refresh(("/runners",))
        assert "/runners" in await polled.for_seconds(0.1)


async def test_retry_after_is_respected(scripted_client: NodionClient, service: "Service") -> None:
    service.always = lambda _: httpx.Response(503, headers={"Retry-After": "90"})
    async with polling(scripted_client, service) as polled:
        assert len(await polled.for_seconds(1)) == 1
        outage = polled.poller.outage
        assert outage is not None
        assert isinstance(outage.error, ServerError)
        polled.poller.refresh(("/runners",))
        assert await polled.for_seconds(88) == []
        assert len(await polled.for_seconds(3)) == 1


async def test_a_rejected_key_is_reported_and_retried_periodically(
    scripted_client: NodionClient, service: "Service"
) -> None:
    service.always = lambda _: httpx.Response(401, json={"error": "no"})
    async with polling(scripted_client, service) as polled:
        paths = await polled.for_seconds(10 * KEY_RETRY_SECONDS)
        assert 10 <= len(paths) <= 11
        assert polled.poller.outage is not None
        assert isinstance(polled.poller.outage.error, KeyRejected)


async def test_one_broken_list_does_not_delay_the_others(
    scripted_client: NodionClient, service: "Service"
) -> None:
    service.runners("good", "bad")
    service.answers["GET /runners/bad/runs"] = lambda _: httpx.Response(200, json={"runs": 7})
    async with polling(scripted_client, service) as polled:
        paths = await polled.for_seconds(300)
        assert polled.poller.outage is None
        assert isinstance(polled.runs.freshness("bad").error, UnexpectedResponse)
        assert polled.runs.freshness("good").error is None
        assert paths.count("/runners/good/runs") >= 9
        assert paths.count("/runners/bad/runs") >= 2


async def test_what_is_asked_for_runs_ahead_of_the_budget_and_is_paid_back(
    scripted_client: NodionClient, service: "Service"
) -> None:
    service.runners(*(f"r{n}" for n in range(20)))
    async with polling(scripted_client, service, per_minute=30) as polled:
        await polled.for_seconds(120)
        asked = [f"r{n}" for n in range(20)]
        polled.poller.ask_now(asked)
        assert polled.poller.asked_by_hand == set(asked)
        paths = await polled.for_seconds(1)
        assert {f"/runners/{each}/runs" for each in asked} <= set(paths)
        assert not polled.poller.asked_by_hand
        assert len(await polled.for_seconds(30)) <= 2
        for _ in range(5):  # whoever holds the key down gets no more than that
            polled.poller.ask_now(asked)
            burst = await polled.for_seconds(1)
        assert len(burst) <= 2


async def test_what_is_asked_for_while_paused_is_all_that_is_polled(
    scripted_client: NodionClient, service: "Service"
) -> None:
    service.runners("a", "b")
    async with polling(scripted_client, service) as polled:
        await polled.for_seconds(5)
        polled.poller.pause()
        before = len(service.requests)
        polled.time.end = polled.time.now + 60
        polled.poller.ask_now(["a"])
        for _ in range(200):
            await asyncio.sleep(0)
        assert service.paths()[before:] == ["/runners/a/runs"]


async def test_without_a_budget_every_list_is_read_at_once_and_then_in_the_usual_rhythm(
    scripted_client: NodionClient, service: "Service"
) -> None:
    service.runners(*(f"r{n}" for n in range(80)))
    async with polling(scripted_client, service, is_budgeted=False) as polled:
        assert len(await polled.for_seconds(1)) == 81
        assert len(await polled.for_seconds(25)) == 0


async def test_an_outage_counts_from_the_last_answer(
    scripted_client: NodionClient, service: "Service"
) -> None:
    service.runners("a")
    async with polling(scripted_client, service) as polled:
        await polled.for_seconds(5)
        answered_at, polled.wall = polled.wall, NOON + timedelta(seconds=50)
        service.answers["GET /runners/a/runs"] = refuse
        polled.poller.ask_now(["a"])
        await polled.for_seconds(0.1)
        assert polled.poller.outage is not None
        assert polled.poller.outage.since == answered_at


async def test_paused_polling_sends_nothing(
    scripted_client: NodionClient, service: "Service"
) -> None:
    service.runners("a")
    async with polling(scripted_client, service) as polled:
        await polled.for_seconds(5)
        polled.poller.pause()
        before = len(service.requests)
        polled.time.end = polled.time.now + 300
        for _ in range(200):
            await asyncio.sleep(0)
        assert len(service.requests) == before
        polled.poller.set_selected(["a"])
        polled.poller.resume()
        assert set(await polled.for_seconds(1)) >= {"/runners", "/runners/a/runs"}


async def test_a_programming_error_is_not_swallowed(
    scripted_client: NodionClient, service: "Service"
) -> None:
    service.runners("a")
    runs = KnownRuns()

    def broken(_changes: object) -> None:
        raise ZeroDivisionError

    runs.subscribe(broken)
    poller = Poller(runs, lambda: scripted_client, BACKOFF)
    with pytest.raises(ExceptionGroup) as caught:
        await poller.run()
    assert caught.group_contains(ZeroDivisionError)


async def test_other_requests_fit_into_the_budget_and_starve_no_list(
    scripted_client: NodionClient, service: "Service"
) -> None:
    service.runners(*(f"r{number}" for number in range(60)))
    async with polling(scripted_client, service, per_minute=30) as polled:
        await polled.for_seconds(120)
        turns: list[float] = []

        async def guest() -> None:
            while True:
                await polled.poller.acquire_request()
                turns.append(polled.time.now)

        visitor = asyncio.create_task(guest())
        paths = await polled.for_seconds(600)
        visitor.cancel()
        assert len(turns) + len(paths) <= 300
        assert len(turns) >= 110
        assert len(paths) >= 110


async def test_a_cancelled_request_is_not_counted(
    scripted_client: NodionClient, service: "Service"
) -> None:
    service.runners("a")
    async with polling(scripted_client, service, per_minute=4) as polled:
        await polled.for_seconds(5)
        polled.poller.pause()
        cancelled = asyncio.create_task(polled.poller.acquire_request())
        stays = asyncio.create_task(polled.poller.acquire_request())
        await asyncio.sleep(0)
        cancelled.cancel()
        polled.poller.resume()
        await polled.for_seconds(60)
        assert stays.done()


async def test_after_a_suspend_all_lists_are_old_and_polled_at_once(
    scripted_client: NodionClient, service: "Service"
) -> None:
    service.runners("a", "b")
    async with polling(scripted_client, service) as polled:
        polled.poller.set_selected(["a"])
        await polled.for_seconds(10)
        service.always = refuse
        await polled.for_seconds(120)
        service.always = None
        polled.slept = 3600.0
        paths = await polled.for_seconds(1)
        assert {"/runners", "/runners/a/runs"} <= set(paths)
        assert polled.poller.outage is None
