"""A merged log whose runs and whose clock a test has in its hands."""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from nodion_tui.model.log_line import LogLine
from nodion_tui.model.run import RunKey
from nodion_tui.monitor.log.buffer import EntryKind
from nodion_tui.monitor.log.session import LogSession
from nodion_tui.monitor.log.state import LogPhase, LogState
from nodion_tui.monitor.merged.merged_log import MergedLog
from tests.support.filled_session import NoService

if TYPE_CHECKING:
    from nodion_tui.monitor.log.shown_log import Renumbering

START = datetime(2026, 1, 15, 14, 5, tzinfo=UTC)


class Writer(LogSession):
    """A run whose lines a test writes, each with its time in seconds."""

    def __init__(self, name: str, max_bytes: int = 2**22) -> None:
        super().__init__(RunKey(name, name), NoService(), max_bytes=max_bytes, per_second=10_000)
        self.written: list[str] = []
        self.state = LogState(phase=LogPhase.LIVE)

    def write(self, *times: float, body: str = "", level: str = "log_public") -> None:
        lines = []
        for time in times:
            text = f"{self.key.run_id} {len(self.written)} {body}".rstrip()
            self.written.append(text)
            at = START + timedelta(seconds=time)
            lines.append(LogLine(str(len(self.written)), text, level, created_at=at))
        self.buffer.extend(lines)
        self._subscribers.notify(self.state)

    def enter(self, phase: LogPhase) -> None:
        self.state = LogState(phase=phase)
        self._subscribers.notify(self.state)

    def mark(self, text: str) -> None:
        self.buffer.append_marker(EntryKind.LOST, text)
        self._subscribers.notify(self.state)


class Merge:
    """A merged log at a time that a test sets."""

    def __init__(self, *names: str) -> None:
        self.now = 0.0
        self.log = MergedLog(clock=lambda: self.now)
        self.writers = {name: Writer(name) for name in names}
        self.sources = {name: self.log.add(writer, name) for name, writer in self.writers.items()}
        self.moves: list[Renumbering] = []
        self.log.subscribe_renumbering(self.moves.append)

    def after(self, seconds: float) -> list[str]:
        """The lines once so much time has passed."""
        self.now += seconds
        while True:
            due = self.log._merge()
            if due is None or due > self.now:
                self.log._tell()
                return self.lines

    @property
    def lines(self) -> list[str]:
        buffer = self.log.buffer
        return [buffer.entry(index).body for index in range(buffer.first, buffer.end)]

    @property
    def late(self) -> list[str]:
        buffer = self.log.buffer
        return [
            buffer.entry(index).body
            for index in range(buffer.first, buffer.end)
            if buffer.source_of(index)[1].is_late
        ]
