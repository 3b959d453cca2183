"""Sends requests, reads responses completely, and retries where that is safe."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, aclosing, asynccontextmanager, suppress
from http import HTTPStatus
from io import BytesIO
from typing import TypeVar

import msgspec

from nodion_tui.api.http.body import ACCEPTED_CODING, EVENT_STREAM, content_coding, read_pieces
from nodion_tui.api.http.cancel_once import CancelOnceTasks
from nodion_tui.api.http.error_responses import error_from_response, error_message, response_etag
from nodion_tui.api.http.key_renewal import KeyRenewal
from nodion_tui.api.http.lean_httpx import httpx
from nodion_tui.api.http.pool import ClientPool
from nodion_tui.api.http.request_log import LoggedRequest
from nodion_tui.api.http.server_clock import ServerClock
from nodion_tui.api.http.transport import DirectClient, HttpClientFactory, network_error
from nodion_tui.config import Profile
from nodion_tui.model.errors import ApiError, KeyRejected, NodionError, UnexpectedResponse

T = TypeVar("T")

MAX_BODY = 256 * 1024 * 1024
"""Largest response body, decompressed, in bytes."""
_ERROR_BODY = 64 * 1024
"""Bytes read of an error response."""
_ERROR_SECONDS = 5.0
"""Time-out for reading an error response, in seconds."""

_STREAM_HEADERS = (
    ("Accept", EVENT_STREAM),
    ("Accept-Encoding", "identity"),
    ("Cache-Control", "no-store"),
)
_PACKED_HEADER = ("Accept-Encoding", ACCEPTED_CODING)
_JSON_HEADERS = (("Content-Type", "application/json"),)
_NETWORK_ERRORS = (httpx.HTTPError, httpx.StreamError, OSError, TimeoutError)
Headers = Sequence[tuple[str, str]]


class ApiRequest(msgspec.Struct, frozen=True):
    """One request to the API."""

    method: str
    path: str
    """Path below the API address, quoted, with its query."""
    endpoint: str
    """Method and path template, as used in errors."""
    body: bytes | None = None
    known_etag: str | None = None
    """ETag of the cached response, sent as `If-None-Match`."""


class ApiResponse(msgspec.Struct, frozen=True):
    """One successful response."""

    body: bytes = b""
    etag: str | None = None
    """Entity tag of the body (RFC 9110, section 8.8.3)."""
    not_modified: bool = False
    """304: the cached response is still valid, and there is no body."""


class RequestSender:
    """Sends the requests of one profile: GETs on pooled connections, each POST on a new one.

    Args:
        new_factory: creates the client factory of a profile.
        renewal: provides the profile, and a new key after the current one was rejected.
        clock: estimates the server's time from responses.
    """

    def __init__(
        self,
        new_factory: Callable[[Profile], HttpClientFactory],
        renewal: KeyRenewal,
        clock: ServerClock,
    ) -> None:
        self._new_factory = new_factory
        self._renewal = renewal
        self._factory = new_factory(renewal.profile)
        self._clock = clock
        self._renewal_lock = asyncio.Lock()
        self._closing: asyncio.Task[None] | None = None
        self._pool = ClientPool(
            lambda: self._factory.new_client(keep_alive=True, read=self._factory.timeouts.read)
        )
        self.tasks = CancelOnceTasks()
        self.requests_sent = 0
        """Number of requests started, streams included."""

    def error_text(self, body: str) -> str:
        """What an error says that came with a success, as in a stream, without the API key."""
        key = self._renewal.profile.key
        return error_message(body, key.reveal() if key else "")

    async def get(self, request: ApiRequest) -> ApiResponse:
        """Sends a GET; returns a success or a 304.

        Retries once on a new connection if the server had closed the pooled one, and once with a
        new key if the current one has expired.

        Raises:
            NodionError: the request failed.
        """
        return await self._retry_with_new_key(lambda: self._get_reconnecting(request))

    async def _get_reconnecting(self, request: ApiRequest) -> ApiResponse:
        try:
            with suppress(_NoHead, httpx.PoolTimeout):
                return await self.tasks.run(self._get(request))
            return await self.tasks.run(self._get(request))
        except _NETWORK_ERRORS as error:
            raise network_error(error, self._factory.base_url.host) from None

    async def post(self, request: ApiRequest) -> ApiResponse:
        """Sends a POST on a new connection; never retried.

        An expired key is renewed for the next request.

        Raises:
            NodionError: the request failed.
        """
        factory = self._factory
        try:
            return await self.tasks.run(self._post(request))
        except KeyRejected:
            await self._renew_key(factory)
            raise
        except _NETWORK_ERRORS as error:
            raise network_error(error, self._factory.base_url.host) from None

    @asynccontextmanager
    async def stream(self, request: ApiRequest) -> AsyncIterator[AsyncIterator[bytes]]:
        """Opens an event stream on its own connection and yields the chunks of its body.

        There is no read time-out: the reader watches for silence.

        Raises:
            NodionError: the stream could not be opened, or broke.
        """
        async with AsyncExitStack() as stack:
            yield await self._retry_with_new_key(
                lambda: stack.enter_async_context(self._open(request))
            )

    @asynccontextmanager
    async def _open(self, request: ApiRequest) -> AsyncIterator[AsyncIterator[bytes]]:
        async with self._factory.new_client() as client:
            try:
                async with self._head(client, request, _STREAM_HEADERS) as response:
                    await self._check_stream(response, request)
                    yield response.aiter_raw()
            except _NETWORK_ERRORS as error:
                raise network_error(error, self._factory.base_url.host) from None

    async def aclose(self) -> None:
        """Cancel pending requests and close the connections; every caller waits for completion."""
        if self._closing is None:
            self._closing = asyncio.get_running_loop().create_task(self._close())
        await asyncio.shield(self._closing)

    async def _close(self) -> None:
        await self.tasks.aclose()
        await self._pool.aclose()

    async def _retry_with_new_key(self, send: Callable[[], Awaitable[T]]) -> T:
        """Sends a request, and once more if the key is rejected and can be renewed."""
        factory = self._factory
        try:
            return await send()
        except KeyRejected:
            if not await self._renew_key(factory):
                raise
        return await send()

    async def _renew_key(self, rejected: HttpClientFactory) -> bool:
        """Renews a rejected key; whether the current factory has another key by now."""
        async with self._renewal_lock:
            if self._factory is rejected and await self._renewal.renew():
                self._factory = self._new_factory(self._renewal.profile)
                await self._pool.aclose()
        return self._factory is not rejected

    async def _get(self, request: ApiRequest) -> ApiResponse:
        async with self._pool.lease() as client:
            return await self._exchange(client, request)

    async def _post(self, request: ApiRequest) -> ApiResponse:
        async with self._factory.new_client(read=self._factory.timeouts.read) as client:
            return await self._exchange(client, request)

    async def _exchange(self, client: DirectClient, request: ApiRequest) -> ApiResponse:
        condition = () if request.known_etag is None else (("If-None-Match", request.known_etag),)
        headers = (_PACKED_HEADER, *condition)
        async with (
            asyncio.timeout(self._factory.timeouts.total),
            self._head(client, request, headers, self._factory.timeouts.head) as response,
        ):
            if condition and response.status_code == HTTPStatus.NOT_MODIFIED:
                return ApiResponse(not_modified=True)
            if not response.is_success:
                raise await self._error(response, request)
            return ApiResponse(await _read_body(response, request), response_etag(response))

    @asynccontextmanager
    async def _head(
        self,
        client: DirectClient,
        request: ApiRequest,
        headers: Headers,
        max_seconds: float | None = None,
    ) -> AsyncIterator[httpx.Response]:
        self.requests_sent += 1
        sent_at = self._clock.local_time()
        http_request = client.build_request(
            request.method,
            self._factory.url_of(request.path),
            content=request.body,
            headers=[*headers, *_JSON_HEADERS] if request.body is not None else headers,
        )
        with LoggedRequest(request.path, request.endpoint) as logged:
            try:
                async with asyncio.timeout(max_seconds):
                    response = await client.send_directly(http_request)
            except httpx.RemoteProtocolError as error:
                raise _NoHead(str(error)) from None
            try:
                logged.head(response.status_code)
                self._clock.update(response.headers.get("date"), sent_at)
                yield response
            finally:
                await response.aclose()
                # Breaks a reference cycle, which would keep both until garbage collection.
                del response.stream

    async def _check_stream(self, response: httpx.Response, request: ApiRequest) -> None:
        """Checks the status, then the media type (exact match, case-insensitive)."""
        if response.status_code != 200:
            raise await self._error(response, request)
        media = response.headers.get("content-type", "").partition(";")[0].strip().lower()
        content_coding(response, request.endpoint, packed=False)
        if media != EVENT_STREAM:
            raise UnexpectedResponse(
                f"expected {EVENT_STREAM}, got {media or 'no media type'}",
                status=200,
                endpoint=request.endpoint,
            )

    async def _error(self, response: httpx.Response, request: ApiRequest) -> ApiError:
        body = await _read_error_body(response, request)
        now = self._clock.now().timestamp()
        return error_from_response(response, body, request.endpoint, now)


async def _read_body(response: httpx.Response, request: ApiRequest) -> bytes:
    """The whole body, collected in one buffer: joining chunks would hold a long one twice."""
    body = BytesIO()
    async for piece in read_pieces(response, request.endpoint):
        body.write(piece)
        if body.tell() > MAX_BODY:
            raise UnexpectedResponse(
                f"longer than {MAX_BODY:,} bytes",
                status=response.status_code,
                endpoint=request.endpoint,
            )
    return body.getvalue()


async def _read_error_body(response: httpx.Response, request: ApiRequest) -> bytes:
    """The first part of an error body; empty if it cannot be read."""
    body = b""
    try:
        async with (
            asyncio.timeout(_ERROR_SECONDS),
            aclosing(read_pieces(response, request.endpoint)) as pieces,
        ):
            async for piece in pieces:
                body += piece[: _ERROR_BODY - len(body)]
                if len(body) >= _ERROR_BODY:
                    break
    except (*_NETWORK_ERRORS, NodionError):
        return b""
    return body


class _NoHead(httpx.RemoteProtocolError):
    """The connection closed before a response head arrived."""
