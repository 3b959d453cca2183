"""The quiet form of a follower: holds a run for its end and the lines that pass, not for its past.

It is the same follower with another reader: its pages are empty, each connection and each request
fits into the budget of requests, and what it brings is bounded. So it needs one request for a run,
from whose stream it learns the end at once, and it proves nothing about the log.
"""

from collections.abc import AsyncGenerator, Awaitable, Callable

from nodion_tui.api.client import NodionClient
from nodion_tui.api.follow.byte_allowance import ByteAllowance
from nodion_tui.api.follow.connection import FollowTiming
from nodion_tui.api.follow.events import FollowEvent
from nodion_tui.api.follow.follower import LogFollower
from nodion_tui.api.follow.pages import LogPageReader
from nodion_tui.model.line_ids import LineIdSet
from nodion_tui.model.run import Run, RunKey

QUIET_TIMING = FollowTiming(tick=22.5, page_interval=60.0, late_line_wait=0.0, stop_grace=0.0)
"""It wakes up with the pings alone, which come every 15 s, as many are open; otherwise after half
of the silence that is a loss. It waits for nothing behind the state."""
_MAX_IDS = 2_048
"""Ids remembered, to tell lines that are sent again after a reconnect."""


class QuietReader(LogPageReader, frozen=True, kw_only=True):
    """Reads no pages, and asks within the budget."""

    acquire_request: Callable[[], Awaitable[None]]
    allowance: ByteAllowance

    async def read_pages(self) -> AsyncGenerator[FollowEvent, None]:
        """Yields nothing."""
        nothing: tuple[FollowEvent, ...] = ()
        for event in nothing:
            yield event

    async def before_stream(self) -> None:
        """Waits until the connection fits into the budget."""
        await self.acquire_request()

    def received(self, count: int) -> None:
        """Counts bytes of the stream.

        Raises:
            TooMuchOutput: they exceed the allowance.
        """
        self.allowance.use(count)

    async def fetch_run(self) -> Run:
        """The current run, within the budget.

        Raises:
            NodionError: the run could not be fetched.
        """
        await self.acquire_request()
        return await LogPageReader.fetch_run(self)


def quiet_follower(
    client: NodionClient,
    key: RunKey,
    *,
    after_id: str | None,
    acquire_request: Callable[[], Awaitable[None]],
    allowance: ByteAllowance,
) -> LogFollower:
    """A follower that raises `TooMuchOutput` beside the errors of all.

    Args:
        client: sends the requests.
        key: the run.
        after_id: the last line that is known; None: the stream begins where the service likes.
        acquire_request: waits until one more request fits into the budget.
        allowance: what the stream may bring.
    """
    return LogFollower(
        client,
        key,
        after_id=after_id,
        seen_ids=LineIdSet(limit=_MAX_IDS),
        timing=QUIET_TIMING,
        reader=lambda cursor: QuietReader(
            client, key, cursor, acquire_request=acquire_request, allowance=allowance
        ),
    )
