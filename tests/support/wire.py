"""A plain HTTP client for the tests of the engine, independent of our own client."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
import msgspec
import pytest

from nodion_tui.config import Secret


def connect(url: str, key: Secret) -> httpx.AsyncClient:
    """A client for an engine, with its key."""
    headers = {"Authorization": f"Bearer {key.reveal()}"}
    return httpx.AsyncClient(base_url=url, headers=headers, timeout=20, trust_env=False)


@dataclass
class Wire:
    """Requests to one engine, and events of its streams."""

    http: httpx.AsyncClient
    runner_id: Callable[[str], str]

    async def trigger(self, runner: str, **body: Any) -> dict[str, Any]:
        answer = await self.http.post(f"/runners/{self.runner_id(runner)}/runs", json=body)
        assert answer.status_code == 200, answer.text
        run: dict[str, Any] = answer.json()["run"]
        return {**run, "path": f"/runners/{self.runner_id(runner)}/runs/{run['id']}"}

    async def get(self, run: dict[str, Any]) -> dict[str, Any]:
        answer = await self.http.get(run["path"])
        fetched: dict[str, Any] = answer.json()["run"]
        return fetched

    async def stop(self, run: dict[str, Any]) -> dict[str, Any]:
        answer = await self.http.post(f"{run['path']}/stop")
        assert answer.status_code == 200, answer.text
        stopped: dict[str, Any] = answer.json()["run"]
        return stopped

    async def logs(self, run: dict[str, Any], **query: str) -> list[dict[str, Any]]:
        answer = await self.http.get(f"{run['path']}/logs", params=query)
        lines: list[dict[str, Any]] = answer.json()["logs"]
        return lines

    async def all_logs(self, run: dict[str, Any]) -> list[dict[str, Any]]:
        lines = await self.logs(run)
        while more := await self.logs(run, after_id=lines[-1]["id"]) if lines else []:
            lines += more
        return lines

    async def logged(self, run: dict[str, Any], *awaited: str) -> list[str]:
        """The bodies of the log once it has the awaited ones.

        A stopped run may write after the end of its stream, until its job has ended.
        """
        async with asyncio.timeout(20):
            while True:
                bodies = [line["body"] for line in await self.all_logs(run)]
                if set(awaited) <= set(bodies):
                    return bodies
                await asyncio.sleep(0.02)

    async def follow(
        self, run: dict[str, Any], *, into: "Followed | None" = None, **query: str
    ) -> "Followed":
        followed = into or Followed()
        async for event, data in self.events(run, **query):
            followed.take(event, data)
        return followed

    async def events(self, run: dict[str, Any], **query: str) -> AsyncIterator[tuple[str, Any]]:
        """Events of the stream; a comment has the event name `:`."""
        headers = {"Accept": "text/event-stream"}
        path = f"{run['path']}/logs/stream"
        async with self.http.stream("GET", path, params=query, headers=headers) as answer:
            assert answer.status_code == 200, await answer.aread()
            event = ""
            async for line in _lines(answer):
                field_name, _, value = line.partition(b": ")
                if field_name == b"event":
                    event = value.decode()
                elif field_name == b"data":
                    yield event, msgspec.json.decode(value)
                elif line.startswith(b":"):
                    yield ":", line.decode()

    async def ended(self, run: dict[str, Any]) -> dict[str, Any]:
        """The run, after it has ended; its job has, too, unless the run was stopped."""
        await self.follow(run)
        return await self.get(run)


async def _lines(answer: httpx.Response) -> AsyncIterator[bytes]:
    """Lines as defined by the stream format; httpx would also split at U+2028."""
    rest = b""
    async for chunk in answer.aiter_bytes():
        *lines, rest = (rest + chunk).split(b"\n")
        for line in lines:
            yield line


@dataclass
class Followed:
    """Events of a stream until it was closed."""

    lines: list[dict[str, Any]] = field(default_factory=list)
    state: dict[str, Any] | None = None
    comments: list[str] = field(default_factory=list)

    @property
    def bodies(self) -> list[str]:
        return [line["body"] for line in self.lines]

    def take(self, event: str, data: Any) -> None:
        match event:
            case "log":
                assert self.state is None, "a line after the state"
                self.lines.append(data)
            case "state":
                assert self.state is None, "two states"
                self.state = data
            case ":":
                self.comments.append(data)
            case _:
                pytest.fail(f"unknown event {event}: {data}")


@asynccontextmanager
async def wire_to(url: str, key: Secret) -> AsyncIterator[Wire]:
    """Requests to an engine, whose runners are known by their names."""
    async with connect(url, key) as http:
        rows = (await http.get("/runners")).json()["runners"]
        yield Wire(http, {row["name"]: row["id"] for row in rows}.__getitem__)
