"""NodionClient: one method per endpoint of the API reference."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Self, TypeVar
from urllib.parse import quote

import msgspec
from msgspec.structs import replace

from nodion_tui.api.decode.listing_cache import KeepRow, ListingCache
from nodion_tui.api.decode.rows import InvalidResponseBody, RowDecoder
from nodion_tui.api.http.decode_turns import DecodeTurns
from nodion_tui.api.http.key_renewal import KeyRenewal
from nodion_tui.api.http.lean_httpx import httpx
from nodion_tui.api.http.requests import ApiRequest, ApiResponse, RequestSender
from nodion_tui.api.http.server_clock import ServerClock
from nodion_tui.api.http.transport import HttpClientFactory, Timeouts
from nodion_tui.config import Profile
from nodion_tui.model.errors import (
    ApiError,
    BadRequest,
    ConnectionLost,
    InputError,
    NodionError,
    OutcomeUnknown,
    ResourceNotFound,
    ServerError,
    UnexpectedResponse,
)
from nodion_tui.model.listing import Listing
from nodion_tui.model.log_line import LogLine
from nodion_tui.model.run import Run, RunRecord
from nodion_tui.model.runner import Runner
from nodion_tui.model.trigger import TriggerRequest

if TYPE_CHECKING:
    from nodion_tui.api.decode.log_page import LogPage
    from nodion_tui.api.http.stream import LogStream

T = TypeVar("T")
R = TypeVar("R", bound=msgspec.Struct)
S = TypeVar("S", bound=msgspec.Struct)

RUNNER_DECODER = RowDecoder(Runner, "runner", "runners")
RUN_DECODER = RowDecoder(RunRecord, "run", "runs")


class NodionClient:
    """Client of one profile. Every method raises a `NodionError`, never an httpx exception.

    When the service rejects a key that a key command printed, the command runs once more.

    Args:
        profile: address, key and project.
        timeouts: limits for connecting and responding, in seconds.
        transport: replaces the network in tests.
        wall_clock: the local clock, in seconds since the epoch.
        on_body: receives the unmodified body of each successful response.
        id_suffix: added to the ids of runners that are returned, and removed from those that are
            given: it tells the runners of two services apart that have the same ids.
        decode_turns: shared with other clients; None: this client's own.
        terminal_in_use: a full-screen UI owns the terminal, so a key command must not prompt.

    Raises:
        ConfigError: the address is invalid, or would expose the key.
    """

    def __init__(
        self,
        profile: Profile,
        *,
        timeouts: Timeouts | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
        wall_clock: Callable[[], float] = time.time,
        on_body: Callable[[bytes], None] | None = None,
        id_suffix: str = "",
        decode_turns: DecodeTurns | None = None,
        terminal_in_use: bool = True,
    ) -> None:
        self.profile = profile
        self._on_body = on_body
        self._id_suffix = id_suffix
        self._clock = ServerClock(wall_clock)
        new_factory = partial(HttpClientFactory, timeouts=timeouts, transport=transport)
        renewal = KeyRenewal(profile, terminal_in_use=terminal_in_use)
        self._sender = RequestSender(new_factory, renewal, self._clock)
        self._listings = ListingCache()
        self.decode_turns = decode_turns or DecodeTurns()
        """Serializes the decoding of all streams."""

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Cancel pending requests and streams, and close every connection."""
        await self._sender.aclose()

    @property
    def requests_sent(self) -> int:
        """Number of requests started so far, streams included; for request budgets."""
        return self._sender.requests_sent

    @property
    def clock_offset(self) -> timedelta:
        """Server clock minus local clock, estimated from `Date` headers."""
        return self._clock.offset

    def server_now(self) -> datetime:
        """Current server time, timezone-aware."""
        return self._clock.now()

    async def list_runners(self, *, raw: bool = False) -> Listing[Runner]:
        """GET /runners; `raw` keeps the original JSON of each row."""
        return await self._list(
            RUNNER_DECODER, "/runners", "GET /runners", self._add_suffix, raw=raw
        )

    async def get_runner(self, runner_id: str) -> Runner:
        """GET /runners/:id."""
        request = ApiRequest("GET", self._runner_path(runner_id), "GET /runners/:id")
        return await self._request(
            request,
            lambda response: self._add_suffix(RUNNER_DECODER.decode_one(response.body)),
        )

    async def list_runs(self, runner_id: str, *, raw: bool = False) -> Listing[Run]:
        """GET /runners/:runner_id/runs, in the service's order."""
        keep = partial(RunRecord.run_of, runner_id=runner_id)
        endpoint = "GET /runners/:runner_id/runs"
        return await self._list(RUN_DECODER, self._runs_path(runner_id), endpoint, keep, raw=raw)

    async def get_run(self, runner_id: str, run_id: str) -> Run:
        """GET /runners/:runner_id/runs/:id."""
        request = ApiRequest(
            "GET", self._run_path(runner_id, run_id), "GET /runners/:runner_id/runs/:id"
        )
        return await self._request(request, _run_decoder(runner_id))

    async def trigger(self, runner_id: str, request: TriggerRequest) -> Run:
        """POST /runners/:runner_id/runs; never retried.

        Raises:
            InputError: the request exceeds a documented limit, or the profile is read-only;
                nothing was sent.
            NotReachable: nothing was sent.
            BadRequest: the service rejected the request.
            OutcomeUnknown: the request was sent, but no response tells whether it took effect.
        """
        if problems := request.problems():
            raise InputError("a field exceeds a documented limit", problems)
        try:
            body = msgspec.json.encode(request)
        except UnicodeEncodeError:
            raise InputError("the request contains text that is not valid UTF-8") from None
        endpoint = "POST /runners/:runner_id/runs"
        return await self._post(
            ApiRequest("POST", self._runs_path(runner_id), endpoint, body), runner_id
        )

    async def stop(self, runner_id: str, run_id: str) -> Run:
        """POST /runners/:runner_id/runs/:id/stop; an ended run is returned unchanged.

        Raises:
            InputError: the profile is read-only; nothing was sent.
            NotReachable: nothing was sent.
            OutcomeUnknown: the request was sent, but no response tells whether it took effect.
                Stopping again is safe.
        """
        endpoint = "POST /runners/:runner_id/runs/:id/stop"
        request = ApiRequest("POST", f"{self._run_path(runner_id, run_id)}/stop", endpoint, b"")
        try:
            return await self._post(request, runner_id)
        except (ResourceNotFound, BadRequest, OutcomeUnknown) as refusal:
            if (run := await self._get_ended(runner_id, run_id)) is not None:
                return run
            raise refusal from None

    async def get_logs(
        self, runner_id: str, run_id: str, after_id: str | None = None, *, raw: bool = False
    ) -> Listing[LogLine]:
        """GET /runners/:runner_id/runs/:run_id/logs: the page after a line, oldest line first."""
        return (await self.fetch_logs(runner_id, run_id, after_id, raw=raw)).decode()

    async def fetch_logs(
        self, runner_id: str, run_id: str, after_id: str | None = None, *, raw: bool = False
    ) -> "LogPage":
        """As `get_logs`, but the page is left to be decoded."""
        from nodion_tui.api.decode.log_page import LogPage  # noqa: PLC0415 - of logs alone

        path = f"{self._run_path(runner_id, run_id)}/logs{_after_query(after_id)}"
        endpoint = "GET /runners/:runner_id/runs/:run_id/logs"
        request = ApiRequest("GET", path, endpoint)
        return await self._request(request, lambda response: LogPage(response.body, endpoint, raw))

    def stream_logs(self, runner_id: str, run_id: str, after_id: str | None = None) -> "LogStream":
        """GET /runners/:runner_id/runs/:run_id/logs/stream; use it with `async with`."""
        from nodion_tui.api.http.stream import LogStream  # noqa: PLC0415 - most commands open none

        path = f"{self._run_path(runner_id, run_id)}/logs/stream{_after_query(after_id)}"
        request = ApiRequest("GET", path, "GET /runners/:runner_id/runs/:run_id/logs/stream")
        return LogStream(
            lambda: self._sender.stream(request), self._sender.tasks, self.decode_turns
        )

    def error_text(self, data: str) -> str:
        """What an `error` event of a stream says, without the API key; empty for nothing."""
        return self._sender.error_text(data)

    def _add_suffix(self, runner: Runner, _sibling: Runner | None = None) -> Runner:
        """The runner with the suffix added to its id."""
        return replace(runner, id=f"{runner.id}{self._id_suffix}")

    def _runner_path(self, runner_id: str) -> str:
        return f"/runners/{_path_segment(runner_id.removesuffix(self._id_suffix))}"

    def _runs_path(self, runner_id: str) -> str:
        return f"{self._runner_path(runner_id)}/runs"

    def _run_path(self, runner_id: str, run_id: str) -> str:
        return f"{self._runs_path(runner_id)}/{_path_segment(run_id)}"

    async def _request(self, request: ApiRequest, decode: Callable[[ApiResponse], T]) -> T:
        """Sends a request and decodes the response."""
        response = await (
            self._sender.get(request) if request.method == "GET" else self._sender.post(request)
        )
        if self._on_body:
            self._on_body(response.body)
        try:
            return decode(response)
        except InvalidResponseBody as error:
            raise UnexpectedResponse(str(error), status=200, endpoint=request.endpoint) from None

    async def _get_ended(self, runner_id: str, run_id: str) -> Run | None:
        """The run, or None unless it is known to have ended."""
        try:
            run = await self.get_run(runner_id, run_id)
        except NodionError:
            return None
        return run if run.is_final else None

    async def _list(
        self, decoder: RowDecoder[R], path: str, endpoint: str, keep: KeepRow[R, S], *, raw: bool
    ) -> Listing[S]:
        """Requests a list: through the listing cache, or with the original JSON of each row."""

        def decode(response: ApiResponse) -> Listing[S]:
            if response.not_modified:
                return self._listings.cached(path)
            if not raw:
                return self._listings.decode(path, response.body, decoder, keep, etag=response.etag)
            return decoder.decode_list(response.body, raw=True).map(lambda row: keep(row, None))

        etag = None if raw or self._on_body else self._listings.etag(path)
        return await self._request(ApiRequest("GET", path, endpoint, known_etag=etag), decode)

    async def _post(self, request: ApiRequest, runner_id: str) -> Run:
        """Sends a POST that changes state; never retried, and an unclear outcome is an error."""
        if self.profile.read_only:
            raise InputError("the profile is read-only; nothing was sent")
        try:
            return await self._request(request, _run_decoder(runner_id))
        except (ConnectionLost, ServerError) as error:
            raise OutcomeUnknown(error.detail) from None
        except UnexpectedResponse as error:
            if _proves_no_change(error):
                raise
            raise OutcomeUnknown(error.detail) from None


def _proves_no_change(error: ApiError) -> bool:
    """Whether an unexpected status proves that nothing was changed: 4xx except 408 and 409."""
    return 400 <= error.status < 500 and error.status not in {408, 409}


def _run_decoder(runner_id: str) -> Callable[[ApiResponse], Run]:
    """Decodes a response with one run of a runner."""
    return lambda response: RUN_DECODER.decode_one(response.body).run_of(runner_id=runner_id)


def _after_query(after_id: str | None) -> str:
    return "" if after_id is None else f"?after_id={quote(after_id, safe='')}"


def _path_segment(identifier: str) -> str:
    """The id quoted as one path segment; path traversal is rejected."""
    if identifier in {"", ".", ".."}:
        raise InputError(f"{identifier!r} is not a valid id")
    return quote(identifier, safe="")
