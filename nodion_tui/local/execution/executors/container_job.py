"""One container that was started."""

import asyncio
import contextlib
from typing import TYPE_CHECKING

from nodion_tui.local.execution.executors.engine_cli import remove_containers
from nodion_tui.local.execution.executors.output_pipe import (
    DRAIN_SECONDS,
    OutputPipe,
    wait_for_exit,
)

if TYPE_CHECKING:
    from nodion_tui.local.execution.executors.create_flags import ContainerEngine
    from nodion_tui.local.execution.executors.engine_cli import EngineCli
    from nodion_tui.local.execution.run_output import RunOutput

SIGNAL_RETRY_SECONDS = 0.1
"""Between two tries to reach a container that is just being started."""
SIGNAL_TRIES = 30


class ContainerJob:
    """Attached to a container, from its start until it is removed."""

    def __init__(
        self, tool: "EngineCli", kind: "ContainerEngine", name: str, log: "RunOutput"
    ) -> None:
        self._tool = tool
        self._kind = kind
        self._name = name
        self._output = OutputPipe(log)
        self._attached = tool.start("start", "--attach", name, output=self._output.write_end)
        self._output.close_write_end()
        self._reading = asyncio.create_task(self._output.read())
        self._over = asyncio.Event()

    async def wait(self) -> int:
        """Its exit code, when it is removed and all its output is in the log.

        Cancelled, it is left to the engine's next start: then the program has hung.
        """
        given_up = False
        try:
            await wait_for_exit(self._attached)
            code = self._attached.wait()
            self._output.start_draining()
            await self._reading
            return await self._exit_code(code)
        except asyncio.CancelledError:
            given_up = True
            self._hang_up()
            raise
        finally:
            self._over.set()
            self._reading.cancel()
            if not given_up:
                await self._remove()

    async def terminate(self) -> None:
        """SIGTERM to its first process, as soon as there is one."""
        await self._signal("TERM")

    async def kill(self) -> None:
        """SIGKILL to all of it; its output ends then, whatever the program does."""
        await self._remove()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(DRAIN_SECONDS):
                await self._over.wait()
        if not self._over.is_set():
            self._hang_up()

    def _hang_up(self) -> None:
        self._attached.kill()
        self._attached.wait()

    async def _signal(self, name: str) -> None:
        for _ in range(SIGNAL_TRIES):
            said = await self._tool.run("kill", "--signal", name, self._name)
            if said.exit_code == 0 or self._over.is_set():
                return
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(SIGNAL_RETRY_SECONDS):
                    await self._over.wait()

    async def _exit_code(self, attached: int) -> int:
        """The container's own code: where it ran, or where Docker says why it could not (127).

        Else that of the program that was attached to it.
        """
        form = "{{.State.Status}} {{.State.ExitCode}}"
        said = await self._tool.run("inspect", "--format", form, self._name)
        status, _, code = said.text.partition(" ")
        own = int(code) if said.exit_code == 0 and code.isdigit() else 0
        if own or status in {"exited", "stopped", "dead"}:
            return own
        return 128 - attached if attached < 0 else attached

    async def _remove(self) -> None:
        await asyncio.shield(remove_containers(self._tool, self._kind, [self._name]))
