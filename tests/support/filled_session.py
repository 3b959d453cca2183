"""A log session that a test fills by hand, and waiting for what looks at it."""

from collections.abc import AsyncGenerator, Callable
from typing import Any

from nodion_tui.api.follow.events import FollowEvent
from nodion_tui.model.listing import Listing
from nodion_tui.model.log_line import LogLine
from nodion_tui.model.run import RunKey
from nodion_tui.monitor.log.search.background_scan import BackgroundScan
from nodion_tui.monitor.log.session import LogSession
from tests.support.running import wait_for_change


class NoService:
    """Nobody is asked."""

    def follow(self, *_: Any) -> AsyncGenerator[FollowEvent, None]:
        """Not here."""
        raise NotImplementedError

    async def page(self, *_: Any) -> Listing[LogLine]:
        """Not here."""
        raise NotImplementedError


class FilledSession(LogSession):
    """A session whose lines a test writes itself."""

    def __init__(self, max_bytes: int = 2**22) -> None:
        super().__init__(
            RunKey("runner", "run"), NoService(), max_bytes=max_bytes, per_second=10_000
        )

    def write(self, *bodies: str) -> None:
        """Append lines; the id of each is its number among the lines, from 0."""
        start = self.buffer.lines
        self.buffer.extend([LogLine(str(start + n), body) for n, body in enumerate(bodies)])
        self.tell()

    def tell(self) -> None:
        """Tell the subscribers that something is new."""
        self._change()


async def until(watch: BackgroundScan[Any], ready: Callable[[], bool]) -> None:
    """Wait until something holds, looking again whenever subscribers are told."""
    await wait_for_change(watch.subscribe, ready)
