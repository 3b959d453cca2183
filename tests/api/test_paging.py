"""Pages of faulty servers: reading always ends, with at most one extra request."""

from collections.abc import Callable

import pytest

from tests.api.conftest import Follow
from tests.support.hostile import Exchange, HostileServer, Script

Choose = Callable[[HostileServer, int], range]
"""Indexes of the lines on a page, by the cursor of the request."""


def lying(choose: Choose) -> Script:
    async def script(exchange: Exchange) -> None:
        server = exchange.server
        lines = [server.line(index) for index in choose(server, exchange.after)]
        await exchange.answer(200, {"logs": lines})

    return script


def first_page_always(server: HostileServer, _: int) -> range:
    return range(server.page_size)


def everything_always(server: HostileServer, _: int) -> range:
    return range(server.written)


def one_again(server: HostileServer, after: int) -> range:
    """Each page begins with the line that `after_id` names."""
    return range(max(after - 1, 0), min(after + server.page_size - 1, server.written))


def last_line_always(server: HostileServer, after: int) -> range:
    """Never empty: without new lines the last line is repeated."""
    start = min(after, server.written - 1)
    return range(start, min(start + server.page_size, server.written))


def shrinking(server: HostileServer, after: int) -> range:
    """Each page is shorter than the one before."""
    return range(after, min(after + max(1, (server.written - after) // 2), server.written))


def two_by_turns(_: HostileServer, after: int) -> range:
    """Two pages in a circle."""
    return range(5, 10) if after == 5 else range(5)


def walks_back(server: HostileServer, after: int) -> range:
    """At the end repeats known lines, a different one each time."""
    if server.count("page") <= 4:
        return range(after, after + 5)
    return range(after - 2, after - 1)


@pytest.mark.parametrize(
    ("choose", "pages", "shown"),
    [
        (everything_always, 2, 20),
        (first_page_always, 2, 5),
        (one_again, 6, 20),
        (last_line_always, 5, 20),
        (shrinking, 7, 20),
        (two_by_turns, 3, 10),
        (walks_back, 5, 20),
    ],
)  # fmt: skip
async def test_a_server_that_repeats_itself(
    choose: Choose, pages: int, shown: int, follow: Follow
) -> None:
    async with HostileServer(20, page_size=5) as server:
        server.written = 20
        requests: list[int] = []

        async def stream(exchange: Exchange) -> None:
            requests.append(server.count("page"))
            server.always("page", page_of_the_truth)
            await exchange.head()
            await exchange.lines(0)
            await exchange.state()

        server.always("page", lying(choose))
        server.plan("stream", stream)
        followed = await follow(server)
    assert requests == [pages]
    assert followed.indexes[:shown] == list(range(shown))
    assert sorted(followed.indexes) == list(range(20))
    assert len(followed.indexes) == 20


async def page_of_the_truth(exchange: Exchange) -> None:
    server = exchange.server
    await exchange.answer(
        200, {"logs": [server.line(index) for index in range(exchange.after, server.written)]}
    )


async def test_bad_rows_do_not_affect_other_rows_even_alone_on_a_page(follow: Follow) -> None:
    async def page(exchange: Exchange) -> None:
        """One row per page; every third is invalid."""
        server = exchange.server
        rows = [server.line(index) for index in range(exchange.after, server.written)][:1]
        for row in rows:
            if server.index_of(row["id"]) % 3 == 1:
                row["body"] = None
        await exchange.answer(200, {"logs": rows})

    async with HostileServer(9) as server:
        server.written = 9
        server.always("page", page)
        followed = await follow(server)
    assert followed.indexes == [0, 2, 3, 5, 6, 8]
    assert len(followed.notices) == 3
    assert all("unreadable line" in notice for notice in followed.notices)
    assert not followed.ended.complete
    kinds = [type(event).__name__ for event in followed.events[:3]]
    assert kinds == ["NewLines", "LogNotice", "NewLines"]


async def test_a_row_without_an_id_is_reported_once(follow: Follow) -> None:
    async def page(exchange: Exchange) -> None:
        server = exchange.server
        rows = [server.line(index) for index in range(exchange.after, server.written)]
        await exchange.answer(200, {"logs": [*rows, {"body": "no id"}]})

    async with HostileServer(4) as server:
        server.written = 4
        server.always("page", page)
        followed = await follow(server)
    assert followed.indexes == list(range(4))
    assert len(followed.notices) == 1
