"""A server of one finished run's log that costs as little as can be, in a process of its own.

All answers are made before the first request, so that what is measured is the client.
"""

import argparse
import asyncio
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import parse_qs, urlsplit

import msgspec

from tests.bench.loglike import pages

PAGE = 1000
RUN = {
    "id": "run",
    "status": "succeeded",
    "exit_code": 0,
    "started_at": "2026-01-15T10:01:00.000+01:00",
    "completed_at": "2026-01-15T10:05:30.000+01:00",
    "created_at": "2026-01-15T10:00:55.000+01:00",
}
STATE = {key: RUN[key] for key in ("status", "exit_code", "started_at", "completed_at")}


class Answers:
    """Bodies by page, and the whole stream."""

    def __init__(self, lines: int, *, live: bool) -> None:
        self.stream = b""
        self.pages: list[bytes] = []
        encode = msgspec.json.encode
        for page in pages(lines, PAGE):
            if live:
                self.stream += b"".join(
                    b"event: log\ndata: " + encode(line) + b"\n\n" for line in page
                )
            else:
                self.pages.append(encode({"logs": page}))
        self.stream += b"event: state\ndata: " + encode(STATE) + b"\n\n"

    def page(self, after_id: str | None) -> bytes:
        """The page after a line whose id begins with its number."""
        first = 0 if after_id is None else int(after_id[:8], 16) + 1
        number = first // PAGE
        return self.pages[number] if number < len(self.pages) else b'{"logs":[]}'


def respond(answers: Answers, target: str) -> tuple[str, bytes, bool]:
    """Media type, body, and whether the connection ends with it."""
    url = urlsplit(target)
    if url.path.endswith("/stream"):
        return "text/event-stream", answers.stream, True
    if url.path.endswith("/logs"):
        after = parse_qs(url.query).get("after_id")
        return "application/json", answers.page(after[0] if after else None), False
    return "application/json", msgspec.json.encode({"run": RUN}), False


async def serve(answers: Answers) -> None:
    """Serve until killed; the port is the first line of stdout."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        last = False
        while not last and (head := await reader.readuntil(b"\r\n\r\n")):
            media, body, last = respond(answers, head.split(b" ", 2)[1].decode())
            length = "" if last else f"Content-Length: {len(body)}\r\n"
            writer.write(f"HTTP/1.1 200 OK\r\nContent-Type: {media}\r\n{length}\r\n".encode())
            for start in range(0, len(body), 2**18):
                writer.write(body[start : start + 2**18])
                await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


@contextmanager
def log_server(lines: int, *, live: bool) -> Iterator[str]:
    """The base address of a server in a process of its own.

    Args:
        lines: how many lines the run has.
        live: they come by the stream, and pages are empty; else they come by pages.
    """
    argv = [sys.executable, "-m", "tests.bench.log_server", str(lines), *["--live"] * live]
    process = subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        assert process.stdout is not None
        yield f"http://127.0.0.1:{int(process.stdout.readline())}/v1"
    finally:
        process.kill()
        process.communicate()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("lines", type=int)
    parser.add_argument("--live", action="store_true")
    chosen = parser.parse_args()
    asyncio.run(serve(Answers(chosen.lines, live=chosen.live)))
