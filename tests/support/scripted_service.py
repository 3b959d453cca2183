"""A log service without a socket whose events are scripted by a test."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from datetime import UTC, datetime, timedelta

from nodion_tui.api.follow.events import FollowEvent, NewLines, RunEnded
from nodion_tui.model.line_ids import LineIdSet
from nodion_tui.model.listing import Listing
from nodion_tui.model.log_line import FinalState, LogLine
from nodion_tui.model.run import RunKey
from nodion_tui.monitor.log.session import LogSession
from nodion_tui.monitor.log.state import LogState
from tests.support.running import wait_for_change

KEY = RunKey("runner", "run")
START = datetime(2026, 1, 15, 10, 1, tzinfo=UTC)
SUCCEEDED = FinalState(
    status="succeeded",
    exit_code=0,
    started_at=START,
    completed_at=START + timedelta(minutes=4, seconds=30),
)


def numbered(start: int, stop: int, width: int = 0) -> list[LogLine]:
    return [LogLine(str(n), f"line {n}".ljust(width), created_at=START) for n in range(start, stop)]


class ScriptedService:
    """A log service that sends the events that a test queues."""

    def __init__(self) -> None:
        self.asked: list[str | None] = []
        self.reading = 0
        self.left = asyncio.Event()
        self.queue: asyncio.Queue[FollowEvent | Exception] = asyncio.Queue()
        self.log: Sequence[LogLine] = ()
        self.page_size = 7

    def send(self, *events: FollowEvent | Exception) -> None:
        for event in events:
            self.queue.put_nowait(event)

    async def follow(
        self, key: RunKey, after_id: str | None, seen: LineIdSet
    ) -> AsyncGenerator[FollowEvent, None]:
        assert key == KEY
        self.asked.append(after_id)
        self.reading += 1
        try:
            while True:
                event = await self.queue.get()
                if isinstance(event, Exception):
                    raise event
                if isinstance(event, NewLines):
                    assert all(seen.add_each(line.id for line in event.lines))
                yield event
                if isinstance(event, RunEnded):
                    return
        finally:
            self.reading -= 1
            self.left.set()

    async def page(self, key: RunKey, after_id: str | None) -> Listing[LogLine]:
        assert key == KEY
        start = 0 if after_id is None else int(after_id) + 1
        return Listing(tuple(self.log[start : start + self.page_size]))


async def until(session: LogSession, ready: Callable[[LogState], bool]) -> LogState:
    """Wait for the first state for which a condition is true."""
    await wait_for_change(session.subscribe, lambda: ready(session.state))
    return session.state
