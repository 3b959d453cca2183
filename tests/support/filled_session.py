"""A log session that a test fills directly, and waiting for searches."""

from collections.abc import AsyncGenerator, Callable
from typing import Any

from nodion_tui.api.follow.events import FollowEvent
from nodion_tui.model.listing import Listing
from nodion_tui.model.log_line import LogLine
from nodion_tui.model.run import RunKey
from nodion_tui.monitor.log.search.log_search import LogSearch
from nodion_tui.monitor.log.session import LogSession
from tests.support.running import wait_for_change


class NoService:
    """A log service that must not be called."""

    def follow(self, *_: Any) -> AsyncGenerator[FollowEvent, None]:
        """Not available."""
        raise NotImplementedError

    async def page(self, *_: Any) -> Listing[LogLine]:
        """Not available."""
        raise NotImplementedError


class FilledSession(LogSession):
    """A session whose lines are written by a test."""

    def __init__(self, max_bytes: int = 2**22) -> None:
        super().__init__(
            RunKey("runner", "run"), NoService(), max_bytes=max_bytes, per_second=10_000
        )

    def write(self, *bodies: str) -> None:
        """Append lines; the id of each line is its index, from 0."""
        start = self.buffer.lines
        self.buffer.extend([LogLine(str(start + n), body) for n, body in enumerate(bodies)])
        self.tell()

    def tell(self) -> None:
        """Notify the subscribers of a change."""
        self._change()


async def until(search: LogSearch, ready: Callable[[], bool]) -> None:
    """Wait until a condition is true; it is checked whenever subscribers are notified."""
    await wait_for_change(search.subscribe, ready)
