"""A run that a swarm executes as a service with one task."""

import asyncio
import contextlib
import logging
import math

from nodion_tui.local.execution.executors.creation_failure import start_failure
from nodion_tui.local.execution.executors.docker_api import DockerApiError, get_json
from nodion_tui.local.execution.executors.engine_cli import CommandResult, EngineCli
from nodion_tui.local.execution.executors.swarm.swarm_log import RETRY_SECONDS, SwarmLog
from nodion_tui.local.execution.executors.swarm.swarm_tasks import SwarmTask, SwarmTasks
from nodion_tui.local.execution.job import JobSpec, StartFailed
from nodion_tui.local.execution.run_output import RunOutput
from nodion_tui.model.text.sanitize import sanitize

KILL_SECONDS = 5.0
"""How long to wait for a node that should have killed a task by itself."""
LOST_SECONDS = 60.0
"""How long a node may take to end a task that the swarm has given up; it ends it later, if ever."""
READ_TRIES = 3
_STOPPED_EXIT_CODE = 143
_EXITED = "task: non-zero exit"
"""How the error of a task begins whose program was executed."""
_logger = logging.getLogger(__name__)


class SwarmJob:
    """Follows the task of a service until it has ended, then removes the service."""

    def __init__(
        self, cli: EngineCli, tasks: SwarmTasks, service_id: str, spec: JobSpec, output: RunOutput
    ) -> None:
        self._cli = cli
        self._tasks = tasks
        self._service_id = service_id
        self._spec = spec
        self._output = output
        self._is_stopping = False
        self._abandoned = asyncio.Event()
        self._ended = asyncio.Event()

    async def wait(self) -> int:
        """Return its exit code once all its output is in the log and its service is removed.

        If cancelled, the next start of the engine removes it.

        Raises:
            StartFailed: it was not executed, or the swarm has lost it.
        """
        cancelled = False
        try:
            return self._exit_code(await self._follow())
        except asyncio.CancelledError:
            cancelled = True
            raise
        finally:
            self._ended.set()
            if not cancelled:
                await asyncio.shield(remove_services(self._cli, self._service_id))

    async def terminate(self) -> None:
        """Have its node send the stop signal, and SIGKILL after the grace period.

        Removing the service is the only way to reach a container of another node.
        """
        self._is_stopping = True
        await remove_services(self._cli, self._service_id)

    async def kill(self) -> None:
        """Leave it to its node, which kills it by itself; its log ends soon in any case."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(KILL_SECONDS):
                await self._ended.wait()
        self._abandoned.set()

    async def _follow(self) -> SwarmTask | None:
        """Write the output until the task has ended; returns its last state, None: unknown."""
        task = await self._task_with_log()
        if task is None:
            return None
        log = SwarmLog(self._cli, task.id, self._output)
        follow_task = asyncio.create_task(log.follow())
        try:
            task = await self._ended_task(task)
        finally:
            follow_task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await follow_task
        if not _was_executed(task):
            return task
        await self._read_rest(log)
        return task

    async def _task_with_log(self) -> SwarmTask | None:
        """Wait until it is on a node; tells why if none is suitable."""
        waiting_for, seen = "", False
        while not self._abandoned.is_set():
            task = (await self._tasks.look()).get(self._service_id)
            if task is None and (seen or self._is_stopping):
                return None
            if task is None:
                continue
            seen = True
            if task.has_log:
                await self._tell_node(task)
                return task
            if task.error and task.error != waiting_for:
                waiting_for = task.error
                self._output.write_notice(f"Waiting for a node: {sanitize(task.error)}")
        return None

    async def _tell_node(self, task: SwarmTask) -> None:
        """Name the node in an internal line: where a run was is not for all readers of its log."""
        name = ""
        if task.node_id:
            with contextlib.suppress(DockerApiError, KeyError):
                node = await get_json(self._cli, f"/nodes/{task.node_id}")
                name = node["Description"]["Hostname"]
        self._output.write_internal(f"Task {task.id} on node {name or task.node_id}".encode())

    async def _ended_task(self, task: SwarmTask) -> SwarmTask:
        """Wait until it has ended; returns its last known state if it is gone or lost."""
        time, until = asyncio.get_running_loop().time, math.inf
        while not task.is_final and not self._abandoned.is_set() and time() < until:
            now = (await self._tasks.look()).get(self._service_id)
            if now is None:
                return task
            task = now
            if task.is_given_up and until == math.inf:
                until = time() + LOST_SECONDS
        return task

    async def _read_rest(self, log: SwarmLog) -> None:
        problem = ""
        for attempt in range(READ_TRIES):
            if attempt:
                await asyncio.sleep(RETRY_SECONDS)
            try:
                return await log.read_rest()
            except DockerApiError as error:
                problem = str(error)
                if self._is_stopping:  # its container may be gone with its last lines
                    return None
        self._output.write_internal(problem.encode())
        self._output.write_notice("========> The end of the output could not be read from its node")
        return None

    def _exit_code(self, task: SwarmTask | None) -> int:
        if self._is_stopping:
            return task.exit_code if task and task.is_final else _STOPPED_EXIT_CODE
        if task is not None and task.is_given_up and not task.is_final:
            raise StartFailed("The node of this run does not answer any more")
        if task is None or not task.is_final:
            raise StartFailed("The service of this run was removed from the swarm by someone else")
        if _was_executed(task) and task.state in {"complete", "failed"}:
            return task.exit_code
        self._output.write_internal(task.error.encode())
        if task.state == "rejected" and task.error.startswith("No such image"):
            raise StartFailed("The image could not be pulled by its node, and is not there")
        if task.state in {"failed", "rejected"}:
            result = CommandResult(1, task.error.encode())
            raise start_failure(self._spec, result, (*self._spec.entrypoint, *self._spec.argv))
        raise StartFailed(f"The swarm ended this run: {sanitize(task.error) or task.state}")


def _was_executed(task: SwarmTask) -> bool:
    """Whether its program ran: a start that failed has an error of its own."""
    return task.state != "rejected" and (not task.error or task.error.startswith(_EXITED))


async def remove_services(cli: EngineCli, *services: str) -> None:
    """Remove services; their nodes stop and remove the containers."""
    result = await cli.run("service", "rm", *services)
    if result.exit_code != 0 and "not found" not in result.text:
        _logger.warning("a service could not be removed; the engine's next start will retry")
