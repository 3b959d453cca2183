"""Which runs of a monitor are streamed, and what their streams tell beside their logs."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from nodion_tui.model.log_line import LogLine
from nodion_tui.model.run import RunKey
from nodion_tui.monitor.streams.live_lines import LiveLines
from nodion_tui.monitor.streams.stream_budget import (
    DEFAULT_STREAMS,
    StreamBudget,
    StreamPriority,
)

if TYPE_CHECKING:
    from nodion_tui.monitor.log.session import LogSession


class RunStreams:
    """The budget of streams of one profile, and the lines that its streams bring.

    Args:
        server_now: the service's clock.
        streams: streams at once.
    """

    def __init__(
        self, server_now: Callable[[], datetime], *, streams: int = DEFAULT_STREAMS
    ) -> None:
        self.budget = StreamBudget(streams)
        """Grants streams to the open log, the wall, the merged view and quiet streams."""
        self.live_lines = LiveLines(server_now)
        """Tells every live line of any stream once."""
        self._open_logs = self.budget.share(lambda: None)

    def lines_read(self, key: RunKey, lines: Sequence[LogLine]) -> None:
        """For the log sessions: lines have been read."""
        self.live_lines.publish(key, lines)

    def reading_changed(self, session: "LogSession") -> None:
        """For the log sessions: somebody begins or ceases to read a log."""
        if session.has_readers:
            self.live_lines.watch(session.key)
        if session.open_count:
            self._open_logs.acquire(session.key, StreamPriority.OPEN_LOG)
        else:
            self._open_logs.release(session.key)
