"""All documented limits of a trigger are checked, and the error names the field."""

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    import httpx

    from tests.support.wire import Wire

OK_ENV = {"env_key": "A", "env_val": "1"}


async def _post(wire: "Wire", **request: Any) -> "httpx.Response":
    return await wire.http.post(f"/runners/{wire.runner_id('Hello')}/runs", **request)


@pytest.mark.parametrize(
    ("field", "body"),
    [
        ("argv", {"argv": ["a"], "command": "b"}),
        ("argv", {"argv": ["x"] * 201}),
        ("argv", {"argv": ["x" * 4000, "y" * 4001]}),
        ("argv", {"argv": "ls -l"}),
        ("argv", {"argv": ["a", 1]}),
        ("argv", {"argv": ["a\0b"]}),
        ("command", {"command": "x" * 4001}),
        ("command", {"command": ["x"]}),
        ("command", {"command": "a\0b"}),
        ("entrypoint", {"entrypoint": "x" * 501}),
        ("entrypoint", {"entrypoint": 5}),
        ("env_variables", {"env_variables": {"A": "1"}}),
        ("env_variables", {"env_variables": [{"env_key": "A"}]}),
        ("env_variables", {"env_variables": [{"env_val": "A"}]}),
        ("env_variables", {"env_variables": [{"env_key": "A", "env_val": 1}]}),
        ("env_variables", {"env_variables": [{"env_key": "1A", "env_val": "x"}]}),
        ("env_variables", {"env_variables": [{"env_key": "A-B", "env_val": "x"}]}),
        ("env_variables", {"env_variables": [{"env_key": "", "env_val": "x"}]}),
        ("env_variables", {"env_variables": [OK_ENV, OK_ENV]}),
    ],
)
async def test_breach_names_the_field(wire: "Wire", field: str, body: dict[str, Any]) -> None:
    answer = await _post(wire, json=body)
    assert answer.status_code == 400
    errors = answer.json()["errors"]
    assert list(errors) == [field]
    assert all(isinstance(message, str) and message for message in errors[field])
    assert (await wire.http.get(f"/runners/{wire.runner_id('Hello')}/runs")).json() == {"runs": []}


async def test_several_breaches_are_told_at_once(wire: "Wire") -> None:
    answer = await _post(wire, json={"command": 1, "entrypoint": "x" * 501, "argv": ["y"] * 201})
    assert sorted(answer.json()["errors"]) == ["argv", "command", "entrypoint"]


@pytest.mark.parametrize(
    "body",
    [
        {"argv": ["true", *["x"] * 199]},
        {"argv": ["true", "x" * 7996]},
        {"command": ": " + "x" * 3998},
        {"entrypoint": "true " + "x" * 495},
        {"env_variables": [{"env_key": "_a1", "env_val": ""}]},
        {"argv": [], "command": None, "entrypoint": None, "env_variables": None},
        {"argv": [], "command": "true"},
        {"something": "new"},
        {},
    ],
)
async def test_at_the_limit_it_runs(wire: "Wire", body: dict[str, Any]) -> None:
    ended = await wire.ended(await wire.trigger("Hello", **body))
    assert ended["status"] == "succeeded"


async def test_no_body_is_the_default(wire: "Wire") -> None:
    assert (await _post(wire)).status_code == 200


@pytest.mark.parametrize("content", [b"{", b"[]", b'"x"', b"null", b"\xff", b"[" * 5000])
async def test_what_is_no_json_object_is_400(wire: "Wire", content: bytes) -> None:
    answer = await _post(wire, content=content)
    assert answer.status_code == 400
    assert answer.json()["error"]


@pytest.mark.parametrize(
    "path",
    [
        "/runners/unknown",
        "/runners/unknown/runs",
        "/runners/{runner}/runs/unknown",
        "/runners/{runner}/runs/unknown/logs",
        "/runners/{runner}/runs/unknown/logs/stream",
        "/elsewhere",
        "/runners/",
        "/runners/{runner}/runs/",
        "/runners/{runner}/runs/..%2f..%2frunners",
    ],
)
async def test_unknown_is_404(wire: "Wire", path: str) -> None:
    answer = await wire.http.get(path.format(runner=wire.runner_id("Hello")))
    assert answer.status_code == 404
    assert answer.json()["error"]


async def test_a_run_is_found_under_its_own_runner_alone(wire: "Wire") -> None:
    run = await wire.trigger("Hello")
    other = f"/runners/{wire.runner_id('Failing')}/runs/{run['id']}"
    assert (await wire.http.get(other)).status_code == 404
    assert (await wire.http.post(f"{other}/stop")).status_code == 404
