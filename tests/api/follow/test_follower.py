"""Events and requests of a follower besides the delivery of every line."""

import asyncio
from itertools import groupby

import pytest

from nodion_tui.api.follow.connection import FollowTiming
from nodion_tui.api.follow.events import HistoryRead, NewLines, StreamOpened
from nodion_tui.api.follow.suspend_aware_sleep import ClockPair
from nodion_tui.model.errors import (
    BadRequest,
    KeyRejected,
    NodionError,
    ResourceNotFound,
    ScopeMissing,
)
from nodion_tui.model.line_ids import LineIdSet
from tests.api.conftest import Follow
from tests.api.follow.faults import (
    cut_after,
    empty_page,
    error_event,
    refuse,
    replay,
    retrying,
    stall,
)
from tests.support.hostile import Exchange, HostileServer, line


async def test_a_run_is_followed_from_its_history_to_its_end(follow: Follow) -> None:
    async with HostileServer(30, page_size=7) as server:
        server.written = 10
        followed = await follow(server)
    kinds = [kind.__name__ for kind, _ in groupby(map(type, followed.events))]
    assert kinds == [
        "NewLines",
        "HistoryRead",
        "StreamOpened",
        "NewLines",
        "StateReceived",
        "RunEnded",
    ]
    assert [len(event.lines) for event in followed.of(NewLines)[:2]] == [7, 3]
    assert not followed.of(NewLines)[1].live
    assert followed.opened == [StreamOpened(resumed=False)]


async def test_the_stream_is_requested_after_the_last_line(follow: Follow) -> None:
    async with HostileServer(30) as server:
        server.written = 10
        await follow(server)
        requests = [exchange for exchange in server.requests if exchange.path.endswith("/stream")]
    assert [exchange.after_id for exchange in requests] == [line(9)["id"]]
    assert requests[0].headers["accept"] == "text/event-stream"
    assert requests[0].headers["accept-encoding"] == "identity"
    assert requests[0].headers["authorization"] == "Bearer test-key"


@pytest.mark.parametrize("page_size", [1, 2, 7, 1000])
async def test_any_page_size_will_do(page_size: int, follow: Follow) -> None:
    async with HostileServer(50, page_size=page_size) as server:
        server.written = 50
        followed = await follow(server)
    before = followed.events[: followed.events.index(HistoryRead())]
    assert sum(len(event.lines) for event in before if isinstance(event, NewLines)) == 50
    assert followed.indexes == list(range(50))
    assert followed.ended.complete


async def test_a_page_of_very_many_lines_comes_in_parts(follow: Follow) -> None:
    async with HostileServer(5000, page_size=10_000) as server:
        server.written = 5000
        followed = await follow(server)
    assert [len(event.lines) for event in followed.of(NewLines)] == [2000, 2000, 1000]
    assert followed.indexes == list(range(5000))


async def test_after_a_cut_the_stream_resumes_after_the_last_line(follow: Follow) -> None:
    async with HostileServer(60) as server:
        server.always("page", empty_page)
        server.plan("stream", cut_after(25), cut_after(10))
        await follow(server)
        requests = [exchange for exchange in server.requests if exchange.path.endswith("/stream")]
    after = [exchange.after_id for exchange in requests]
    assert after == [None, line(24)["id"], line(34)["id"]]


async def test_a_long_log_resent_from_its_first_line_delivers_each_line_once(
    follow: Follow,
) -> None:
    async with HostileServer(9000, page_size=4000) as server:
        server.always("page", empty_page)
        server.plan("stream", cut_after(8930), replay(None), replay(None))
        followed = await follow(server)
    assert followed.indexes == list(range(9000))
    assert followed.ended.complete


async def test_lines_after_the_state_are_waited_for(follow: Follow) -> None:
    """Even if the pages never contain them."""

    async def late(exchange: Exchange) -> None:
        await exchange.head()
        await exchange.lines(0, 10)
        await exchange.state()
        await asyncio.sleep(0.02)
        exchange.server.always("page", empty_page)
        await exchange.lines(10)
        await exchange.silence()

    async with HostileServer(20) as server:
        server.plan("stream", late)
        followed = await follow(server, timing=FollowTiming(silence=5, tick=1, late_line_wait=0.2))
    assert followed.indexes == list(range(20))


async def test_a_stream_that_starts_at_now_loses_no_line(follow: Follow) -> None:
    async def from_now(exchange: Exchange) -> None:
        server = exchange.server
        server.written = min(server.written + 10, server.total)  # without a listener
        await exchange.head()
        await exchange.lines(server.written, server.written + 10)
        if server.written == server.total:
            await exchange.state()

    async with HostileServer(100) as server:
        server.always("stream", from_now)
        followed = await follow(server)
    assert followed.indexes == list(range(100))


async def test_lines_that_the_caller_has_are_neither_requested_nor_delivered(
    follow: Follow,
) -> None:
    async with HostileServer(30) as server:
        server.written = 20
        seen = LineIdSet(line(index)["id"] for index in range(10))
        followed = await follow(server, after_id=line(9)["id"], seen_ids=seen)
        assert server.requests[0].after_id == line(9)["id"]
    assert followed.indexes == list(range(10, 30))
    assert len(seen) == 30


async def test_lines_have_their_original_json_if_requested(follow: Follow) -> None:
    async with HostileServer(20, page_size=5) as server:
        server.written = 10
        server.plan("stream", cut_after(5))
        followed = await follow(server, keep_raw=True)
    raw = [text for event in followed.of(NewLines) for text in event.raw]
    assert len(raw) == 20
    assert b'"id"' in raw[0]
    assert b'"body":"line 19"' in raw[19].replace(b'": "', b'":"')


async def test_silence_is_loss(follow: Follow) -> None:
    async with HostileServer(60) as server:
        server.plan("stream", stall)
        followed = await follow(server)
        assert server.count("stream") == 2
    assert [lost.reason for lost in followed.lost] == ["no data for 0 s"]
    assert followed.opened[1].resumed
    assert followed.opened[1].outage is not None
    assert followed.opened[1].lossless


@pytest.mark.parametrize(
    ("header", "slept"),
    [
        ("7", 7.0),
        ("86400", 300.0),
        ("0", 0.25),
        ("soon", None),
        ("Thu, 01 Jan 1970 00:00:00 GMT", 0.25),
    ],
)
@pytest.mark.parametrize("status", [429, 503])
async def test_a_requested_retry_after_is_honoured(
    header: str, slept: float | None, status: int, follow: Follow
) -> None:
    async with HostileServer(10) as server:
        server.plan("stream", refuse(status, Retry_After=header))
        followed = await follow(server, rng=lambda: 0.9)
    assert followed.lost[0].retry_in == pytest.approx(0.9 if slept is None else slept)
    assert sum(followed.slept) == pytest.approx(followed.lost[0].retry_in, abs=2)


@pytest.mark.parametrize(
    ("status", "error"), [(401, KeyRejected), (403, ScopeMissing), (404, ResourceNotFound)]
)
async def test_a_permanent_error_ends_following_without_another_request(
    status: int, error: type[NodionError], follow: Follow
) -> None:
    async with HostileServer(30) as server:
        server.plan("stream", cut_after(10), refuse(status, b'{"error":"Run not found"}'))
        followed = await follow(server)
        assert server.requests[-1].path.endswith("/stream")
    assert type(followed.error) is error
    assert followed.error.detail == "Run not found"
    assert followed.error.hint


async def test_an_endless_event_is_dropped_and_its_line_read_from_pages(
    follow: Follow,
) -> None:
    async def runaway(exchange: Exchange) -> None:
        exchange.server.written = 20
        await exchange.head()
        await exchange.send(b"event: log\ndata: ")
        for _ in range(66):
            await exchange.send(b"x" * 1024 * 1024)
        await exchange.silence()

    async with HostileServer(30) as server:
        server.plan("stream", runaway)
        followed = await follow(server)
    assert [lost.reason for lost in followed.lost] == ["one event is longer than 67,108,864 bytes"]
    assert followed.indexes == list(range(30))


async def test_a_rejected_history_request_ends_following(follow: Follow) -> None:
    async with HostileServer(30) as server:
        server.plan("page", refuse(400, b'{"error":"after_id is invalid"}'))
        followed = await follow(server)
    assert isinstance(followed.error, BadRequest)
    assert len(followed.events) == 0


async def test_delays_grow_until_a_line_arrives(follow: Follow) -> None:
    async with HostileServer(30) as server:
        server.plan("stream", *[refuse(500)] * 7, cut_after(5), refuse(500))
        followed = await follow(server, rng=lambda: 1.0)
    assert [lost.retry_in for lost in followed.lost] == [1, 2, 4, 8, 16, 30, 30, 1, 2]
    assert [lost.attempt for lost in followed.lost] == [1, 2, 3, 4, 5, 6, 7, 1, 2]


async def test_a_connection_that_lasted_a_minute_resets_the_delays(follow: Follow) -> None:
    minutes = iter(range(0, 10_000, 70))

    async def quiet(exchange: Exchange) -> None:
        await exchange.head()
        await exchange.send(b": ping\n\n")
        await asyncio.sleep(0.1)
        await exchange.send(b": ping\n\n")

    async with HostileServer(30) as server:
        server.plan("stream", refuse(500), refuse(500), quiet)
        clock = ClockPair(wall=lambda: 0.0, monotonic=lambda: float(next(minutes)))
        followed = await follow(server, rng=lambda: 1.0, clock=clock)
    assert [lost.attempt for lost in followed.lost] == [1, 2, 1]


@pytest.mark.parametrize(("sent", "waited"), [(b"0", 0.25), (b"2000", 2.0), (b"86400000", 30.0)])
async def test_retry_fields_are_clamped_to_the_policy(
    sent: bytes, waited: float, follow: Follow
) -> None:
    async with HostileServer(60) as server:
        server.plan("stream", retrying(sent))
        followed = await follow(server, rng=lambda: 1.0)
    assert [lost.retry_in for lost in followed.lost] == [waited]


async def test_an_error_event_is_shown_and_then_a_loss(follow: Follow) -> None:
    async with HostileServer(60) as server:
        server.plan("stream", error_event(finished=False))
        followed = await follow(server)
    assert followed.notices == ["the service reports: the database is away"]
    assert len(followed.lost) == 1
    assert followed.runs_seen == 1


async def test_an_end_without_state_fetches_the_run_and_is_no_loss_if_it_has_ended(
    follow: Follow,
) -> None:
    async def silent_end(exchange: Exchange) -> None:
        await exchange.head()
        await exchange.lines(exchange.after)
        exchange.server.finish()

    async with HostileServer(20, exit_code=4) as server:
        server.plan("stream", silent_end)
        followed = await follow(server)
        assert server.count("run") == 1
    assert followed.lost == []
    assert followed.ended.state.exit_code == 4
    assert followed.ended.state.status == "failed"


async def test_an_expired_cursor_loses_no_line_that_the_server_still_has(
    follow: Follow,
) -> None:
    async with HostileServer(40, page_size=6) as server:
        server.plan("stream", cut_after(20), refuse(410))
        followed = await follow(server)
        streams = [exchange for exchange in server.requests if exchange.path.endswith("/stream")]
    assert [exchange.after_id for exchange in streams] == [None, line(19)["id"], line(19)["id"]]
    assert followed.indexes == list(range(40))
    assert all(opened.lossless for opened in followed.opened)
    assert followed.ended.complete


async def test_a_server_that_knows_no_line_is_not_flooded(follow: Follow) -> None:
    async def unknown(exchange: Exchange) -> None:
        if exchange.server.count("stream") == 6:
            exchange.server.finish()
        await refuse(410)(exchange)

    async with HostileServer(10) as server:
        server.written = 10
        server.always("stream", unknown)
        followed = await follow(server, rng=lambda: 1.0)
    assert followed.indexes == list(range(10))
    assert [lost.retry_in for lost in followed.lost] == [2, 4, 8, 16, 30]
    assert followed.ended.complete


async def test_lines_that_the_server_dropped_are_reported_as_missing(follow: Follow) -> None:
    async def only_late(exchange: Exchange) -> None:
        """Pages from line 30 on: older lines are no longer available."""
        server = exchange.server
        start = max(exchange.after, 30)
        await exchange.answer(200, {"logs": [server.line(i) for i in range(start, server.written)]})

    async def expired(exchange: Exchange) -> None:
        exchange.server.written = 35
        exchange.server.always("page", only_late)
        await exchange.answer(410, {"error": "cursor expired"})

    async with HostileServer(40) as server:
        server.plan("stream", cut_after(20), expired, cut_after(2))
        followed = await follow(server)
    assert followed.indexes == [*range(20), *range(30, 40)]
    assert any("may be missing" in notice for notice in followed.notices)
    assert [opened.lossless for opened in followed.opened] == [True, False, True]
    assert not followed.ended.complete
