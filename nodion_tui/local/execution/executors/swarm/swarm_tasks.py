"""The tasks of a data folder's services in a swarm: where each one is, and how it ended."""

import asyncio
from collections.abc import Callable
from typing import Any, NamedTuple

import msgspec

from nodion_tui.local.execution.executors.create_flags import ENGINE_LABEL
from nodion_tui.local.execution.executors.docker_api import DockerApiError, get_json
from nodion_tui.local.execution.executors.engine_cli import EngineCli
from nodion_tui.local.execution.job import StartFailed

LOOK_SECONDS = 0.25
"""Pause between looks at the tasks; the API of a swarm has no event for them."""
_FINAL_STATES = frozenset({"complete", "failed", "rejected", "shutdown", "orphaned", "remove"})


class SwarmTask(NamedTuple):
    """The task of a service: a run has exactly one."""

    id: str
    node_id: str
    """Empty until a node is found."""
    state: str
    desired_state: str
    error: str
    exit_code: int

    @property
    def is_final(self) -> bool:
        """Whether it has ended, or never starts."""
        return self.state in _FINAL_STATES

    @property
    def is_given_up(self) -> bool:
        """Whether the swarm wants it to end: its node is drained or does not answer."""
        return self.desired_state in {"shutdown", "remove"}

    @property
    def has_log(self) -> bool:
        """Whether its container was made, so that there is a log to read."""
        return self.state in {"starting", "running"} or self.is_final


class SwarmTasks:
    """Looks at all tasks at once, for everybody who waits for one.

    Args:
        cli: returns Docker's command with the current arguments of the user.
        folder_number: number of the data folder.
    """

    def __init__(self, cli: Callable[[], EngineCli], folder_number: int) -> None:
        self._cli = cli
        self._filters = msgspec.json.encode({"label": [f"{ENGINE_LABEL}={folder_number}"]}).decode()
        self._tasks: dict[str, SwarmTask] = {}
        self._next_look: asyncio.Task[dict[str, SwarmTask]] | None = None

    async def look(self) -> dict[str, SwarmTask]:
        """Return the tasks by the ids of their services, after a pause.

        A manager that does not answer says nothing about its tasks: they stay as they were.
        """
        if self._next_look is None or self._next_look.done():
            self._next_look = asyncio.create_task(self._look())
        return await asyncio.shield(self._next_look)

    async def _look(self) -> dict[str, SwarmTask]:
        await asyncio.sleep(LOOK_SECONDS)
        try:
            rows = await get_json(self._cli(), "/tasks", filters=self._filters)
        except (DockerApiError, StartFailed):
            return self._tasks
        self._tasks = {row["ServiceID"]: _task(row) for row in rows or ()}
        return self._tasks


def _task(row: dict[str, Any]) -> SwarmTask:
    status = row["Status"]
    container = status.get("ContainerStatus") or {}
    return SwarmTask(
        row["ID"],
        row.get("NodeID", ""),
        status["State"],
        row.get("DesiredState", ""),
        status.get("Err", ""),
        container.get("ExitCode", 0),
    )
