"""Reads the log of a task from the node that it ran on, whole and in order.

A log that is followed never says that it has ended, for a service may get another task. So it is
followed while the task runs, and once the task has ended the rest is read without following, which
ends when the node has sent everything. What was followed is the beginning of the log; each frame
has the time at which the node took it. The second read starts a moment before the last time, for
stdout and stderr are timed apart and may be stored the other way round, and skips as many frames as
are known from there on. Only a node's clock that is set back further just then hides lines from it.
"""

import asyncio
import contextlib
from collections import deque
from datetime import datetime

from nodion_tui.local.execution.executors.docker_api import DockerApiError, frames
from nodion_tui.local.execution.executors.engine_cli import EngineCli
from nodion_tui.local.execution.executors.output_pipe import BATCH_SECONDS
from nodion_tui.local.execution.job import StartFailed
from nodion_tui.local.execution.run_output import RunOutput

RETRY_SECONDS = 1.0
"""Pause before a log that broke off is followed again, such as when a manager restarts."""
OVERLAP_NS = 1_000_000_000
"""How much is read again: far more than two frames stored at once can be apart."""
_NS = 1_000_000_000


class SwarmLog:
    """Writes the output of a task to a run's log, each frame once."""

    def __init__(self, cli: EngineCli, task_id: str, output: RunOutput) -> None:
        self._cli = cli
        self._path = f"/tasks/{task_id}/logs"
        self._output = output
        self._recent: deque[int] = deque()
        """Times of the frames of the last moment, in their order in the log."""
        self._newest = 0

    async def follow(self) -> None:
        """Read until cancelled."""
        while True:
            with contextlib.suppress(DockerApiError, StartFailed):
                await self._read(follow="1")
            await asyncio.sleep(RETRY_SECONDS)

    async def read_rest(self) -> None:
        """Read what has not been read, after the task has ended.

        Only an answer without anything new proves the end: one that a daemon broke off by its own
        end looks complete.

        Raises:
            DockerApiError: its node or a manager does not answer.
        """
        while await self._read(follow="0"):
            pass

    async def _read(self, follow: str) -> int:
        """Write the frames that are new; returns their number."""
        since = max(self._newest - OVERLAP_NS, 0)
        known = sum(time >= since for time in self._recent)
        query = {"stdout": "1", "stderr": "1", "timestamps": "1", "follow": follow}
        if since:
            query["since"] = f"{since // _NS}.{since % _NS:09}"
        written = 0
        async with contextlib.aclosing(frames(self._cli, self._path, **query)) as batches:
            async for batch in batches:
                unknown = batch[known:]
                known -= len(batch) - len(unknown)
                if unknown:
                    written += len(unknown)
                    await self._output.write(b"".join(map(self._without_time, unknown)))
                    await asyncio.sleep(BATCH_SECONDS)
        return written

    def _without_time(self, frame: bytes) -> bytes:
        """Return what was written, and remember its time."""
        text, _, written = frame.partition(b" ")
        time = _nanoseconds(text.decode())
        self._recent.append(time)
        self._newest = max(self._newest, time)
        while self._recent[0] < self._newest - OVERLAP_NS:
            self._recent.popleft()
        return written


def _nanoseconds(text: str) -> int:
    """Convert `2026-01-31T12:00:00.123456789Z` to a Unix time."""
    seconds, _, fraction = text.removesuffix("Z").partition(".")
    return int(datetime.fromisoformat(f"{seconds}Z").timestamp()) * _NS + int(f"{fraction:0<9}")
