"""A service with minimal cost in its own process; its data is a `Plan`.

Bodies are prepared before the first request if possible, so that the client dominates. Commands
arrive on stdin: `go` releases held streams, `seen` returns the requests and their times, `end 7`
ends the newest run of the runner 7.
"""

import asyncio
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

import msgspec

from tests.bench.fleet import SCREENFUL, Fleet, Plan

BURSTS = 50
"""Bursts per second of a log that grows at a rate."""
PING_SECONDS = 15.0
_CHUNK = 2**18


class Seen(msgspec.Struct, frozen=True):
    """Requests and answers so far; times are on the monotonic clock, in seconds."""

    requests: list[tuple[float, str]]
    """Time and path of each request."""
    answered: list[tuple[float, str]]
    """Time and path of each answer."""
    sent: int = 0
    """Bytes of all bodies."""


class Service:
    """Answers for a fleet, on a free port of loopback."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._fleet = Fleet(plan)
        self.may_go = asyncio.Event()
        if not plan.held:
            self.may_go.set()
        self.seen = Seen([], [])
        self._sent = 0
        self._ended: dict[int, asyncio.Future[bytes]] = {}

    def end(self, owner: int) -> None:
        """End the newest run of a runner: its list and its stream tell."""
        self._end_of(owner).set_result(self._fleet.end(owner))

    def _end_of(self, owner: int) -> "asyncio.Future[bytes]":
        if owner not in self._ended:
            self._ended[owner] = asyncio.get_running_loop().create_future()
        return self._ended[owner]

    async def serve(self, host: str) -> None:
        """Serve until killed; the port is the first line of stdout."""
        server = await asyncio.start_server(self._take, host, 0)
        print(server.sockets[0].getsockname()[1], flush=True)
        await server.serve_forever()

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            while head := await reader.readuntil(b"\r\n\r\n"):
                target = head.split(b" ", 2)[1].decode().removeprefix("/v1")
                self.seen.requests.append((time.monotonic(), target))
                await self._answer(target, writer)
                self.seen.answered.append((time.monotonic(), target))
        writer.close()

    async def _answer(self, target: str, writer: asyncio.StreamWriter) -> None:
        url = urlsplit(target)
        if url.path.endswith("/stream"):
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n: ping\n\n")
            await self._send(writer, self._fleet.head)
            await self.may_go.wait()
            if self._plan.line_every is not None:
                await self._write_until_the_end(writer, url.path, self._plan.line_every)
            elif self._plan.rate is None:
                await self._write_all(writer)
            else:
                await self._write_on(writer, self._plan.rate)
            return
        after = parse_qs(url.query).get("after_id", [""])[0]
        await self._send(writer, _head(body := self._fleet.body(url.path, after)) + body)

    async def _write_all(self, writer: asyncio.StreamWriter) -> None:
        await self._send(writer, self._fleet.stream)
        if self._plan.lines:
            writer.close()
        else:
            while True:
                await asyncio.sleep(PING_SECONDS)
                await self._send(writer, b": ping\n\n")

    async def _write_until_the_end(
        self, writer: asyncio.StreamWriter, path: str, seconds: float
    ) -> None:
        """A line now and then, pings, and the state when the run is ended."""
        ended, events = self._end_of(self._fleet.owner_of(path)), self._fleet.events()
        pinged_at = time.monotonic()
        while not ended.done():
            await asyncio.wait((ended,), timeout=min(seconds, PING_SECONDS))
            if time.monotonic() - pinged_at >= PING_SECONDS:
                pinged_at = time.monotonic()
                await self._send(writer, b": ping\n\n")
            await self._send(writer, ended.result() if ended.done() else next(events))
        writer.close()

    async def _write_on(self, writer: asyncio.StreamWriter, rate: int) -> None:
        """Endless lines; late ones are sent in larger bursts."""
        events, sent, began = self._fleet.events(), 0, time.monotonic()
        while True:
            due = int((time.monotonic() - began) * rate) + SCREENFUL
            await self._send(writer, b"".join(next(events) for _ in range(due - sent)))
            sent = due
            await asyncio.sleep(1 / BURSTS)

    async def _send(self, writer: asyncio.StreamWriter, body: bytes) -> None:
        self._sent += len(body)
        for start in range(0, len(body), _CHUNK):
            writer.write(body[start : start + _CHUNK])
            await writer.drain()

    def told(self) -> Seen:
        """What was seen so far."""
        return msgspec.structs.replace(self.seen, sent=self._sent)


def _head(body: bytes) -> bytes:
    length = f"Content-Length: {len(body)}"
    return f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n{length}\r\n\r\n".encode()


@dataclass(frozen=True)
class Running:
    """A service process."""

    url: str
    process: "subprocess.Popen[str]"

    def go(self) -> float:
        """Release held streams; returns the time on the monotonic clock."""
        now = time.monotonic()
        self._say("go")
        return now

    def end(self, owner: int) -> float:
        """End the newest run of a runner; returns the time on the monotonic clock."""
        now = time.monotonic()
        self._say(f"end {owner}")
        return now

    def seen(self) -> Seen:
        """The requests so far."""
        return msgspec.json.decode(self._say("seen"), type=Seen)

    @property
    def streamed(self) -> int:
        """The number of runs whose stream was requested."""
        paths = {path.partition("?")[0] for _, path in self.seen().requests}
        return sum(path.endswith("/stream") for path in paths)

    def _say(self, command: str) -> str:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(command + "\n")
        self.process.stdin.flush()
        return self.process.stdout.readline()


@contextmanager
def service(plan: Plan, host: str = "127.0.0.1") -> Iterator[Running]:
    """A service with the data of a plan, running within the context.

    Args:
        plan: its data.
        host: where it listens; the program's budget of requests does not hold on loopback.
    """
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.bench.service", msgspec.json.encode(plan).decode(), host],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        yield Running(f"http://{host}:{int(process.stdout.readline())}/v1", process)
    finally:
        process.kill()
        process.communicate()


def _obey(service: Service, loop: asyncio.AbstractEventLoop) -> None:
    for line in sys.stdin:
        if line.strip() == "go":
            loop.call_soon_threadsafe(service.may_go.set)
            print(flush=True)
        elif line.startswith("end "):
            loop.call_soon_threadsafe(service.end, int(line.split()[1]))
            print(flush=True)
        else:
            print(msgspec.json.encode(service.told()).decode(), flush=True)


async def _main(plan: Plan, host: str) -> None:
    served = Service(plan)
    threading.Thread(target=_obey, args=(served, asyncio.get_running_loop()), daemon=True).start()
    await served.serve(host)


if __name__ == "__main__":
    asyncio.run(_main(msgspec.json.decode(sys.argv[1], type=Plan), sys.argv[2]))
