"""One call: a request, its answer read to the end, and what the way there did to it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from http import HTTPStatus
from io import BytesIO
from typing import TypeVar

import httpx

from nodion_tui.api.http.cancel_once import CancelOnceTasks
from nodion_tui.api.http.error_responses import error_from_response, response_etag
from nodion_tui.api.http.key_renewal import KeyRenewal
from nodion_tui.api.http.pool import ClientPool
from nodion_tui.api.http.request_log import LoggedRequest
from nodion_tui.api.http.server_clock import ServerClock
from nodion_tui.api.http.sse import MEDIA_TYPE
from nodion_tui.api.http.transport import HttpClientFactory, network_error
from nodion_tui.config import Profile
from nodion_tui.model.errors import KeyRejected, UnexpectedResponse

T = TypeVar("T")

MAX_BODY = 256 * 1024 * 1024
"""Bytes of an answer at most, unpacked."""
_ERROR_BODY = 64 * 1024
"""Bytes that are read of an answer that is an error."""
_ERROR_SECONDS = 5.0
"""How long is waited for them."""

_STREAM_HEADERS = (
    ("Accept", MEDIA_TYPE),
    ("Accept-Encoding", "identity"),
    ("Cache-Control", "no-store"),
)
_JSON = (("Content-Type", "application/json"),)
_NETWORK = (httpx.HTTPError, httpx.StreamError, OSError, TimeoutError)
Headers = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class ApiRequest:
    """What is asked for."""

    method: str
    path: str
    """Below the API address, quoted, with its query."""
    endpoint: str
    """Method and path template, as errors name it."""
    body: bytes | None = None
    known_etag: str | None = None
    """The tag of the answer that is known: if it still stands, none has to come."""


@dataclass(frozen=True, slots=True)
class ApiResponse:
    """What came back."""

    body: bytes = b""
    etag: str | None = None
    """What tells it from others to the same call (RFC 9110, section 8.8.3)."""
    not_modified: bool = False
    """Whether it is the one that is known; then there is no body."""


class RequestSender:
    """Sends calls for one profile: GETs on kept connections, each POST on one of its own.

    Args:
        make: a profile's wire.
        renewal: the profile, and its next key once one was rejected.
        clock: learns the service's time.
    """

    def __init__(
        self, make: Callable[[Profile], HttpClientFactory], renewal: KeyRenewal, clock: ServerClock
    ) -> None:
        self._make = make
        self._renewal = renewal
        self._wire = make(renewal.profile)
        self._clock = clock
        self._renewing = asyncio.Lock()
        self._closing: asyncio.Task[None] | None = None
        self._pool = ClientPool(
            lambda: self._wire.new_client(keep_alive=True, read=self._wire.timeouts.read)
        )
        self.tasks = CancelOnceTasks()
        self.requests_sent = 0
        """Requests that were begun, streams included."""

    async def get(self, call: ApiRequest) -> ApiResponse:
        """A 200, or the word that the known answer still stands.

        A kept connection that the server had closed meanwhile is replaced, once, and so is a key
        that has expired.

        Raises:
            NodionError: there is no such answer.
        """
        return await self._with_a_fresh_key(lambda: self._get_alive(call))

    async def _get_alive(self, call: ApiRequest) -> ApiResponse:
        try:
            return await self.tasks.run(self._get(call))
        except (_NoHead, httpx.PoolTimeout):
            pass
        except _NETWORK as error:
            raise network_error(error) from None
        try:
            return await self.tasks.run(self._get(call))
        except _NETWORK as error:
            raise network_error(error) from None

    async def post(self, call: ApiRequest) -> ApiResponse:
        """A 2xx; sent once, on a new connection, whatever happens.

        A key that has expired is replaced for what is sent next.

        Raises:
            NodionError: there is no such answer.
        """
        wire = self._wire
        try:
            return await self.tasks.run(self._post(call))
        except KeyRejected:
            await self._renewed(wire)
            raise
        except _NETWORK as error:
            raise network_error(error) from None

    @asynccontextmanager
    async def stream(self, call: ApiRequest) -> AsyncIterator[AsyncIterator[bytes]]:
        """The body of an event stream, piece by piece, on a connection of its own.

        How long a silence may last is the reader's business.

        Raises:
            NodionError: it could not be opened, or broke.
        """
        async with AsyncExitStack() as stack:
            yield await self._with_a_fresh_key(lambda: stack.enter_async_context(self._open(call)))

    @asynccontextmanager
    async def _open(self, call: ApiRequest) -> AsyncIterator[AsyncIterator[bytes]]:
        async with self._wire.new_client() as client:
            try:
                async with self._head(client, call, _STREAM_HEADERS) as response:
                    await self._check_stream(response, call)
                    yield response.aiter_bytes()
            except _NETWORK as error:
                raise network_error(error) from None

    async def aclose(self) -> None:
        """Give up what is under way and close the connections; whoever asks waits for all of it."""
        if self._closing is None:
            self._closing = asyncio.get_running_loop().create_task(self._close())
        await asyncio.shield(self._closing)

    async def _close(self) -> None:
        await self.tasks.aclose()
        await self._pool.aclose()

    async def _with_a_fresh_key(self, ask: Callable[[], Awaitable[T]]) -> T:
        """Ask, and once more if the key is rejected and there is another one."""
        wire = self._wire
        try:
            return await ask()
        except KeyRejected:
            if not await self._renewed(wire):
                raise
        return await ask()

    async def _renewed(self, rejected: HttpClientFactory) -> bool:
        """Whether there is another wire by now than the one whose key was rejected."""
        async with self._renewing:
            if self._wire is rejected and await self._renewal.renew():
                self._wire = self._make(self._renewal.profile)
                await self._pool.aclose()
        return self._wire is not rejected

    async def _get(self, call: ApiRequest) -> ApiResponse:
        async with self._pool.lease() as client:
            return await self._exchange(client, call)

    async def _post(self, call: ApiRequest) -> ApiResponse:
        async with self._wire.new_client(read=self._wire.timeouts.read) as client:
            return await self._exchange(client, call)

    async def _exchange(self, client: httpx.AsyncClient, call: ApiRequest) -> ApiResponse:
        known = () if call.known_etag is None else (("If-None-Match", call.known_etag),)
        async with (
            asyncio.timeout(self._wire.timeouts.total),
            self._head(client, call, known) as response,
        ):
            if known and response.status_code == HTTPStatus.NOT_MODIFIED:
                return ApiResponse(not_modified=True)
            if not response.is_success:
                raise error_from_response(
                    response, await _start_of(response), call.endpoint, self._now()
                )
            return ApiResponse(await _whole(response, call), response_etag(response))

    @asynccontextmanager
    async def _head(
        self, client: httpx.AsyncClient, call: ApiRequest, headers: Headers = ()
    ) -> AsyncIterator[httpx.Response]:
        self.requests_sent += 1
        left = self._clock.local_time()
        request = client.build_request(
            call.method,
            f"{self._wire.base_url}{call.path}",
            content=call.body,
            headers=[*headers, *_JSON] if call.body is not None else headers,
        )
        with LoggedRequest(call.path, call.endpoint) as logged:
            try:
                response = await client.send(request, stream=True)
            except httpx.RemoteProtocolError as error:
                raise _NoHead(str(error)) from None
            try:
                logged.head(response.status_code)
                self._clock.update(response.headers.get("date"), left)
                yield response
            finally:
                await response.aclose()
                # It refers back to the answer; without it neither waits for the garbage collector.
                del response.stream

    async def _check_stream(self, response: httpx.Response, call: ApiRequest) -> None:
        """Status first, then the media type: whole, and in any case."""
        if response.status_code != 200:
            raise error_from_response(
                response, await _start_of(response), call.endpoint, self._now()
            )
        media = response.headers.get("content-type", "").partition(";")[0].strip().lower()
        if media != MEDIA_TYPE:
            raise UnexpectedResponse(
                f"expected {MEDIA_TYPE}, got {media or 'no media type'}",
                status=200,
                endpoint=call.endpoint,
            )

    def _now(self) -> float:
        return self._clock.now().timestamp()


async def _whole(response: httpx.Response, call: ApiRequest) -> bytes:
    """The body; not as pieces that are joined, for then a long one would be held twice."""
    body = BytesIO()
    async for piece in response.aiter_bytes():
        body.write(piece)
        if body.tell() > MAX_BODY:
            raise UnexpectedResponse(
                f"longer than {MAX_BODY:,} bytes",
                status=response.status_code,
                endpoint=call.endpoint,
            )
    return body.getvalue()


async def _start_of(response: httpx.Response) -> bytes:
    """What is needed of the body of an error; nothing if it cannot be read."""
    body = b""
    try:
        async with asyncio.timeout(_ERROR_SECONDS):
            async for piece in response.aiter_bytes():
                body += piece
                if len(body) > _ERROR_BODY:
                    break
    except _NETWORK:
        return b""
    return body


class _NoHead(httpx.RemoteProtocolError):
    """The connection ended before the head of the answer."""
