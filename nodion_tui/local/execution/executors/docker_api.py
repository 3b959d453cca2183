"""Asks a Docker daemon for what its command line cannot give: a log in frames, all tasks at once.

The requests travel through `docker system dial-stdio`, which connects to whatever daemon the user's
own arguments, context or environment name: a socket, TLS or SSH. So it reaches the daemon that the
command line reaches. In HTTP/1.0 an answer is its head and then all that comes until it closes,
without chunks; httpx and h11 were weighed: neither speaks through the pipes of a process by itself.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlencode

import msgspec

from nodion_tui.local.execution.executors.engine_cli import EngineCli

ANSWER_SECONDS = 30.0
"""Time-out of the head of an answer, and of a whole answer that is not a stream."""
READ_BYTES = 1 << 18
_FRAME_HEADER_BYTES = 8
_ERROR_STREAM = 3


class DockerApiError(Exception):
    """The daemon refused a request, or could not be reached."""


async def get_json(cli: EngineCli, path: str, **query: str) -> Any:
    """Return the answer to a GET request.

    Raises:
        DockerApiError: there is none, or it is an error.
        StartFailed: the command could not be started.
    """
    try:
        async with asyncio.timeout(ANSWER_SECONDS), _answer(cli, path, query) as body:
            return msgspec.json.decode(await body.read())
    except (TimeoutError, msgspec.DecodeError) as error:
        raise DockerApiError(f"no answer to GET {path}: {error}") from None


async def frames(cli: EngineCli, path: str, **query: str) -> AsyncIterator[list[bytes]]:
    """Yield the frames of a log, as many at once as have arrived.

    A frame is what was written to stdout or stderr: a line, or a part of a long one.

    Raises:
        DockerApiError: the daemon refused the request, or broke the log off and said so.
        StartFailed: the command could not be started.
    """
    rest = b""
    async with _answer(cli, path, query) as body:
        while data := await body.read(READ_BYTES):
            complete, rest = _split_frames(rest + data)
            yield complete
    if rest:
        raise DockerApiError("the log ends within a frame")


def _split_frames(data: bytes) -> tuple[list[bytes], bytes]:
    """Return the complete frames without their headers, and what is left."""
    complete: list[bytes] = []
    start = 0
    while start + _FRAME_HEADER_BYTES <= len(data):
        body = start + _FRAME_HEADER_BYTES
        end = body + int.from_bytes(data[body - 4 : body], "big")
        if end > len(data):
            break
        if data[start] == _ERROR_STREAM:
            raise DockerApiError(data[body:end].decode(errors="replace").strip())
        complete.append(data[body:end])
        start = end
    return complete, data[start:]


@contextlib.asynccontextmanager
async def _answer(
    cli: EngineCli, path: str, query: dict[str, str]
) -> AsyncIterator[asyncio.StreamReader]:
    """Send a request and provide the body of a successful answer."""
    async with cli.connected("system", "dial-stdio") as (reader, writer):
        target = f"{path}?{urlencode(query)}" if query else path
        writer.write(f"GET {target} HTTP/1.0\r\nHost: docker\r\n\r\n".encode())
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                head = await reader.readuntil(b"\r\n\r\n")
        except (TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            raise DockerApiError("the Docker daemon does not answer") from None
        status = head.split(b" ", 2)[1:2]
        if status != [b"200"]:
            raise DockerApiError((await reader.read()).decode(errors="replace").strip())
        yield reader
