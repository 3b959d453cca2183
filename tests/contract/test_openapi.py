"""The reference as a machine reads it: `openapi.yaml`, held against examples, routes and engine.

schemathesis runs as a program: as a plugin of pytest it would slow down the start of every test.
"""

import asyncio
import contextlib
import dataclasses
import json
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema_rs import Draft202012Validator

from nodion_tui.local.engine_settings import EngineSettings
from nodion_tui.local.http.server import EngineServer
from nodion_tui.local.runners.runner_spec import RunnerSpec
from tests.support.wire import Wire, connect, wire_to

SCHEMA = Path(__file__).with_name("openapi.yaml")
EXAMPLES = Path(__file__).with_name("reference")
PROGRAM = str(Path(sys.executable).with_name("schemathesis"))
SSE = {"Accept": "text/event-stream"}
BLOCKING = RunnerSpec(name="Blocks", run_command="while :; do sleep 1; done")
OFFERED = RunnerSpec(name="Offered", run_command="echo done")


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(SCHEMA.read_text())
    return loaded


def problems(document: dict[str, Any], schema: dict[str, Any], value: object) -> list[str]:
    """What is wrong with a value."""
    validator = Draft202012Validator(schema | {"components": document["components"]})
    return [str(error) for error in validator.iter_errors(value)]


@pytest.mark.parametrize(
    ("file", "path", "method"),
    [
        ("get_runs.json", "/runners/{runner_id}/runs", "get"),
        ("trigger.json", "/runners/{runner_id}/runs", "post"),
        ("get_run.json", "/runners/{runner_id}/runs/{run_id}", "get"),
        ("stop.json", "/runners/{runner_id}/runs/{run_id}/stop", "post"),
        ("get_logs.json", "/runners/{runner_id}/runs/{run_id}/logs", "get"),
    ],
)
def test_the_answers_of_the_reference_are_valid(
    document: dict[str, Any], file: str, path: str, method: str
) -> None:
    content = document["paths"][path][method]["responses"]["200"]["content"]
    example = json.loads((EXAMPLES / file).read_text())
    assert problems(document, content["application/json"]["schema"], example) == []
    broken: dict[str, Any] = {key: {} for key in example}
    assert problems(document, content["application/json"]["schema"], broken) != []


@pytest.mark.parametrize("file", ["trigger_argv_request.json", "trigger_command_request.json"])
def test_the_requests_of_the_reference_are_valid(document: dict[str, Any], file: str) -> None:
    schema = {"$ref": "#/components/schemas/Trigger"}
    assert problems(document, schema, json.loads((EXAMPLES / file).read_text())) == []
    assert problems(document, schema, {"argv": ["x"], "command": "x"}) != []


def test_the_runner_of_the_reference_is_valid(document: dict[str, Any]) -> None:
    schema = {"$ref": "#/components/schemas/Runner"}
    example = json.loads((EXAMPLES / "get_runner.json").read_text())
    assert problems(document, schema, example) == []
    assert problems(document, schema, example | {"created_at": None}) != []


def test_every_event_of_the_reference_is_valid(document: dict[str, Any]) -> None:
    names = document["components"]["schemas"]["StreamEvent"]["properties"]["event"]["enum"]
    blocks = (EXAMPLES / "stream.txt").read_text().split("\n\n")
    events = [block.splitlines() for block in blocks if block.startswith("event: ")]
    assert len(events) == 3
    for event, data in events:
        name = event.removeprefix("event: ")
        assert name in names
        schema = {"$ref": f"#/components/schemas/{name.capitalize()}Event"}
        payload = json.loads(data.removeprefix("data: "))
        assert problems(document, schema, payload) == []
        assert problems(document, schema, payload | {"more": 1}) != []


@pytest.fixture
async def wire(engine: EngineServer) -> AsyncIterator[Wire]:
    async with wire_to(engine.url, engine.key) as wire:
        yield wire


async def test_the_engine_allows_the_methods_of_the_document_and_no_other(
    document: dict[str, Any], wire: Wire
) -> None:
    values = {"runner_id": wire.runner_id("Offered"), "run_id": "x"}
    for path, item in document["paths"].items():
        answer = await wire.http.request("PATCH", path.format_map(values))
        allowed = set(answer.headers["allow"].replace(" ", "").split(",")) - {"HEAD"}
        assert (answer.status_code, allowed) == (405, {method.upper() for method in item})


async def test_a_stream_without_its_media_type_and_a_deleted_log_answer_as_documented(
    document: dict[str, Any], engine_settings: EngineSettings
) -> None:
    log = "/runners/{runner_id}/runs/{run_id}/logs"
    settings = dataclasses.replace(engine_settings, keep_logs_seconds=0.05)
    async with EngineServer(settings) as server, connect(server.url, server.key) as http:
        run = await Wire(http, lambda _: OFFERED.api_id).trigger("Offered")
        refused = await http.get(f"{run['path']}/logs/stream")
        async with asyncio.timeout(10):
            while (page := await http.get(f"{run['path']}/logs")).status_code == 200:
                pass
        stream = await http.get(f"{run['path']}/logs/stream", headers=SSE)
    for path, answer, status in (
        (f"{log}/stream", refused, 406),
        (f"{log}/stream", stream, 410),
        (log, page, 410),
    ):
        assert answer.status_code == status
        described = document["paths"][path]["get"]["responses"][str(status)]
        schema = document["components"]["responses"][described["$ref"].rpartition("/")[2]]
        json_schema = schema["content"]["application/json"]["schema"]
        assert problems(document, json_schema, answer.json()) == []


async def test_what_any_request_may_be_refused_with_is_documented_for_each(
    document: dict[str, Any], engine_settings: EngineSettings
) -> None:
    settings = dataclasses.replace(engine_settings, requests_per_minute=3, max_body_bytes=4)
    async with EngineServer(settings) as server, connect(server.url, server.key) as http:
        answers = [
            await http.get("/runners", headers={"Authorization": "Bearer no"}),
            await http.get("/runners", headers={"Host": "elsewhere.example"}),
            await http.request("GET", "/runners", content=b"large"),
        ]
        while (limited := await http.get("/runners")).status_code == 200:
            pass
    assert [answer.status_code for answer in (*answers, limited)] == [401, 403, 413, 429]
    for operation in (each for item in document["paths"].values() for each in item.values()):
        for answer in (*answers, limited):
            described = operation["responses"][str(answer.status_code)]
            response = document["components"]["responses"][described["$ref"].rpartition("/")[2]]
            schema = response["content"]["application/json"]["schema"]
            assert problems(document, schema, answer.json()) == []
            assert set(response.get("headers", ())) <= {*map(str.title, answer.headers)}


async def test_the_error_event_is_as_documented(
    document: dict[str, Any], engine_settings: EngineSettings
) -> None:
    async with contextlib.AsyncExitStack() as stack:
        server = await stack.enter_async_context(EngineServer(engine_settings))
        http = await stack.enter_async_context(connect(server.url, server.key))
        wire = Wire(http, lambda name: {"Blocks": BLOCKING, "Offered": OFFERED}[name].api_id)
        await wire.trigger("Blocks")
        pending = await wire.trigger("Offered")
        async with http.stream("GET", f"{pending['path']}/logs/stream", headers=SSE) as answer:
            await server.__aexit__()
            event, data = (await answer.aread()).decode().strip().splitlines()
    assert event == "event: error"
    schema = {"$ref": "#/components/schemas/ErrorEvent"}
    assert problems(document, schema, json.loads(data.removeprefix("data: "))) == []


async def test_every_route_of_the_engine_is_in_the_document(
    document: dict[str, Any], engine_settings: EngineSettings
) -> None:
    guards: list[Any] = []

    def observed(guard: Any) -> Any:
        guards.append(guard)
        return guard

    async with EngineServer(dataclasses.replace(engine_settings, middleware=observed)):
        (guard,) = guards
        routes = {route.path.removeprefix("/v1"): route.methods for route in guard._app.routes}
    described = {path: {m.upper() for m in item} for path, item in document["paths"].items()}
    assert {path: methods - {"HEAD"} for path, methods in routes.items()} == described


@pytest.fixture
def engine_settings(engine_settings: EngineSettings) -> EngineSettings:
    return dataclasses.replace(engine_settings, max_running=1, runners=(BLOCKING, OFFERED))


async def conformance(
    engine: EngineServer, wire: Wire, folder: Path, *options: str
) -> tuple[int | None, str]:
    """Exit code and output of schemathesis.

    Nothing of what it makes up is executed: one run blocks, all others wait as pending.

    Raises:
        AssertionError: the blocking run has ended, or a made-up one has started.
    """
    ended = await wire.ended(await wire.trigger("Offered"))
    blocking = await wire.trigger("Blocks")
    config = folder / "schemathesis.toml"
    config.write_text(
        f'[parameters]\n"path.runner_id" = "{wire.runner_id("Offered")}"\n'
        f'"path.run_id" = "{ended["id"]}"\n'
        '[[operations]]\ninclude-operation-id = "streamLogs"\n'
        'headers = { Accept = "text/event-stream" }\n'
    )
    process = await asyncio.create_subprocess_exec(
        *(PROGRAM, "--config-file", str(config), "run", str(SCHEMA), "--url", engine.url),
        *("--header", f"Authorization: Bearer {engine.key.reveal()}"),
        *("--request-timeout", "20", "--warnings", "off", "--no-color"),
        *("--suppress-health-check", "all", *options),
        cwd=folder,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await process.communicate()
    assert (await wire.get(blocking))["status"] == "running"
    listed = await wire.http.get(f"/runners/{wire.runner_id('Offered')}/runs")
    made_up = [run for run in listed.json()["runs"] if run["id"] != ended["id"]]
    assert made_up
    assert all(run["started_at"] is None for run in made_up)
    return process.returncode, output.decode()


async def test_the_engine_keeps_to_the_document(
    engine: EngineServer, wire: Wire, tmp_path: Path
) -> None:
    short = ("--phases", "coverage,fuzzing", "--max-examples", "10", "--generation-deterministic")
    code, output = await conformance(engine, wire, tmp_path, *short)
    assert (code, "No issues found" in output) == (0, True), output
