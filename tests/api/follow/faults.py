"""39 faults between service and follower, as scripts of a server.

With each of them every line must be delivered once and in order, and the end must be reported,
unless `refused` names the error that ends the following.
"""

import asyncio
import gzip
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from nodion_tui.model.errors import KeyRejected, NodionError, ResourceNotFound, ScopeMissing
from tests.support.hostile import Exchange, HostileServer, Script, event, honest, until


@dataclass(frozen=True)
class Fault:
    """One scenario."""

    name: str
    prepare: Callable[[HostileServer], None]
    lines: int = 200
    bodies: Sequence[str] | None = None
    refused: type[NodionError] | None = None
    """Error that ends the following before the run's end."""
    expected: int | None = None
    """Number of delivered lines where not all can be."""

    def server(self) -> HostileServer:
        server = HostileServer(self.lines, bodies=self.bodies, page_size=70, exit_code=3)
        self.prepare(server)
        return server


def stream(*scripts: Script) -> Callable[[HostileServer], None]:
    """Uses these scripts for the first streams, then correct ones."""
    return lambda server: server.plan("stream", *scripts)


def every(script: Script) -> Callable[[HostileServer], None]:
    """Uses this script for every stream."""
    return lambda server: server.always("stream", script)


def refuse(
    status: int, body: bytes = b'{"error":"no"}', media: str = "application/json", **headers: str
) -> Script:
    async def script(exchange: Exchange) -> None:
        await exchange.answer(status, body, media, **headers)

    return script


def cut_after(lines: int, *, reset: bool = False, tail: bytes = b"") -> Script:
    """Closes the connection after some lines; ends as documented if fewer are left."""

    async def script(exchange: Exchange) -> None:
        await exchange.head()
        await exchange.lines(exchange.after, exchange.after + lines)
        if exchange.server.written == exchange.server.total:
            await exchange.state()
            return
        await exchange.send(tail)
        if reset:
            await asyncio.sleep(0.01)  # a RST discards data that was not read yet
            exchange.reset()

    return script


def cut_before_pages(lines: int) -> Script:
    """Like `cut_after`, but pages have no new lines before the next stream opens."""

    async def script(exchange: Exchange) -> None:
        server = exchange.server
        server.written = max(server.written, exchange.after)
        end = min(exchange.after + lines, server.total)
        await exchange.head(chunked=True)
        for index in range(exchange.after, end):
            await exchange.send(event("log", server.line(index)))
        if end == server.total:
            await exchange.state()
        await exchange.finish()

    return script


def cut_inside(marker: bytes) -> Script:
    """Closes the connection inside a line, after a marker."""

    async def script(exchange: Exchange) -> None:
        await exchange.head()
        await exchange.lines(exchange.after, exchange.after + 30)
        whole = event("log", exchange.server.line(exchange.after + 30))
        exchange.server.written += 1
        await exchange.send(whole[: whole.index(marker) + 1])

    return script


async def without_last_chunk(exchange: Exchange) -> None:
    await exchange.head(chunked=True)
    await exchange.lines(exchange.after, exchange.after + 30)


async def nothing(exchange: Exchange) -> None:
    await exchange.head()


def in_pieces(cuts: Callable[[int], int], ends: bytes = b"\n", *, chunked: bool = False) -> Script:
    """Sends all remaining lines with other line ends, in chunks of the sizes from `cuts`."""

    async def script(exchange: Exchange) -> None:
        server = exchange.server
        lines = [event("log", server.line(i)) for i in range(exchange.after, server.total)]
        server.written = server.total
        server.finish()
        body = b"".join([*lines, event("state", server.state())]).replace(b"\n", ends)
        await exchange.head(chunked=chunked)
        start = piece = 0
        while start < len(body):
            size = cuts(piece)
            await exchange.send(body[start : start + size])
            start += size
            piece += 1
            if piece % 50 == 0:
                await asyncio.sleep(0)
        await exchange.finish()

    return script


async def stall(exchange: Exchange) -> None:
    await exchange.head()
    await exchange.lines(exchange.after, exchange.after + 30)
    await exchange.silence()


async def only_pings(exchange: Exchange) -> None:
    """Sends only pings for twice the silence time-out."""
    await exchange.head()
    await exchange.lines(exchange.after, exchange.after + 30)
    for _ in range(12):
        await exchange.send(b": ping\n\n")
        await asyncio.sleep(0.05)
    await exchange.lines(exchange.after + 30)
    await exchange.state()


def error_event(*, finished: bool) -> Script:
    async def script(exchange: Exchange) -> None:
        await exchange.head()
        end = exchange.server.total if finished else exchange.after + 30
        await exchange.lines(exchange.after, end)
        if finished:
            exchange.server.finish()
        await exchange.send(event("error", {"error": "the database is away"}))

    return script


def replay(back: int | None) -> Script:
    """Starts too early: some lines before `after_id`, or at the first; cut after 40 new lines."""

    async def script(exchange: Exchange) -> None:
        start = 0 if back is None else max(0, exchange.after - back)
        await exchange.head()
        await exchange.lines(start, exchange.after + 40)
        if exchange.server.written == exchange.server.total:
            await exchange.state()

    return script


def with_head(prefix: bytes = b"", media: str = "text/event-stream") -> Script:
    async def script(exchange: Exchange) -> None:
        await exchange.head(media=media)
        await exchange.send(prefix)
        await exchange.lines(exchange.after)
        await exchange.state()

    return script


async def gzipped(exchange: Exchange) -> None:
    server = exchange.server
    lines = [event("log", server.line(i)) for i in range(exchange.after, server.total)]
    server.written = server.total
    server.finish()
    packed = gzip.compress(b"".join([*lines, event("state", server.state())]))
    await exchange.head(Content_Encoding="gzip")
    for start in range(0, len(packed), 7):
        await exchange.send(packed[start : start + 7])


async def noise_between(exchange: Exchange) -> None:
    """Unknown events, blocks without data, and ids, none of which is a line."""
    await exchange.head()
    for index in range(exchange.after, exchange.server.total):
        await exchange.send(b"event: log\n\nid: 7\n\nretry: x\n\nevent: tomorrow\ndata: {}\n\n")
        await exchange.lines(index, index + 1)
        await exchange.send(b": ping\n\nwhat: is this\n\ndata\n\ndata: no event name\n\n")
    await exchange.state()


async def bad_payloads(exchange: Exchange) -> None:
    await exchange.head()
    for bad in (b"{", b"null", b"{}", b"[]", b'"text"', b'{"id":null,"body":"x"}', b"\xff"):
        await exchange.send(b"event: log\ndata: " + bad + b"\n\n")
        await exchange.lines(exchange.after, exchange.after + 10)
    for bad in (b"null", b"{}", b"nonsense"):
        await exchange.send(b"event: state\ndata: " + bad + b"\n\n")
    await exchange.lines(exchange.after)
    await exchange.state()


def retrying(value: bytes) -> Script:
    async def script(exchange: Exchange) -> None:
        await exchange.head()
        await exchange.send(b"retry: " + value + b"\n\n")
        await exchange.lines(exchange.after, exchange.after + 30)

    return script


async def slow_head(exchange: Exchange) -> None:
    await asyncio.sleep(0.2)
    await honest(exchange)


async def no_state(exchange: Exchange) -> None:
    await exchange.head()
    await exchange.lines(exchange.after)
    exchange.server.finish()


async def late_lines(exchange: Exchange) -> None:
    """Sends the state before the last lines: some follow it, some are in pages only.

    They are not in the pages that are read when the stream opens.
    """
    server = exchange.server
    await exchange.head()
    await exchange.lines(exchange.after, server.total - 20)
    await until(lambda: any(exchange.after == server.total - 20 for exchange in server.requests))
    await exchange.state()
    await exchange.lines(server.total - 20, server.total - 10)
    server.written = server.total


async def comments(exchange: Exchange) -> None:
    await exchange.head()
    for index in range(exchange.after, exchange.server.total):
        await exchange.send(b":" + b"x" * 50_000 + b"\n" + b": ping\n\n" * 500)
        await exchange.lines(index, index + 1)
    await exchange.state()


def gone_for_cursor(server: HostileServer) -> None:
    """The cursor is unknown after a cut."""
    server.plan("stream", cut_after(50), refuse(410))


def finished_before(server: HostileServer) -> None:
    server.written = server.total
    server.finish()


def after_a_cut(status: int) -> Callable[[HostileServer], None]:
    return stream(cut_after(50), refuse(status))


_HTML = b"<!doctype html><html><body><h1>Please log in</h1></body></html>"
_TEXT = tuple(f"Zeile {i} – äöü 日本語 🚀 \x1b[31mrot\x1b[0m" for i in range(200))

FAULTS = (
    Fault("clean", stream()),
    Fault("FIN every 50 lines", every(cut_after(50))),
    Fault("RST every 50 lines", every(cut_after(50, reset=True))),
    Fault("cut inside JSON", stream(cut_inside(b'"body"'), cut_inside(b'"id"'))),
    Fault(
        "cut inside a UTF-8 character",
        stream(
            cut_after(20, tail=json.dumps(_TEXT[0], ensure_ascii=False).encode()[:10]),
            in_pieces(lambda _: 3),
        ),
        bodies=_TEXT,
    ),
    Fault("chunked body without its end", stream(without_last_chunk, without_last_chunk)),
    Fault("FIN before any line", stream(nothing, nothing)),
    Fault("one-byte chunks", stream(in_pieces(lambda _: 1, chunked=True)), lines=40),
    Fault("CRLF in odd chunks", stream(in_pieces(lambda piece: 1 + piece % 5, b"\r\n"))),
    Fault("silent stall", stream(stall, stall)),
    Fault("stall with pings", stream(only_pings)),
    Fault("500 then 503", stream(refuse(500), refuse(503, Retry_After="2"))),
    Fault("502 HTML", stream(refuse(502, _HTML, "text/html"))),
    Fault("429 Retry-After", stream(refuse(429, Retry_After="7"))),
    Fault("200 HTML, a captive portal", stream(refuse(200, _HTML, "text/html"))),
    Fault("204", stream(refuse(204, b""))),
    Fault("401 after a cut", after_a_cut(401), refused=KeyRejected, expected=50),
    Fault("403", after_a_cut(403), refused=ScopeMissing, expected=50),
    Fault("404", after_a_cut(404), refused=ResourceNotFound, expected=50),
    Fault("410, cursor gone", gone_for_cursor),
    Fault("server replays seen lines", every(replay(15))),
    Fault("server ignores after_id", every(replay(None))),
    Fault("error event, run alive", stream(error_event(finished=False))),
    Fault("error event, run finished", stream(error_event(finished=True))),
    Fault("finished before we look", finished_before),
    Fault("unknown events and blocks without data", stream(noise_between)),
    Fault("bad JSON, null, {}", stream(bad_payloads)),
    Fault("BOM", stream(with_head(b"\xef\xbb\xbf"))),
    Fault(
        "charset=iso-8859-1",
        stream(with_head(media="text/event-stream; charset=iso-8859-1")),
        bodies=_TEXT,
    ),
    Fault("media type in upper case", stream(with_head(media="TEXT/EVENT-STREAM;x=y"))),
    Fault("gzip", stream(gzipped)),
    Fault("retry: one day", stream(retrying(b"86400000"))),
    Fault("retry: 0", stream(retrying(b"0"))),
    Fault("five resets in a row", stream(*[cut_after(0, reset=True)] * 5)),
    Fault("slow head", stream(slow_head)),
    Fault("end without state", stream(no_state)),
    Fault("state before the last lines", stream(late_lines)),
    Fault("a line of 10 MB", stream(), bodies=("first", "x" * 10_000_000, "last")),
    Fault("comment flood", stream(comments), lines=20),
)


async def empty_page(exchange: Exchange) -> None:
    await exchange.answer(200, {"logs": []})
