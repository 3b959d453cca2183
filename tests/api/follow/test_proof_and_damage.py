"""A log is called complete only if proven; damaged lines are read again from pages."""

from contextlib import aclosing

import pytest

from nodion_tui.api.follow.events import LogNotice, NewLines, StreamLost
from nodion_tui.api.follow.follower import LogFollower
from nodion_tui.model.errors import LogNotKept
from tests.api.conftest import KEY, QUICK, Connect, Follow
from tests.api.follow.faults import (
    empty_page,
    refuse,
)
from tests.support.hostile import Exchange, HostileServer, Script, event, page, until


def pages_fail_at_the_end(times: int) -> Script:
    """Correct pages until the run has ended; later ones fail."""
    failures = iter(range(times))

    async def script(exchange: Exchange) -> None:
        fails = exchange.server.final and next(failures, None) is not None
        await (refuse(500) if fails else page)(exchange)

    return script


async def test_a_failed_proof_is_retried(follow: Follow) -> None:
    async with HostileServer(20) as server:
        server.always("page", pages_fail_at_the_end(2))
        server.plan("stream", slow_end)
        followed = await follow(server)
    assert followed.ended.complete
    assert [lost.attempt for lost in followed.lost] == [1, 2]


async def test_an_unproven_end_is_not_reported_as_complete(follow: Follow) -> None:
    async with HostileServer(20) as server:
        server.always("page", pages_fail_at_the_end(100))
        server.plan("stream", slow_end)
        followed = await follow(server)
    assert followed.indexes == list(range(20))
    assert not followed.ended.complete
    assert any("could not be verified" in notice for notice in followed.notices)


async def test_a_key_that_a_stream_repeats_in_an_error_is_not_told(follow: Follow) -> None:
    async def repeats_the_key(exchange: Exchange) -> None:
        await exchange.head()
        await exchange.send(event("error", {"error": "no such key: test-key"}))

    async with HostileServer(20) as server:
        server.plan("stream", repeats_the_key)
        followed = await follow(server)
    assert "the service reports: no such key: (key)" in followed.notices
    assert not any("test-key" in notice for notice in followed.notices)


@pytest.mark.parametrize("is_final", [True, False])
async def test_a_log_that_is_deleted_while_it_is_read_is_not_waited_for(
    follow: Follow,
    is_final: bool,  # noqa: FBT001
) -> None:
    async def deleted(exchange: Exchange) -> None:
        await exchange.head()
        await exchange.lines(0, 7)
        await until(lambda: exchange.server.count("page") >= 3)
        for kind in ("page", "stream"):
            exchange.server.always(kind, refuse(410))
        exchange.server.final = is_final
        await exchange.send(event("error", {"error": "deleted"}))

    async with HostileServer(20) as server:
        server.plan("stream", deleted)
        followed = await follow(server)
        assert len(server.requests) < 12
    assert followed.indexes == list(range(7))
    assert "the service reports: deleted" in followed.notices
    if is_final:
        assert not followed.ended.complete
    else:
        assert isinstance(followed.error, LogNotKept)


async def slow_end(exchange: Exchange) -> None:
    """The run continues until the follower has its lines."""
    await exchange.head()
    await exchange.lines(exchange.after)
    await until(lambda: exchange.server.count("page") >= 3)
    await exchange.state()


def damaged(exchange_line: int) -> Script:
    """A stream with one invalid JSON line between valid ones."""

    async def script(exchange: Exchange) -> None:
        server = exchange.server
        server.written = server.total
        lines = [event("log", server.line(i)) for i in range(exchange.after, server.total)]
        lines[exchange_line - exchange.after] = b'event: log\ndata: {"id":"\xff","bo\n\n'
        await exchange.head()
        await exchange.send(b"".join(lines))
        await exchange.state()

    return script


async def test_a_line_damaged_in_the_stream_is_read_from_pages(connect: Connect) -> None:
    """Requested while a stream is open, so that only the damage can cause it."""
    async with HostileServer(30, page_size=4) as server:
        server.plan("page", empty_page, empty_page)
        server.plan("stream", damaged(11))
        follower = LogFollower(connect(server), KEY, timing=QUICK)
        async with aclosing(follower.events()) as events:
            seen = [event async for event in events]
        assert server.unmet == 0
    lines = [event for event in seen if isinstance(event, NewLines)]
    bodies = [line.body for event in lines for line in event.lines]
    assert bodies == [f"line {index}" for index in range(30)]
    assert [event.live for event in lines][:2] == [True, False]
    assert not any(isinstance(event, LogNotice | StreamLost) for event in seen)


async def test_unreadable_lines_are_reported_and_searched_for_once(follow: Follow) -> None:
    async def all_damaged(exchange: Exchange) -> None:
        await exchange.head()
        await exchange.send(b"event: log\ndata: {\n\n" * 50)
        exchange.server.final = True
        await exchange.state()

    async with HostileServer(5) as server:
        server.plan("stream", all_damaged)
        followed = await follow(server)
        assert server.count("page") <= 4
    assert len(followed.notices) == 50
