"""Pipe that a job writes to: stdout and stderr, in the order of the writes."""

import asyncio
import contextlib
import fcntl
import os
import sys
from subprocess import Popen

from nodion_tui.local.execution.run_output import RunOutput

READ_BYTES = 1 << 18
PIPE_BYTES = 1 << 20
"""Size of the pipe's buffer, if the system allows it."""
BATCH_SECONDS = 0.005
"""Pause between reads, so that many small writes are handled as one batch."""
DRAIN_SECONDS = 2.0
"""How long to read from a pipe that an unkillable process keeps open."""
POLL_SECONDS = 0.02
"""Poll interval for a child's exit, if the system has no pidfd."""
START_BYTES = 512
"""Output kept to explain why a program was not executed."""
_F_SETPIPE_SZ = 1031


class OutputPipe:
    """Passes what is written to `write_end` to a run's log until all writers have closed it."""

    def __init__(self, output: RunOutput) -> None:
        self._read_end, self.write_end = os.pipe()
        os.set_blocking(self._read_end, False)
        with contextlib.suppress(OSError):
            if sys.platform == "linux":
                fcntl.fcntl(self._read_end, _F_SETPIPE_SZ, PIPE_BYTES)
        self.start = b""
        """The first START_BYTES of the output."""
        self._output = output
        self._drain_timeout: float | None = None
        self._wake = asyncio.Event()

    def close(self) -> None:
        """Close both ends: the job could not be started."""
        self.close_write_end()
        os.close(self._read_end)

    def close_write_end(self) -> None:
        """Close our write end once the job has its own; ours would keep the pipe open."""
        os.close(self.write_end)

    def take(self) -> bytes:
        """Return what is in the pipe, unlogged, and close the read end."""
        try:
            return os.read(self._read_end, READ_BYTES)
        except BlockingIOError:
            return b""
        finally:
            os.close(self._read_end)

    def start_draining(self) -> None:
        """Read only what is left in the pipe: all writers have ended."""
        self._drain_timeout = DRAIN_SECONDS
        self._wake.set()

    async def read(self) -> None:
        """Read until end of file, then close the read end."""
        try:
            while data := await self._read_chunk():
                self.start += data[: START_BYTES - len(self.start)]
                await self._output.write(data)
                if len(data) < READ_BYTES:
                    await asyncio.sleep(BATCH_SECONDS)
        finally:
            os.close(self._read_end)

    async def _read_chunk(self) -> bytes:
        """Read some output; empty at end of file."""
        while True:
            with contextlib.suppress(BlockingIOError):
                return os.read(self._read_end, READ_BYTES)
            if not await self._wait_readable():
                return b""

    async def _wait_readable(self) -> bool:
        """Wait until the pipe is readable or `start_draining` is called; False on time-out."""
        loop = asyncio.get_running_loop()
        self._wake.clear()
        loop.add_reader(self._read_end, self._wake.set)
        try:
            async with asyncio.timeout(self._drain_timeout):
                await self._wake.wait()
        except TimeoutError:
            return False
        finally:
            loop.remove_reader(self._read_end)
        return True


async def wait_for_exit(process: Popen[bytes]) -> None:
    """Wait until a child has exited; with pidfd it is not reaped by that."""
    try:
        descriptor = os.pidfd_open(process.pid)
    except (AttributeError, OSError):  # not Linux, or an old kernel
        while process.poll() is None:  # noqa: ASYNC110 no event for it there
            await asyncio.sleep(POLL_SECONDS)
        return
    loop = asyncio.get_running_loop()
    ended = asyncio.Event()
    loop.add_reader(descriptor, ended.set)
    try:
        await ended.wait()
    finally:
        loop.remove_reader(descriptor)
        os.close(descriptor)
