"""A started container."""

import asyncio
import contextlib

from nodion_tui.local.execution.executors.container_interpreter import explain_not_executed
from nodion_tui.local.execution.executors.engine_cli import CommandResult, EngineCli
from nodion_tui.local.execution.executors.output_pipe import (
    DRAIN_SECONDS,
    OutputPipe,
    wait_for_exit,
)
from nodion_tui.local.execution.run_output import RunOutput

SIGNAL_RETRY_SECONDS = 0.1
"""Pause between attempts to signal a container that is still starting."""
SIGNAL_TRIES = 30
START_POLL_SECONDS = 0.05
"""Pause between looks at a container of Docker that is starting."""


class ContainerJob:
    """Stays attached to a container from its start until it is removed.

    Raises:
        StartFailed: the command that attaches could not be started.
        OSError: there is no pipe left for the output.
    """

    def __init__(self, cli: EngineCli, name: str, output: RunOutput) -> None:
        self._cli = cli
        self._name = name
        self._output = output
        self._pipe = OutputPipe(output)
        try:
            self._attach_process = cli.start("start", "--attach", name, output=self._pipe.write_end)
        except BaseException:
            self._pipe.close()
            raise
        self._pipe.close_write_end()
        self._ended = asyncio.Event()

    async def start_problem(self) -> CommandResult | None:
        """Wait until it has started; returns what Docker's command said if it could not be.

        That would otherwise stand between the job's lines, which are not read before.
        """
        exit_task = asyncio.create_task(wait_for_exit(self._attach_process))
        try:
            while True:
                has_exited = exit_task.done()
                if await self._inspect("{{.State.Status}}") != "created":
                    return None
                if has_exited:
                    return CommandResult(self._attach_process.wait(), self._pipe.take())
                await asyncio.wait({exit_task}, timeout=START_POLL_SECONDS)
        except BaseException:
            self._kill_attach_process()
            self._pipe.take()
            raise
        finally:
            exit_task.cancel()

    async def wait(self) -> int:
        """Return its exit code once it is removed and all its output is in the log.

        If cancelled (the container engine hangs), the next start of the engine removes it.
        """
        cancelled = False
        read_task = asyncio.create_task(self._pipe.read())
        try:
            await wait_for_exit(self._attach_process)
            code = self._attach_process.wait()
            self._pipe.start_draining()
            await read_task
            return await self._explained_exit_code(code)
        except asyncio.CancelledError:
            cancelled = True
            self._kill_attach_process()
            raise
        finally:
            self._ended.set()
            read_task.cancel()
            if not cancelled:
                await self._remove()

    async def terminate(self) -> None:
        """Send the stop signal of its image to its first process, as soon as that exists."""
        stop_signal = await self._stop_signal()
        for _ in range(SIGNAL_TRIES):
            result = await self._cli.run("kill", "--signal", stop_signal, self._name)
            if result.exit_code == 0 or self._ended.is_set():
                return
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(SIGNAL_RETRY_SECONDS):
                    await self._ended.wait()

    async def kill(self) -> None:
        """Kill and remove it; its output ends even if the container engine hangs."""
        await self._remove()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(DRAIN_SECONDS):
                await self._ended.wait()
        if not self._ended.is_set():
            self._kill_attach_process()

    async def _stop_signal(self) -> str:
        """Return the name or number of its stop signal; the image or `run_args` may set it."""
        stop_signal = await self._inspect("{{.Config.StopSignal}}")
        return stop_signal if stop_signal not in {"", "0"} else "TERM"  # "0": Podman has none

    def _kill_attach_process(self) -> None:
        self._attach_process.kill()
        self._attach_process.wait()

    async def _explained_exit_code(self, attach_code: int) -> int:
        """Return the exit code; adds a line if that of the runtime is not the whole truth."""
        code = await self._exit_code(attach_code)
        if code and (said := await explain_not_executed(self._cli, self._name, self._pipe.start)):
            self._output.write_notice(said)
        return code

    async def _exit_code(self, attach_code: int) -> int:
        """Return the container's exit code, or else that of the attach command."""
        text = await self._inspect("{{.State.Status}} {{.State.ExitCode}}")
        status, _, code = text.partition(" ")
        container_code = int(code) if code.isdigit() else 0
        if container_code or status in {"exited", "stopped", "dead"}:
            return container_code
        return 128 - attach_code if attach_code < 0 else attach_code

    async def _inspect(self, template: str) -> str:
        """Return what `inspect` prints, or nothing if it fails."""
        result = await self._cli.run("inspect", "--format", template, self._name)
        return result.text if result.exit_code == 0 else ""

    async def _remove(self) -> None:
        await asyncio.shield(self._cli.remove(self._name))
