"""Responses with ETags (RFC 9110, section 8.8.3): an unchanged one is not transferred again."""

import itertools

import pytest

from nodion_tui.api.client import RUN_DECODER, NodionClient
from nodion_tui.api.decode.listing_cache import ListingCache
from nodion_tui.model.errors import UnexpectedResponse
from nodion_tui.model.trigger import TriggerRequest
from tests.api.conftest import Connect
from tests.support.hostile import RUNNER_ID, Exchange, HostileServer, Script

TAG = '"33a64df5"'


def tagged(tag: str) -> Script:
    async def script(exchange: Exchange) -> None:
        await exchange.answer(200, {"runs": [exchange.server.run()]}, ETag=tag)

    return script


async def unchanged(exchange: Exchange) -> None:
    await exchange._head(304, {"ETag": TAG})


def tags_sent(server: HostileServer) -> list[str | None]:
    return [exchange.headers.get("if-none-match") for exchange in server.requests]


async def test_an_unchanged_list_is_not_transferred_again(connect: Connect) -> None:
    async with HostileServer() as server:
        server.plan("runs", tagged(TAG), unchanged, unchanged)
        client = connect(server)
        first, *later = [await client.list_runs(RUNNER_ID) for _ in range(3)]
        assert all(listing is first for listing in later)
        assert tags_sent(server) == [None, TAG, TAG]


async def test_a_changed_list_has_a_new_etag(connect: Connect) -> None:
    async with HostileServer() as server:
        server.plan("runs", tagged(TAG))
        client = connect(server)
        before = await client.list_runs(RUNNER_ID)
        server.finish()
        server.plan("runs", tagged('W/"2"'), unchanged)
        for _ in range(2):
            after = await client.list_runs(RUNNER_ID)
        assert (before.items[0].status, after.items[0].status) == ("running", "succeeded")


@pytest.mark.parametrize(
    "tag", ["", "abc", '"open', '"a"b"', '"a b"', '"ü"', '"' + "x" * 600 + '"', '"a", "b"']
)
async def test_an_invalid_etag_is_not_sent_back(tag: str, connect: Connect) -> None:
    async with HostileServer() as server:
        server.plan("runs", tagged(tag), tagged(tag))
        client = connect(server)
        for _ in range(2):
            assert len((await client.list_runs(RUNNER_ID)).items) == 1
        assert tags_sent(server) == [None, None]


async def test_an_unrequested_304_is_rejected(connect: Connect) -> None:
    async with HostileServer() as server:
        server.plan("runs", unchanged)
        with pytest.raises(UnexpectedResponse):
            await connect(server).list_runs(RUNNER_ID)


async def test_original_json_is_requested_without_an_etag(connect: Connect) -> None:
    async with HostileServer() as server:
        server.plan("runs", tagged(TAG), tagged(TAG))
        client = connect(server)
        await client.list_runs(RUNNER_ID)
        assert (await client.list_runs(RUNNER_ID, raw=True)).raw
        assert tags_sent(server) == [None, None]


def test_an_etag_is_trusted_for_five_minutes_after_a_full_response() -> None:
    now = itertools.count(0.0, 200.0)
    cache = ListingCache(lambda: next(now))
    body = b'{"runs":[]}'
    assert cache.etag("/runs") is None
    for _ in range(2):
        cache.decode("/runs", body, RUN_DECODER, lambda row, _: row, etag=TAG)
        assert cache.etag("/runs") == TAG
        assert cache.etag("/runs") is None
    cache.decode("/runs", body, RUN_DECODER, lambda row, _: row)
    assert cache.etag("/runs") is None


async def test_the_engine_sends_a_list_again_only_when_it_has_changed(
    client: NodionClient,
) -> None:
    runner = (await client.list_runners()).items[0].id
    before = await client.list_runs(runner)
    assert await client.list_runs(runner) is before
    run = await client.trigger(runner, TriggerRequest())
    after = await client.list_runs(runner)
    assert run.id in {run.id for run in after.items}
    assert await client.list_runners() is await client.list_runners()
