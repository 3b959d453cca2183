"""Routes of the API (API reference), on Starlette."""

import re
from hashlib import blake2b

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from nodion_tui.config import Secret
from nodion_tui.local import payloads
from nodion_tui.local.engine_settings import EngineSettings
from nodion_tui.local.execution.engine import Engine
from nodion_tui.local.http.log_stream import INTERNAL_ERROR, log_stream
from nodion_tui.local.http.request_guard import RequestGuard, error_response
from nodion_tui.local.http.trigger_body import InvalidBody, parse_trigger_body
from nodion_tui.local.runners.catalogue import RunnerCatalogue
from nodion_tui.local.runners.runner_spec import RunnerSpec
from nodion_tui.local.storage.run_row import RunRow
from nodion_tui.local.storage.store import EngineStore, LogDeleted
from nodion_tui.local.storage.store_faults import StoreUnavailable


class Routes:
    """One method per route; stateless."""

    def __init__(
        self,
        settings: EngineSettings,
        store: EngineStore,
        catalogue: RunnerCatalogue,
        engine: Engine,
    ) -> None:
        self._settings = settings
        self._store = store
        self._catalogue = catalogue
        self._engine = engine

    def asgi(self, key: Secret, read_key: Secret) -> ASGIApp:
        """Return the application, wrapped in the request guard and what the settings add."""
        runners = "/v1/runners"
        runs = f"{runners}/{{runner_id}}/runs"
        run = f"{runs}/{{run_id}}"
        routes = [
            Route(runners, self.list_runners),
            Route(f"{runners}/{{runner_id}}", self.get_runner),
            Route(runs, self.list_or_trigger, methods=["GET", "POST"]),
            Route(run, self.get_run),
            Route(f"{run}/stop", self.stop, methods=["POST"]),
            Route(f"{run}/logs", self.get_logs),
            Route(f"{run}/logs/stream", self.stream_logs),
        ]
        errors = (
            *(HTTPException, InvalidBody, LogDeleted, StoreUnavailable, ClientDisconnect),
            Exception,
        )
        app = Starlette(routes=routes, exception_handlers=dict.fromkeys(errors, _handle_error))
        app.router.redirect_slashes = False
        guarded: ASGIApp = RequestGuard(app, self._settings, key, read_key)
        wrap = self._settings.middleware
        return guarded if wrap is None else wrap(guarded)

    async def list_runners(self, request: Request) -> Response:
        """`GET /runners`."""
        if not self._settings.list_runners:
            raise HTTPException(404, "not found")
        return _with_etag(request, self._catalogue.list_payload())

    async def get_runner(self, request: Request) -> Response:
        """`GET /runners/:id`."""
        return _json_response(self._catalogue.payload(self._require_runner(request)))

    async def list_or_trigger(self, request: Request) -> Response:
        """`GET` or `POST /runners/:runner_id/runs`: one route, so that `Allow` names both."""
        return await (self.trigger if request.method == "POST" else self.list_runs)(request)

    async def list_runs(self, request: Request) -> Response:
        """`GET /runners/:runner_id/runs`."""
        return _with_etag(
            request, await self._store.runs_payload(self._require_runner(request).api_id)
        )

    async def trigger(self, request: Request) -> Response:
        """`POST /runners/:runner_id/runs`."""
        runner = self._require_runner(request)
        body = await self._read_body(request)
        trigger_request = parse_trigger_body(body, self._settings.empty_argv)
        return _run_response(await self._engine.trigger(runner, trigger_request))

    async def get_run(self, request: Request) -> Response:
        """`GET /runners/:runner_id/runs/:id`."""
        return _run_response(await self._require_run(request))

    async def stop(self, request: Request) -> Response:
        """`POST /runners/:runner_id/runs/:id/stop`."""
        return _run_response(await self._engine.stop(await self._require_run(request)))

    async def get_logs(self, request: Request) -> Response:
        """`GET /runners/:runner_id/runs/:run_id/logs`."""
        run = await self._require_run(request)
        _check_log(run)
        after_line = _after_line(request, run) or 0
        blocks = await self._store.blocks(run.number, after_line, self._settings.page_size)
        if not blocks and after_line > await self._store.last_line(run.number):
            blocks = await self._store.blocks(run.number, 0, self._settings.page_size)
        return _json_response(payloads.log_page(run.line_id_prefix, blocks))

    async def stream_logs(self, request: Request) -> Response:
        """`GET /runners/:runner_id/runs/:run_id/logs/stream`."""
        run = await self._require_run(request)
        if self._settings.stream_accept == "required" and not _accepts_events(request):
            return error_response(406, "the stream needs the header Accept: text/event-stream")
        _check_log(run)
        after_line = _after_line(request, run)
        live_log = await self._engine.live_log(run)
        if after_line is None:
            after_line = live_log.last_line if self._settings.stream_from == "now" else 0
        # Pages and slow streams have committed lines shortly before the live log has them.
        elif after_line > max(live_log.last_line, await self._store.last_line(run.number)):
            after_line = 0
        return log_stream(self._store, run, live_log, after_line, self._settings.ping_seconds)

    def _require_runner(self, request: Request) -> RunnerSpec:
        runner = self._catalogue.get(request.path_params["runner_id"])
        if runner is None:
            raise HTTPException(404, "no such runner")
        return runner

    async def _require_run(self, request: Request) -> RunRow:
        run = await self._store.find_run(
            self._require_runner(request).api_id, request.path_params["run_id"]
        )
        if run is None:
            raise HTTPException(404, "no such run")
        return run

    async def _read_body(self, request: Request) -> bytes:
        body = bytearray()
        async for chunk in request.stream():
            body += chunk
            if len(body) > self._settings.max_body_bytes:
                raise HTTPException(413, "the body is too large")
        return bytes(body)


def _check_log(run: RunRow) -> None:
    """Raise `LogDeleted` if the log of a run is no longer kept."""
    if run.log_deleted_at is not None:
        raise LogDeleted


def _after_line(request: Request, run: RunRow) -> int | None:
    """Return the line number to start after; None without `after_id`.

    An id that was never given out starts at the first line, be it of another form or that of a line
    yet to come: a client can drop lines that it already has, but could not request lines that were
    skipped.
    """
    after_id = request.query_params.get("after_id")
    return payloads.line_number(run.line_id_prefix, after_id) or 0 if after_id else None


def _accepts_events(request: Request) -> bool:
    """Whether the request names the stream's media type, which the API reference requires.

    A wildcard is not enough: most clients send one with every request.
    """
    for media_range in ",".join(request.headers.getlist("accept")).split(","):
        kind, *parameters = (part.strip().lower() for part in media_range.split(";"))
        if kind == "text/event-stream":
            return not any(_REFUSAL.fullmatch(parameter) for parameter in parameters)
    return False


_REFUSAL = re.compile(r"q=0(\.0{0,3})?")
"""The weight of what a client does not accept (RFC 9110, section 12.4.2)."""


def _json_response(body: bytes, status: int = 200) -> Response:
    return Response(body, status, media_type="application/json")


def _with_etag(request: Request, body: bytes) -> Response:
    """Respond with the body and its ETag, or with 304 if the client has it (RFC 9110, 13.1.2)."""
    tag = f'"{blake2b(body, digest_size=16).hexdigest()}"'
    is_unchanged = tag in request.headers.get("if-none-match", "")
    response = Response(status_code=304) if is_unchanged else _json_response(body)
    response.headers["ETag"] = tag
    return response


def _run_response(run: RunRow) -> Response:
    return _json_response(payloads.encode_json({"run": run.payload()}))


async def _handle_error(_: Request, problem: Exception) -> Response:
    match problem:
        case HTTPException(status_code=status, detail=detail, headers=headers):
            return error_response(status, detail.lower(), dict(headers or {}))
        case InvalidBody(problems=problems):
            error = {"errors": problems} if problems else {"error": "the body is not a JSON object"}
            return _json_response(payloads.encode_json(error), 400)
        case LogDeleted():
            return error_response(410, str(problem))
        case ClientDisconnect():
            return Response(status_code=400)  # nobody gets it
        case StoreUnavailable():
            return error_response(503, str(problem), {"Retry-After": "5"})
        case _:
            return error_response(500, INTERNAL_ERROR)
