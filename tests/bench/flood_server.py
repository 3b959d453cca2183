"""A server of one running run that writes so many lines a second, in a process of its own.

A rate of 0 writes nothing after the first screenful.
"""

import argparse
import asyncio
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import msgspec

from tests.bench.log_server import RUN
from tests.bench.loglike import pages

RUNNING = {**RUN, "status": "running", "exit_code": None, "completed_at": None}
STEP = 0.02
"""Seconds between two bursts."""


async def flood(writer: asyncio.StreamWriter, rate: int) -> None:
    """Lines for ever; behind the clock, more at once."""
    lines = (line for page in pages(100_000_000) for line in page)
    encode, sent, began = msgspec.json.encode, 0, time.monotonic()
    while True:
        due = int((time.monotonic() - began) * rate) + 50
        events = (b"event: log\ndata: " + encode(next(lines)) + b"\n\n" for _ in range(due - sent))
        writer.write(b"".join(events))
        sent = due
        await writer.drain()
        await asyncio.sleep(STEP)


async def serve(rate: int) -> None:
    """Serve until killed; the port is the first line of stdout."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while head := await reader.readuntil(b"\r\n\r\n"):
            target = head.split(b" ", 2)[1].decode()
            if "/stream" in target:
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n")
                await flood(writer, rate)
            body = b'{"logs":[]}' if "/logs" in target else msgspec.json.encode({"run": RUNNING})
            length = f"Content-Length: {len(body)}"
            writer.write(
                f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n{length}\r\n\r\n".encode()
                + body
            )

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


@contextmanager
def flood_server(rate: int) -> Iterator[str]:
    """The base address of a server in a process of its own.

    Args:
        rate: lines a second; 0 writes a screenful and no more.
    """
    argv = [sys.executable, "-m", "tests.bench.flood_server", str(rate)]
    process = subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        assert process.stdout is not None
        yield f"http://127.0.0.1:{int(process.stdout.readline())}/v1"
    finally:
        process.kill()
        process.communicate()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("rate", type=int)
    asyncio.run(serve(parser.parse_args().rate))
