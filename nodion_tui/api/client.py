"""NodionClient: one method an endpoint of the API reference, one private `_request`."""

import sys
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from types import TracebackType
from typing import Self, TypeVar
from urllib.parse import quote

import httpx
import msgspec
from msgspec.structs import force_setattr

from nodion_tui.api.decode.listing_cache import ListingCache, OnNewRow
from nodion_tui.api.decode.rows import InvalidResponseBody, RowDecoder
from nodion_tui.api.http.decode_turns import DecodeTurns
from nodion_tui.api.http.key_renewal import KeyRenewal
from nodion_tui.api.http.requests import ApiRequest, ApiResponse, RequestSender
from nodion_tui.api.http.server_clock import ServerClock
from nodion_tui.api.http.stream import LogStream
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
from nodion_tui.model.run import Run
from nodion_tui.model.runner import Runner
from nodion_tui.model.trigger import TriggerRequest

T = TypeVar("T")
S = TypeVar("S", bound=msgspec.Struct)

RUNNER_DECODER = RowDecoder(Runner, "runner", "runners")
RUN_DECODER = RowDecoder(Run, "run", "runs")
LOG_DECODER = RowDecoder(LogLine, "log", "logs")
_IN_COMMON = ("argv", "command", "entrypoint")
"""What most runs of a runner have in common."""


class NodionClient:
    """Speaks for one profile. Every method raises a `NodionError` and nothing of httpx.

    When a key is rejected that a command had given, the command is asked once more.

    Args:
        profile: address, key and project.
        timeouts: seconds that connecting and answering may take.
        transport: replaces the network, for tests.
        wall: our own clock, seconds since the epoch.
        on_body: is given the body of each answer that is a success, as it was sent.
        on_screen: the terminal is painted on, so a key command may not ask for anything there.

    Raises:
        ConfigError: the address cannot be used, or would show the key.
    """

    def __init__(
        self,
        profile: Profile,
        *,
        timeouts: Timeouts | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
        wall_clock: Callable[[], float] = time.time,
        on_body: Callable[[bytes], None] | None = None,
        terminal_in_use: bool = True,
    ) -> None:
        self.profile = profile
        self._on_body = on_body
        self._clock = ServerClock(wall_clock)
        wire = partial(HttpClientFactory, timeouts=timeouts, transport=transport)
        renewal = KeyRenewal(profile, terminal_in_use=terminal_in_use)
        self._calls = RequestSender(wire, renewal, self._clock)
        self._listings = ListingCache()
        self.decode_turns = DecodeTurns()
        """Of the streams, to decode what they bring."""

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """End what is under way, streams included, and close every connection."""
        await self._calls.aclose()

    @property
    def requests_sent(self) -> int:
        """Requests begun so far, streams included; for budgets."""
        return self._calls.requests_sent

    @property
    def clock_offset(self) -> timedelta:
        """The server's clock less our own, learnt from `Date` headers."""
        return self._clock.offset

    def server_now(self) -> datetime:
        """The server's time, aware."""
        return self._clock.now()

    async def list_runners(self, *, raw: bool = False) -> Listing[Runner]:
        """GET /runners.

        Args:
            raw: keep each row's JSON as it was sent.
        """
        return await self._list(RUNNER_DECODER, "/runners", "GET /runners", _as_it_is, raw=raw)

    async def get_runner(self, runner_id: str) -> Runner:
        """GET /runners/:id."""
        call = ApiRequest("GET", f"/runners/{_id(runner_id)}", "GET /runners/:id")
        return await self._request(call, lambda answer: RUNNER_DECODER.decode_one(answer.body))

    async def list_runs(self, runner_id: str, *, raw: bool = False) -> Listing[Run]:
        """GET /runners/:runner_id/runs, in the order in which they were sent."""
        own = partial(_owned, runner_id=runner_id)
        endpoint = "GET /runners/:runner_id/runs"
        return await self._list(RUN_DECODER, _runs(runner_id), endpoint, own, raw=raw)

    async def get_run(self, runner_id: str, run_id: str) -> Run:
        """GET /runners/:runner_id/runs/:id."""
        call = ApiRequest("GET", _run(runner_id, run_id), "GET /runners/:runner_id/runs/:id")
        return await self._request(
            call, lambda answer: _owned(RUN_DECODER.decode_one(answer.body), runner_id=runner_id)
        )

    async def trigger(self, runner_id: str, request: TriggerRequest) -> Run:
        """POST /runners/:runner_id/runs, once.

        Raises:
            InputError: it breaks a documented limit, or the profile is read-only; nothing is sent.
            NotReachable: nothing was sent.
            BadRequest: the service refused it.
            OutcomeUnknown: it left, and no answer tells what became of it.
        """
        if problems := request.problems():
            raise InputError("a field breaks a documented limit", problems)
        try:
            body = msgspec.json.encode(request)
        except UnicodeEncodeError:
            raise InputError("it holds text that is not UTF-8") from None
        endpoint = "POST /runners/:runner_id/runs"
        return await self._act(ApiRequest("POST", _runs(runner_id), endpoint, body), runner_id)

    async def stop(self, runner_id: str, run_id: str) -> Run:
        """POST /runners/:runner_id/runs/:id/stop; the run unchanged if it had already ended.

        Raises:
            InputError: the profile is read-only; nothing is sent.
            NotReachable: nothing was sent.
            OutcomeUnknown: it left, and no answer tells what became of it. Stopping again is safe.
        """
        endpoint = "POST /runners/:runner_id/runs/:id/stop"
        call = ApiRequest("POST", f"{_run(runner_id, run_id)}/stop", endpoint, b"")
        try:
            return await self._act(call, runner_id)
        except (ResourceNotFound, BadRequest, OutcomeUnknown) as refusal:
            if (run := await self._final(runner_id, run_id)) is not None:
                return run
            raise refusal from None

    async def get_logs(
        self, runner_id: str, run_id: str, after_id: str | None = None, *, raw: bool = False
    ) -> Listing[LogLine]:
        """GET /runners/:runner_id/runs/:run_id/logs: one page, oldest line first.

        Args:
            runner_id: of the run.
            run_id: of the run.
            after_id: only what came after this line.
            raw: keep each line's JSON as it was sent.
        """
        path = f"{_run(runner_id, run_id)}/logs{_after(after_id)}"
        call = ApiRequest("GET", path, "GET /runners/:runner_id/runs/:run_id/logs")
        return await self._request(
            call, lambda answer: LOG_DECODER.decode_list(answer.body, raw=raw)
        )

    def stream_logs(self, runner_id: str, run_id: str, after_id: str | None = None) -> LogStream:
        """GET /runners/:runner_id/runs/:run_id/logs/stream, to be used with `async with`."""
        path = f"{_run(runner_id, run_id)}/logs/stream{_after(after_id)}"
        call = ApiRequest("GET", path, "GET /runners/:runner_id/runs/:run_id/logs/stream")
        return LogStream(lambda: self._calls.stream(call), self._calls.tasks, self.decode_turns)

    async def _request(self, call: ApiRequest, decode: Callable[[ApiResponse], T]) -> T:
        """One call and what its answer says."""
        answer = await (self._calls.get(call) if call.method == "GET" else self._calls.post(call))
        if self._on_body:
            self._on_body(answer.body)
        try:
            return decode(answer)
        except InvalidResponseBody as problem:
            raise UnexpectedResponse(str(problem), status=200, endpoint=call.endpoint) from None

    async def _final(self, runner_id: str, run_id: str) -> Run | None:
        """The run if it is known to have ended."""
        try:
            run = await self.get_run(runner_id, run_id)
        except NodionError:
            return None
        return run if run.is_final else None

    async def _list(
        self, shape: RowDecoder[S], path: str, endpoint: str, on_new: OnNewRow[S], *, raw: bool
    ) -> Listing[S]:
        """A list: with the one before in mind, or each row as it was sent."""

        def decode(answer: ApiResponse) -> Listing[S]:
            if answer.not_modified:
                return self._listings.cached(path)
            if not raw:
                return self._listings.decode(path, answer.body, shape, on_new, etag=answer.etag)
            listing = shape.decode_list(answer.body, raw=True)
            for item in listing.items:
                on_new(item, None)
            return listing

        etag = None if raw or self._on_body else self._listings.etag(path)
        return await self._request(ApiRequest("GET", path, endpoint, known_etag=etag), decode)

    async def _act(self, call: ApiRequest, runner_id: str) -> Run:
        """A POST that changes something: never repeated, and honest about what is not known."""
        if self.profile.read_only:
            raise InputError("the profile is read-only; nothing was sent")
        try:
            return await self._request(
                call,
                lambda answer: _owned(RUN_DECODER.decode_one(answer.body), runner_id=runner_id),
            )
        except (ConnectionLost, ServerError) as error:
            raise OutcomeUnknown(error.detail) from None
        except UnexpectedResponse as error:
            if _settles(error):
                raise
            raise OutcomeUnknown(error.detail) from None


def _settles(error: ApiError) -> bool:
    """Whether an unexpected status still tells that nothing was done: 4xx but 408 and 409."""
    return 400 <= error.status < 500 and error.status not in {408, 409}


def _owned(run: Run, like: Run | None = None, *, runner_id: str) -> Run:
    """The run with the runner id that the service leaves out; called before anyone else has it.

    Args:
        run: as it was sent.
        like: one of the same runner: what both have in common is held once.
        runner_id: that was asked for.
    """
    force_setattr(run, "runner_id", runner_id)
    force_setattr(run, "status", sys.intern(run.status))
    if run.updated_at == run.completed_at:
        force_setattr(run, "updated_at", run.completed_at)
    for name in _IN_COMMON if like else ():
        if (value := getattr(like, name)) == getattr(run, name):
            force_setattr(run, name, value)
    return run


def _as_it_is(_row: Runner, _like: Runner | None) -> None:
    """Nothing is left out."""


def _runs(runner_id: str) -> str:
    return f"/runners/{_id(runner_id)}/runs"


def _run(runner_id: str, run_id: str) -> str:
    return f"{_runs(runner_id)}/{_id(run_id)}"


def _after(after_id: str | None) -> str:
    return "" if after_id is None else f"?after_id={quote(after_id, safe='')}"


def _id(identifier: str) -> str:
    """An id as a segment of a path, which it cannot leave."""
    if identifier in {"", ".", ".."}:
        raise InputError(f"{identifier!r} is no id")
    return quote(identifier, safe="")
