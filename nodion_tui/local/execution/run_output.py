"""Passes a run's output from the job to the store and to its followers.

Buffered output is bounded: if the store falls behind, `write` waits, the pipe fills, and the job
blocks in its write, as with a slow terminal.
"""

import asyncio
from functools import partial

from nodion_tui.local.engine_settings import EngineSettings
from nodion_tui.local.execution.line_splitter import LineSplitter, SplitLines
from nodion_tui.local.execution.live_log import LiveLog
from nodion_tui.local.execution.output_tail import TAIL_BYTES, OutputTail
from nodion_tui.local.payloads import LogBlock, now_ms
from nodion_tui.local.storage.store import EngineStore

MAX_UNCOMMITTED_BYTES = 2 << 20
"""Per run; further output waits in the job's pipe."""


class RunOutput:
    """Numbers a run's lines and submits them to the store in order."""

    def __init__(
        self,
        store: EngineStore,
        run_number: int,
        live_log: LiveLog,
        settings: EngineSettings,
    ) -> None:
        self._store = store
        self._run_number = run_number
        self._live_log = live_log
        self._settings = settings
        self._splitter = LineSplitter(settings.max_line_bytes)
        self._next_line = live_log.last_line + 1
        self._accepted_bytes = 0
        self._tail = OutputTail()
        self._uncommitted_bytes = 0
        self._last_commit: asyncio.Future[None] | None = None
        self._flush_timer: asyncio.TimerHandle | None = None

    async def write(self, data: bytes) -> None:
        """Add output of the job; waits while too much is uncommitted."""
        limit = self._settings.max_log_bytes
        if self._accepted_bytes >= limit:
            if not self._tail:
                self.write_notice(
                    f"========> Output limit of {limit:,} bytes reached; of what follows, the last"
                    f" {TAIL_BYTES:,} bytes are shown at the end"
                )
            self._tail.add(data)
            return
        self._accepted_bytes += len(data)
        self._add(self._splitter.feed(data))
        self._schedule_flush()
        while self._uncommitted_bytes > MAX_UNCOMMITTED_BYTES and self._last_commit is not None:
            await asyncio.wait([self._last_commit])

    def write_notice(self, text: str) -> None:
        """Add a public line of the engine itself."""
        self._flush(final=True)
        self._add([SplitLines(1, text.replace("\n", " ").encode(errors="replace"))])

    def write_internal(self, output: bytes) -> None:
        """Add internal lines, which clients never see, such as a registry's login response."""
        self._flush(final=True)
        splitter = LineSplitter(self._settings.max_line_bytes)
        self._add([*splitter.feed(output), *splitter.flush(final=True)], public=False)

    async def close(self) -> None:
        """Add what is kept beyond the limit, and wait until all lines are committed."""
        self._flush(final=True)
        if self._tail:
            left_out, kept = self._tail.end()
            self.write_notice(f"========> {left_out:,} bytes left out; the last {len(kept):,}:")
            self._add([*self._splitter.feed(kept), *self._splitter.flush(final=True)])
        if self._last_commit is not None:
            await asyncio.wait([self._last_commit])

    def _flush(self, *, final: bool = False) -> None:
        if self._flush_timer is not None:
            self._flush_timer.cancel()
            self._flush_timer = None
        self._add(self._splitter.flush(final=final))

    def _schedule_flush(self) -> None:
        """Flush a partial line `flush_seconds` after it was first buffered."""
        if not self._splitter.has_partial_line:
            if self._flush_timer is not None:
                self._flush_timer.cancel()
                self._flush_timer = None
        elif self._flush_timer is None:
            loop = asyncio.get_running_loop()
            self._flush_timer = loop.call_later(self._settings.flush_seconds, self._flush)

    def _add(self, chunks: list[SplitLines], *, public: bool = True) -> None:
        for chunk in chunks:
            block = LogBlock(self._next_line, chunk.line_count, now_ms(), chunk.bodies)
            self._next_line += chunk.line_count
            self._uncommitted_bytes += len(chunk.bodies)
            self._last_commit = self._store.append_block(self._run_number, block, public=public)
            self._last_commit.add_done_callback(
                partial(self._committed, block=block, public=public)
            )

    def _committed(self, done: "asyncio.Future[None]", block: LogBlock, *, public: bool) -> None:
        self._uncommitted_bytes -= len(block.bodies)
        if not done.cancelled() and done.exception() is None:
            self._live_log.publish(block, public=public)
