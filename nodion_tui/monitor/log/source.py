"""Where a log session reads its lines: the client, imported when the first log is read."""

from collections.abc import AsyncGenerator, Callable, Sequence
from typing import TYPE_CHECKING, Protocol

from nodion_tui.api.follow.events import FollowEvent
from nodion_tui.model.line_ids import LineIdSet
from nodion_tui.model.listing import Listing
from nodion_tui.model.log_line import LogLine
from nodion_tui.model.run import RunKey
from nodion_tui.monitor.log.retention import DroppedSegment

if TYPE_CHECKING:
    from nodion_tui.api.client import NodionClient


class LogSource(Protocol):
    """The API calls of a log session."""

    def follow(
        self, key: RunKey, after_id: str | None, seen: LineIdSet
    ) -> AsyncGenerator[FollowEvent, None]:
        """All events of a run's log after a line, to its end."""
        ...

    async def page(self, key: RunKey, after_id: str | None) -> Listing[LogLine]:
        """One page of the log after a line."""
        ...


class ClientLogSource:
    """Reads logs through a client that is created when the first log is read."""

    def __init__(self, client: "Callable[[], NodionClient]") -> None:
        self._client = client

    def follow(
        self, key: RunKey, after_id: str | None, seen: LineIdSet
    ) -> AsyncGenerator[FollowEvent, None]:
        """All events of a run's log after a line, to its end."""
        from nodion_tui.api.follow.follower import LogFollower  # noqa: PLC0415 - httpx after the first paint

        return LogFollower(self._client(), key, after_id=after_id, seen_ids=seen).events()

    async def page(self, key: RunKey, after_id: str | None) -> Listing[LogLine]:
        """One page of the log after a line."""
        return await self._client().get_logs(*key, after_id)


async def read_segment(
    source: LogSource, key: RunKey, missing: DroppedSegment
) -> Sequence[LogLine] | None:
    """The lines of a dropped segment, read again; None if the service has them no more.

    Raises:
        NodionError: a request failed.
    """
    lines: list[LogLine] = []
    after_id = missing.after_id
    while len(lines) < missing.lines:
        page = (await source.page(key, after_id)).items
        if not page or page[-1].id == after_id:
            return None
        lines += page
        after_id = page[-1].id
    return lines[: missing.lines]


class RoutedLogSource:
    """Reads each log where its runner is.

    Args:
        source_of: returns the source for a runner id.
    """

    def __init__(self, source_of: Callable[[str], LogSource]) -> None:
        self._source_of = source_of

    def follow(
        self, key: RunKey, after_id: str | None, seen: LineIdSet
    ) -> AsyncGenerator[FollowEvent, None]:
        """All events of a run's log after a line, to its end."""
        return self._source_of(key.runner_id).follow(key, after_id, seen)

    async def page(self, key: RunKey, after_id: str | None) -> Listing[LogLine]:
        """One page of the log after a line."""
        return await self._source_of(key.runner_id).page(key, after_id)
