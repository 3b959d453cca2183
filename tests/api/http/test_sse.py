"""The decoder against the standard: every case in every chunking, and random bodies."""

import random
from collections.abc import Iterator
from itertools import pairwise

import pytest

from nodion_tui.api.http.sse import EventDecoder, EventTooLong
from nodion_tui.model.errors import UnexpectedResponse
from tests.api.conftest import KEY, Connect
from tests.api.http.sse_cases import CASES, WRONG_TYPES, Case, Event
from tests.api.http.sse_standard import interpret
from tests.support.hostile import Exchange, HostileServer
from tests.support.sse_events import events_of

_SHORT = 300


def chunkings(body: bytes) -> Iterator[list[bytes]]:
    """Whole, in chunks of one size, and cut in two at every byte; at fewer in long bodies."""
    sizes = range(1, 8) if len(body) < 20_000 else (1000, 4096)
    yield [body]
    for size in sizes:
        yield [body[start : start + size] for start in range(0, len(body), size)]
    step = 1 if len(body) < _SHORT else len(body) // 20
    for place in range(0, len(body), step):
        yield [body[:place], body[place:]]


def decode(pieces: list[bytes]) -> tuple[list[Event], int | None]:
    decoder = EventDecoder()
    events = [event for piece in pieces for event in events_of(decoder.feed(piece))]
    return [(event.event, event.data, event.id) for event in events], decoder.retry


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_case_in_every_chunking(case: Case) -> None:
    for pieces in chunkings(case.body):
        assert decode(pieces) == (list(case.events), case.retry)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_reference_implementation_agrees(case: Case) -> None:
    assert interpret(case.body) == (list(case.events), case.retry)


def test_there_are_90_and_one() -> None:
    assert len(CASES) + len(WRONG_TYPES) == 91


WORDS = (
    b"data", b"event", b"id", b"retry", b":", b": ", b" ", b"\n", b"\r", b"\r\n", b"\n\n", b"5",
    b"a", b"\0", b"\xef\xbb\xbf", b"\xff", b"\xc3", b"\xa4", b"\xe2\x80\xa8", b"log", b"{}", b"+",
    b"data: x\n", b"data\n\n", b"id: 7\n", b"id\n", b"retry: 9\n", b": ping\n\n", b"event: e\n\n",
)  # fmt: skip


_LINE = b"event: log\ndata: %b\n\n"
LINES = (
    *(_LINE % data for data in (b"x", b" a ", b"", b"\xff\xc3", b"\xe2\x80\xa8", *(b"{}",) * 9)),
    b"event: log\ndata: ", b"event: e\ndata: x\n\n", b"data: y\n", b"id: 7\n", b"retry: 9\n",
    b": ping\n\n", b"\n", b"\r\n", b"\0",
)  # fmt: skip
"""Typical stream content, which takes the fast path: whole lines, and what interrupts them."""


@pytest.mark.parametrize(("words", "most"), [(WORDS, 40), (LINES, 8)])
def test_two_thousand_random_bodies_are_decoded_as_in_the_standard(
    words: tuple[bytes, ...], most: int
) -> None:
    chance = random.Random(1)  # noqa: S311  # the same bodies every time
    for _ in range(2000):
        body = b"".join(chance.choices(words, k=chance.randint(0, most)))
        cuts = sorted(chance.choices(range(len(body) + 1), k=chance.randint(0, 6)))
        bounds = [0, *cuts, len(body)]
        pieces = [body[start:end] for start, end in pairwise(bounds)]
        assert decode(pieces) == interpret(body), (body, pieces)


def test_a_lone_cr_ends_an_event_at_once() -> None:
    assert [event.data for event in events_of(EventDecoder().feed(b"data: a\r\r"))] == ["a"]


def test_an_endless_event_is_rejected() -> None:
    decoder = EventDecoder(max_event_bytes=1000)
    for _ in range(80):
        assert not decoder.feed(b"data: xxxxx\n")
    with pytest.raises(EventTooLong, match="1,000"):
        decoder.feed(b"data: xxxxx\n" * 10)


def test_comments_alone_do_not_use_memory() -> None:
    decoder = EventDecoder(max_event_bytes=1000)
    for _ in range(1000):
        assert not decoder.feed(b": ping\n")
    assert [event.data for event in events_of(decoder.feed(b"data: a\n\n"))] == ["a"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
async def test_every_case_over_http(case: Case, connect: Connect) -> None:
    async def send(exchange: Exchange) -> None:
        await exchange.head(media=case.media)
        await exchange.send(case.body)

    async with HostileServer() as server:
        server.plan("stream", send)
        async with connect(server).stream_logs(*KEY) as stream:
            events = [event async for batch in stream for event in events_of(batch)]
        assert [(event.event, event.data, event.id) for event in events] == list(case.events)


@pytest.mark.parametrize("media", WRONG_TYPES)
async def test_another_media_type_is_rejected(media: str, connect: Connect) -> None:
    async def send(exchange: Exchange) -> None:
        await exchange.head(media=media)
        await exchange.send(b"data: a\n\n")

    async with HostileServer() as server:
        server.plan("stream", send)
        async with connect(server).stream_logs(*KEY) as stream:
            with pytest.raises(UnexpectedResponse, match="expected text/event-stream"):
                await stream.take()
