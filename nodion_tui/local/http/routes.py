"""The routes of the API (API reference), on Starlette."""

from hashlib import blake2b
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from nodion_tui.local import payloads as wire
from nodion_tui.local.fault_injection import FaultInjector
from nodion_tui.local.http.log_stream import log_stream
from nodion_tui.local.http.request_guard import RequestGuard, error_response
from nodion_tui.local.http.trigger_body import InvalidBody, parse_trigger_body
from nodion_tui.local.storage.writer import StoreUnavailable

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.types import ASGIApp

    from nodion_tui.config import Secret
    from nodion_tui.local.engine_settings import EngineSettings
    from nodion_tui.local.execution.engine import Engine
    from nodion_tui.local.runners.catalogue import RunnerCatalogue
    from nodion_tui.local.runners.runner_spec import RunnerSpec
    from nodion_tui.local.storage.run_row import RunRow
    from nodion_tui.local.storage.store import EngineStore


class Routes:
    """One method a route; holds what they share and no state of its own."""

    def __init__(
        self,
        settings: "EngineSettings",
        store: "EngineStore",
        book: "RunnerCatalogue",
        engine: "Engine",
    ) -> None:
        self._settings = settings
        self._store = store
        self._book = book
        self._engine = engine

    def asgi(self, key: "Secret", read_key: "Secret") -> "ASGIApp":
        """The application behind its guard."""
        runners = "/v1/runners"
        runs = f"{runners}/{{runner_id}}/runs"
        run = f"{runs}/{{run_id}}"
        routes = [
            Route(runners, self.list_runners),
            Route(f"{runners}/{{runner_id}}", self.get_runner),
            Route(runs, self.list_runs, methods=["GET"]),
            Route(runs, self.trigger, methods=["POST"]),
            Route(run, self.get_run),
            Route(f"{run}/stop", self.stop, methods=["POST"]),
            Route(f"{run}/logs", self.get_logs),
            Route(f"{run}/logs/stream", self.stream_logs),
        ]
        app = Starlette(
            routes=routes,
            exception_handlers=dict.fromkeys(_ANSWERED, _answer),
        )
        app.router.redirect_slashes = False
        guarded: ASGIApp = RequestGuard(app, self._settings, key, read_key)
        ask = self._settings.fault
        return guarded if ask is None else FaultInjector(guarded, ask)

    async def list_runners(self, request: "Request") -> Response:
        """`GET /runners`."""
        if not self._settings.list_runners:
            raise HTTPException(404, "not found")
        return _unless_known(request, self._book.list_payload())

    async def get_runner(self, request: "Request") -> Response:
        """`GET /runners/:id`."""
        return _json(self._book.payload(self._runner(request)))

    async def list_runs(self, request: "Request") -> Response:
        """`GET /runners/:runner_id/runs`."""
        return _unless_known(request, await self._store.runs_payload(self._runner(request).api_id))

    async def trigger(self, request: "Request") -> Response:
        """`POST /runners/:runner_id/runs`."""
        runner = self._runner(request)
        wanted = parse_trigger_body(await self._body(request))
        return _run(await self._engine.trigger(runner, wanted))

    async def get_run(self, request: "Request") -> Response:
        """`GET /runners/:runner_id/runs/:id`."""
        return _run(await self._found(request))

    async def stop(self, request: "Request") -> Response:
        """`POST /runners/:runner_id/runs/:id/stop`."""
        return _run(await self._engine.stop(await self._found(request)))

    async def get_logs(self, request: "Request") -> Response:
        """`GET /runners/:runner_id/runs/:run_id/logs`."""
        run = await self._found(request)
        after = _after(request, run) or 0
        blocks = await self._store.blocks(run.number, after, self._settings.page_size)
        return _json(wire.log_page(run.line_id_prefix, blocks))

    async def stream_logs(self, request: "Request") -> Response:
        """`GET /runners/:runner_id/runs/:run_id/logs/stream`."""
        run = await self._found(request)
        if not _accepts_events(request.headers.get("accept", "*/*")):
            return error_response(406, "the stream is text/event-stream")
        after = _after(request, run)
        feed = await self._engine.live_log(run)
        if after is None:
            after = feed.last if self._settings.stream_from == "now" else 0
        return log_stream(self._store, run, feed, after, self._settings.ping_seconds)

    def _runner(self, request: "Request") -> "RunnerSpec":
        runner = self._book.get(request.path_params["runner_id"])
        if runner is None:
            raise HTTPException(404, "no such runner")
        return runner

    async def _found(self, request: "Request") -> "RunRow":
        run = await self._store.run(self._runner(request).api_id, request.path_params["run_id"])
        if run is None:
            raise HTTPException(404, "no such run")
        return run

    async def _body(self, request: "Request") -> bytes:
        body = bytearray()
        async for chunk in request.stream():
            body += chunk
            if len(body) > self._settings.max_body_bytes:
                raise HTTPException(413, "the body is too large")
        return bytes(body)


_ANSWERED = (HTTPException, InvalidBody, StoreUnavailable, Exception)


def _after(request: "Request", run: "RunRow") -> int | None:
    """The number of the line to start behind; None where no `after_id` is given.

    An id that is not known starts at the first line: a client can drop what it already holds,
    and could not ask for what was left out.
    """
    after_id = request.query_params.get("after_id")
    return wire.line_number(run.line_id_prefix, after_id) or 0 if after_id else None


def _accepts_events(accept: str) -> bool:
    kinds = [kind.partition(";")[0].strip().lower() for kind in accept.split(",")]
    return any(kind in {"text/event-stream", "text/*", "*/*"} for kind in kinds)


def _json(body: bytes, status: int = 200) -> Response:
    return Response(body, status, media_type="application/json")


def _unless_known(request: "Request", body: bytes) -> Response:
    """A body with its tag, or the tag alone where the client has it (RFC 9110, 13.1.2)."""
    tag = f'"{blake2b(body, digest_size=16).hexdigest()}"'
    is_known = tag in request.headers.get("if-none-match", "")
    response = Response(status_code=304) if is_known else _json(body)
    response.headers["ETag"] = tag
    return response


def _run(run: "RunRow") -> Response:
    return _json(wire.encode_json({"run": run.payload()}))


async def _answer(_: "Request", problem: Exception) -> Response:
    match problem:
        case HTTPException(status_code=status, detail=detail, headers=headers):
            return error_response(status, detail.lower(), dict(headers or {}))
        case InvalidBody(problems=problems) if problems:
            return _json(wire.encode_json({"errors": problems}), 400)
        case InvalidBody():
            return error_response(400, "the body is not a JSON object")
        case StoreUnavailable():
            return error_response(503, "the engine cannot write its data", {"Retry-After": "5"})
        case _:
            return error_response(500, "the engine has a fault; its log says more")
