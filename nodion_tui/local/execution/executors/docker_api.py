"""Asks a Docker daemon for what its command line cannot give: a log in frames, all tasks at once.

The requests travel through `docker system dial-stdio`, which connects to whatever daemon the user's
own arguments, context or environment name: a socket, TLS or SSH. So it reaches the daemon that the
command line reaches. In HTTP/1.0 an answer is its head and then all that comes until it closes,
without chunks; httpx and h11 were weighed: neither speaks through the pipes of a process by itself.
"""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, AsyncIterator
from typing import Any
from urllib.parse import urlencode

import msgspec

from nodion_tui.local.execution.executors.engine_cli import EngineCli

ANSWER_SECONDS = 30.0
"""Time-out of the head of an answer, and of a whole answer that is not a log."""
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
    return await _read_json(cli, f"GET {_target(path, query)}", b"")


async def post_json(cli: EngineCli, path: str, body: object, **query: str) -> Any:
    """Return the answer to a POST request with a JSON body.

    Raises:
        DockerApiError: there is none, or it is an error.
        StartFailed: the command could not be started.
    """
    return await _read_json(cli, f"POST {_target(path, query)}", msgspec.json.encode(body))


async def _read_json(cli: EngineCli, request: str, body: bytes) -> Any:
    try:
        async with asyncio.timeout(ANSWER_SECONDS), _answer(cli, request, body) as answer:
            return msgspec.json.decode(await answer.read())
    except (TimeoutError, msgspec.DecodeError) as error:
        raise DockerApiError(f"no answer to {request}: {error}") from None


async def frames(cli: EngineCli, path: str, **query: str) -> AsyncGenerator[list[bytes], None]:
    """Yield the frames of a log, as many at once as have arrived.

    A frame is what was written to stdout or stderr: a line, or a part of a long one. A log that is
    followed (`follow="1"`) has no answer at all, not even a head, until there is output.

    Raises:
        DockerApiError: the daemon refused the request, or broke the log off and said so.
        StartFailed: the command could not be started.
    """
    rest = b""
    head_seconds = None if query.get("follow") == "1" else ANSWER_SECONDS
    request = f"GET {_target(path, query)}"
    async with _answer(cli, request, head_seconds=head_seconds) as body:
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


def _target(path: str, query: dict[str, str]) -> str:
    return f"{path}?{urlencode(query)}" if query else path


@contextlib.asynccontextmanager
async def _answer(
    cli: EngineCli,
    request: str,
    body: bytes = b"",
    *,
    head_seconds: float | None = ANSWER_SECONDS,
) -> AsyncIterator[asyncio.StreamReader]:
    """Send a request and provide the body of a successful answer."""
    async with cli.connected("system", "dial-stdio") as (reader, writer):
        about_body = f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
        head = f"{request} HTTP/1.0\r\nHost: docker\r\n{about_body if body else ''}\r\n"
        writer.write(head.encode() + body)
        try:
            async with asyncio.timeout(head_seconds):
                answer_head = await reader.readuntil(b"\r\n\r\n")
        except (TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            raise DockerApiError("the Docker daemon does not answer") from None
        status = answer_head.split(b" ", 2)[1:2]
        if status not in ([b"200"], [b"201"]):
            raise DockerApiError(_message(await reader.read()))
        yield reader


def _message(refusal: bytes) -> str:
    """Return what the daemon says about an error, or all of its answer."""
    with contextlib.suppress(msgspec.DecodeError, KeyError):
        return msgspec.json.decode(refusal, type=dict[str, str])["message"]
    return refusal.decode(errors="replace").strip()
