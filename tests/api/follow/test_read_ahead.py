"""The page after the one that is worked on is on its way, whatever the pages look like."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nodion_tui.api.client import NodionClient
from nodion_tui.api.decode.log_page import LogPage
from nodion_tui.api.follow.cursor import DeliveryCursor
from nodion_tui.api.follow.events import LogNotice, NewLines
from nodion_tui.api.follow.pages import LogPageReader
from nodion_tui.model.listing import Listing
from nodion_tui.model.log_line import LogLine
from nodion_tui.model.run import RunKey
from tests.api.conftest import KEY, Connect
from tests.support.hostile import Exchange, HostileServer

Row = dict[str, Any]
Form = Callable[[Exchange, list[Row]], Row]

ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "id": st.uuids().map(str) | st.integers(0, 99).map(str),
            "body": st.text()
            | st.sampled_from(['"id":"7"', '{"id": "7"}', '\\"id":"7', "x" * 999]),
            "created_at": st.just("2026-01-15T10:00:00.123Z"),
        }
    ),
    max_size=5,
)


@given(rows=ROWS, separators=st.sampled_from([(",", ":"), (", ", ": ")]), sort=st.booleans())
def test_the_last_id_of_a_documented_page_is_told_before_it_is_decoded(
    rows: list[dict[str, str]], separators: tuple[str, str], *, sort: bool
) -> None:
    text = json.dumps({"logs": rows}, separators=separators, sort_keys=sort, ensure_ascii=False)
    page = LogPage(text.encode("utf-8", "surrogatepass"), "GET")
    assert page.probable_last_id == (rows[-1]["id"] if rows else None)


async def lines_and_notices(client: NodionClient) -> tuple[list[str], list[str]]:
    reader = LogPageReader(client, RunKey(*KEY), DeliveryCursor())
    bodies: list[str] = []
    notices: list[str] = []
    async for event in reader.read_pages():
        if isinstance(event, NewLines):
            bodies += [line.body for line in event.lines]
        elif isinstance(event, LogNotice):
            notices.append(event.text)
    return bodies, notices


async def test_the_next_page_is_requested_before_a_page_is_decoded(
    connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[int] = []
    async with HostileServer(12, page_size=4) as server:
        server.written = 12
        client = connect(server)
        decode = LogPage.decode

        def counted(page: LogPage) -> Listing[LogLine]:
            sent.append(client.requests_sent)
            return decode(page)

        monkeypatch.setattr(LogPage, "decode", counted)
        bodies, _ = await lines_and_notices(client)
    assert bodies == [f"line {index}" for index in range(12)]
    assert sent == [2, 3, 4, 4]


def misleading(exchange: Exchange, rows: list[Row]) -> Row:
    other = {"id": exchange.server.line(0)["id"] if exchange.after else "of-another-thing"}
    return {"logs": rows, "links": [other]}


def nested(_: Exchange, rows: list[Row]) -> Row:
    return {"logs": [row | {"writer": {"id": "of-a-process"}} for row in rows]}


def numeric(_: Exchange, rows: list[Row]) -> Row:
    return {"logs": [row | {"sequence": {"id": 7}} for row in rows]}


def last_is_bad(_: Exchange, rows: list[Row]) -> Row:
    return {"logs": [*rows[:-1], rows[-1] | {"body": None}] if rows else []}


@pytest.mark.parametrize(
    ("form", "unreadable"), [(misleading, 0), (nested, 0), (numeric, 0), (last_is_bad, 3)]
)
async def test_a_page_that_misleads_costs_a_request_and_no_line(
    connect: Connect, form: Form, unreadable: int
) -> None:
    async def page(exchange: Exchange) -> None:
        server, start = exchange.server, exchange.after
        rows = [server.line(index) for index in range(start, min(start + 4, server.total))]
        await exchange.answer(200, form(exchange, rows))

    async with HostileServer(12) as server:
        server.always("page", page)
        bodies, notices = await lines_and_notices(connect(server))
    bad = range(3, 12, 4) if unreadable else ()
    assert bodies == [f"line {index}" for index in range(12) if index not in bad]
    assert len(notices) == unreadable
