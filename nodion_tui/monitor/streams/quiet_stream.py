"""One quiet stream: what it tells of its run, until the run ends or the stream is given up."""

from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import Protocol

import msgspec

from nodion_tui.api.follow.byte_allowance import ByteAllowance
from nodion_tui.api.follow.events import (
    FollowEvent,
    Heartbeat,
    NewLines,
    RunEnded,
    RunUpdate,
    StateReceived,
    StreamLost,
    StreamOpened,
)
from nodion_tui.model.log_line import FinalState, LogLine
from nodion_tui.model.run import Run, RunKey
from nodion_tui.monitor.streams.quiet_source import QuietSource

MAX_FAILURES = 2
"""Connections in a row that brought no byte, after which the run is left to polling for a while."""


class StreamListener(Protocol):
    """Who is told what quiet streams bring."""

    def lines_passed(self, key: RunKey, lines: Sequence[LogLine]) -> None:
        """Lines have come; they are not kept."""

    def run_told(self, run: Run) -> None:
        """The state of a run was fetched, as its stream broke."""

    def run_ended(self, key: RunKey, final: FinalState) -> None:
        """The stream told how a run ended."""

    def held_changed(self, key: RunKey) -> None:
        """A stream was opened, or lost."""


@dataclass(frozen=True, slots=True)
class StreamFailed(Exception):
    """The stream brings nothing again and again."""

    reason: str


class QuietStream(msgspec.Struct, eq=False):
    """Follows one run."""

    key: RunKey
    source: QuietSource
    listener: StreamListener
    after_id: str | None = None
    """The last line that is known."""
    is_held: bool = False
    """Whether the stream is open, so that it tells the end of the run. Behind a proxy that holds
    streams back it is not, once that was noticed: then the first byte counts."""
    allowance: ByteAllowance = msgspec.field(default_factory=ByteAllowance)
    _failures: int = 0
    _has_bytes: bool = False

    async def run(self) -> None:
        """Follow the run until it has ended.

        Raises:
            TooMuchOutput: it writes, or has written, more than is read for its end.
            StreamFailed: the service does not stream it.
            NodionError: the service refuses to stream it.
        """
        try:
            async with aclosing(
                self.source.follow(self.key, self.after_id, self.allowance)
            ) as events:
                async for event in events:
                    self._handle(event)
        finally:
            self._set_held(is_held=False)

    def _handle(self, event: FollowEvent) -> None:
        match event:
            case StreamOpened() if not self._failures:
                self._set_held(is_held=True)
            case NewLines(lines=lines):
                self.after_id = lines[-1].id
                self._has_bytes = True
                self._set_held(is_held=True)
                self.listener.lines_passed(self.key, lines)
            case Heartbeat():
                self._has_bytes = True
                self._set_held(is_held=True)
            case RunUpdate(run=run):
                self.listener.run_told(run)
            case StateReceived(state=final) | RunEnded(state=final):
                self.listener.run_ended(self.key, final)
            case StreamLost(reason=reason):
                self._lost(reason)
            case _:
                pass

    def _lost(self, reason: str) -> None:
        self._failures = 0 if self._has_bytes else self._failures + 1
        self._has_bytes = False
        self._set_held(is_held=False)
        if self._failures >= MAX_FAILURES:
            raise StreamFailed(reason)

    def _set_held(self, *, is_held: bool) -> None:
        if is_held != self.is_held:
            self.is_held = is_held
            self.listener.held_changed(self.key)
