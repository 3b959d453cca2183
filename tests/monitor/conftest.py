"""A scripted service behind the real client: only the transport is replaced."""

import json
from collections.abc import AsyncIterator, Callable

import httpx
import pytest

from nodion_tui.api.client import NodionClient
from nodion_tui.config import Profile, Secret

Answer = Callable[[httpx.Request], httpx.Response]


class Service:
    """Answers requests by method and path; unscripted ones with an empty list."""

    def __init__(self) -> None:
        self.requests: list[httpx.Request] = []
        self.answers: dict[str, Answer] = {}
        self.always: Answer | None = None
        """Answers every request while it is set."""

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        if self.always is not None:
            return self.always(request)
        path = request.url.path.removeprefix("/v1")
        answer = self.answers.get(f"{request.method} {path}")
        if answer is not None:
            return answer(request)
        return httpx.Response(200, json={path.rsplit("/", 1)[1]: []})

    def runners(self, *names: str) -> None:
        """List these runners, whose ids are their names."""
        rows = [{"id": name, "name": name} for name in names]
        self.answers["GET /runners"] = lambda _: httpx.Response(200, json={"runners": rows})

    def runs(self, runner: str, **statuses: str) -> None:
        """List these runs: id → status."""
        rows = [row(run_id, status) for run_id, status in statuses.items()]
        self.answers[f"GET /runners/{runner}/runs"] = lambda _: httpx.Response(
            200, json={"runs": rows}
        )

    def paths(self) -> list[str]:
        """The requested paths, in order."""
        return [request.url.path.removeprefix("/v1") for request in self.requests]


def row(run_id: str, status: str, **more: object) -> dict[str, object]:
    """A run as the service sends it."""
    return {
        "id": run_id,
        "status": status,
        "exit_code": None,
        "command": None,
        "argv": [],
        "entrypoint": None,
        "started_at": None,
        "completed_at": None,
        "created_at": "2026-01-15T10:00:00.000+01:00",
        "updated_at": "2026-01-15T10:00:00.000+01:00",
        **more,
    }


def answer_row(run: dict[str, object]) -> Answer:
    """A response with one run."""
    return lambda _: httpx.Response(200, content=json.dumps({"run": run}).encode())


@pytest.fixture
def service() -> Service:
    return Service()


@pytest.fixture
async def scripted_client(service: Service) -> AsyncIterator[NodionClient]:
    """A client that sends its requests to `service`."""
    profile = Profile(api_url="http://127.0.0.1:1/v1", key=Secret("a-key"))
    client = NodionClient(
        profile, transport=httpx.MockTransport(lambda request: _unread(service(request)))
    )
    yield client
    await client.aclose()


def _unread(response: httpx.Response) -> httpx.Response:
    """The response as it comes from a network: its body is still to be read."""
    return httpx.Response(
        response.status_code, headers=response.headers, stream=httpx.ByteStream(response.content)
    )
