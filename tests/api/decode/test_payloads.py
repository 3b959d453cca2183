"""200 undocumented responses: nothing breaks, and good rows are kept."""

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest

from nodion_tui.api.client import RUN_DECODER, RUNNER_DECODER
from nodion_tui.api.decode.log_rows import LOG_DECODER
from nodion_tui.api.decode.rows import InvalidResponseBody, RowDecoder
from nodion_tui.model.listing import Listing

RUN: dict[str, Any] = {
    "id": "c3f85434-5470-46de-bbeb-ce668ca2c351",
    "status": "succeeded",
    "exit_code": 0,
    "command": None,
    "argv": ["python", "migrate.py"],
    "entrypoint": None,
    "started_at": "2026-01-15T10:01:00.000+01:00",
    "completed_at": "2026-01-15T10:05:30.000+01:00",
    "created_at": "2026-01-15T10:00:55.000+01:00",
    "updated_at": "2026-01-15T10:05:30.000+01:00",
}
VALUES: tuple[Any, ...] = (
    None, "", 0, -1, 7.5, True, [], {}, [None], {"a": 1}, "x" * 100_000, 10**400, "\ud800",
    "\x1b[2J", ["a", 1], "2026-01-15 10:00:00 UTC", "not-a-date",
)  # fmt: skip
GOOD = 3
"""Good rows before and after each bad one."""


def mutations() -> list[tuple[str, Any]]:
    """A run with each field replaced by each value, removed, or with an extra field."""
    variants: list[tuple[str, Any]] = [
        (f"{name}={json.dumps(value)[:20]}", {**RUN, name: value})
        for name in RUN
        for value in VALUES
    ]
    variants += [(f"without {name}", {key: RUN[key] for key in RUN if key != name}) for name in RUN]
    variants += [
        ("more keys", {**RUN, "image": "x", "nested": {"deep": [1, 2, {"a": None}]}}),
        ("a new status", {**RUN, "status": "paused"}),
        ("not an object", 7), ("null", None), ("a list", [RUN]), ("empty", {}), ("a string", "run"),
        ("deep", {**RUN, "extra": json.loads("[" * 400 + "]" * 400)}),
    ]  # fmt: skip
    return variants


MUTATIONS = mutations()


def row(index: int) -> dict[str, Any]:
    return {**copy.deepcopy(RUN), "id": f"good-{index}"}


def good(listing: Listing[Any]) -> list[str]:
    return [item.id for item in listing.items if item.id.startswith("good-")]


def test_there_are_enough() -> None:
    assert len(MUTATIONS) >= 188


@pytest.mark.parametrize(("name", "bad"), MUTATIONS, ids=[name for name, _ in MUTATIONS])
def test_a_bad_row_does_not_affect_good_rows(name: str, bad: Any) -> None:
    rows = [*map(row, range(GOOD)), bad, *map(row, range(GOOD, 2 * GOOD))]
    listing = RUN_DECODER.decode_list(json.dumps({"runs": rows}).encode())
    assert good(listing) == [f"good-{index}" for index in range(2 * GOOD)]
    assert len(listing.items) + len(listing.bad_rows) == len(rows)
    for problem in listing.bad_rows:
        assert problem.index == GOOD
        assert problem.problem
        assert (
            isinstance(bad, int | str | list | None)
            or not {"id", "status"} <= bad.keys()
            or ("id" in name or "status" in name)
        )
    for item in listing.items:
        item.command and item.command.encode()  # every decoded text can be encoded again
        assert all(moment is None or moment.tzinfo for moment in (item.created_at, item.started_at))


TEXTS: dict[str, Callable[[str], str]] = {
    "NaN": lambda text: text.replace('"exit_code": 0', '"exit_code": NaN', 1),
    "Infinity": lambda text: text.replace('"exit_code": 0', '"exit_code": Infinity', 1),
    "a lone surrogate": lambda text: text.replace("migrate.py", "\\ud800", 1),
    "a BOM": lambda text: "\ufeff" + text,
    "spaces": lambda text: f"\r\n\t {text} \n",
    "a key twice": lambda text: text.replace('"command": null', '"command": 1, "command": null', 1),
}


@pytest.mark.parametrize("name", TEXTS)
def test_recoverable_json_loses_nothing(name: str) -> None:
    text = TEXTS[name](json.dumps({"runs": [row(index) for index in range(5)]}))
    assert good(RUN_DECODER.decode_list(text.encode())) == [f"good-{index}" for index in range(5)]


def test_invalid_utf8_loses_nothing() -> None:
    body = json.dumps({"logs": [{"id": "good-0", "body": "a?b"}, {"id": "good-1", "body": "c"}]})
    listing = LOG_DECODER.decode_list(body.encode().replace(b"?", b"\xff"))
    assert [item.body for item in listing.items] == ["a�b", "c"]


@pytest.mark.parametrize(
    "body",
    [
        b"", b"null", b"[]", b"{}", b'{"runs":null}', b'{"runs":{}}', b'{"runs":"x"}',
        b'{"runs":7}',
        b"<html>", b'{"runs":[{"id":"x"', b"\xff\xfe", b"[" * 100_000, b'{"runs":[' * 50_000,
        b"{" * 100_000, b'"runs"', b'{"run":[]}',
    ],
    ids=lambda body: repr(body[:12]),
)  # fmt: skip
@pytest.mark.parametrize(
    "shape", [RUN_DECODER, RUNNER_DECODER, LOG_DECODER], ids=["runs", "runners", "logs"]
)
def test_a_body_without_a_list_is_reported(body: bytes, shape: RowDecoder[Any]) -> None:
    for call in (shape.decode_list, shape.decode_one, shape.decode_row):
        with pytest.raises(InvalidResponseBody) as caught:
            call(body)
        assert "<html" not in str(caught.value)
    with pytest.raises(InvalidResponseBody):
        shape.decode_list(body, raw=True)


def test_good_rows_keep_their_original_json() -> None:
    body = b'{"logs":[{"id": "a",  "body":"x"},{"id":7},{"id":"b","body":"y","more":[1]}]}'
    listing = LOG_DECODER.decode_list(body, raw=True)
    assert listing.raw == (b'{"id": "a",  "body":"x"}', b'{"id":"b","body":"y","more":[1]}')
    assert [(bad.index, bad.id) for bad in listing.bad_rows] == [(1, "7")]


def test_a_runner_with_few_fields_is_a_runner() -> None:
    body = json.dumps({"runners": [{"id": "x"}, {"id": "y", "region": None, "argv": None}]})
    listing = RUNNER_DECODER.decode_list(body.encode())
    assert [runner.id for runner in listing.items] == ["x", "y"]
    assert listing.items[1].argv == ()
