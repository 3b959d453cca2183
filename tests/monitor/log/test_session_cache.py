import asyncio
import weakref
from collections.abc import AsyncGenerator
from typing import Any

import pytest

from nodion_tui.api.follow.events import FollowEvent, NewLines, RunEnded
from nodion_tui.model.errors import ResourceNotFound
from nodion_tui.model.listing import Listing
from nodion_tui.model.log_line import LogLine
from nodion_tui.model.run import RunKey
from nodion_tui.monitor.log.session_cache import LogSessionCache
from tests.support import hostile
from tests.support.scripted_service import KEY, SUCCEEDED, ScriptedService, numbered


class AnyRun:
    """A service in which every run has the same 20,000 lines."""

    async def follow(self, *_: Any) -> AsyncGenerator[FollowEvent, None]:
        for start in range(0, 20_000, 1000):
            yield NewLines(numbered(start, start + 1000, width=60), live=False)
            await asyncio.sleep(0)
        yield RunEnded(SUCCEEDED, complete=True)

    async def page(self, *_: Any) -> Listing[LogLine]:
        return Listing(())


def test_a_session_is_cached() -> None:
    sessions = LogSessionCache(ScriptedService())
    assert sessions.get(KEY) is sessions.get(KEY)


def test_the_least_recently_used_is_evicted_first() -> None:
    sessions = LogSessionCache(ScriptedService(), max_sessions=2)
    keys = [RunKey("runner", str(n)) for n in range(3)]
    first = sessions.get(keys[0])
    sessions.get(keys[1])
    assert sessions.get(keys[0]) is first
    sessions.get(keys[2])
    assert keys[0] in sessions
    assert keys[1] not in sessions


def test_a_visible_session_is_not_evicted() -> None:
    sessions = LogSessionCache(ScriptedService(), max_sessions=1)
    shown_session = sessions.get(KEY)
    leave = shown_session.subscribe(lambda _: None)
    sessions.get(RunKey("runner", "other"))
    assert sessions.get(KEY) is shown_session
    leave()
    sessions.get(RunKey("runner", "other"))
    assert KEY not in sessions


def test_the_order_of_a_merged_log_counts_as_memory_for_logs() -> None:
    sessions = LogSessionCache(ScriptedService(), max_bytes=1_000_000)
    shown_session = sessions.get(KEY)
    shown_session.subscribe(lambda _: None)
    sessions.reserve(400_000)
    sessions.get(KEY)
    assert shown_session.buffer.max_bytes == 600_000
    sessions.reserve(900_000)
    sessions.get(KEY)
    assert shown_session.buffer.max_bytes == 500_000, "half is always for lines"


async def test_all_sessions_together_stay_within_the_budget() -> None:
    budget = 1_000_000
    sessions = LogSessionCache(AnyRun(), max_bytes=budget)
    keys = [RunKey("runner", str(n)) for n in range(4)]
    used = [sessions.get(key) for key in keys[:2]]
    for session in used:
        await session.run()
        await hostile.until(lambda: sessions.bytes_held <= budget * 1.1)
    watched = [sessions.get(key) for key in keys]
    async with asyncio.TaskGroup() as group:
        for session in watched:
            session.subscribe(lambda _: None)
            group.create_task(session.run())
    for session in watched:
        sessions.get(session.key)
    await hostile.until(lambda: sessions.bytes_held <= budget * 1.1)
    assert all(session.buffer.bytes_held > budget // 8 for session in watched)


@pytest.mark.parametrize(
    "end",
    [
        RunEnded(SUCCEEDED, complete=True),
        ResourceNotFound("gone", status=404, endpoint="GET"),
        None,
    ],
)
async def test_an_evicted_session_is_freed_at_once(
    end: FollowEvent | Exception | None,
) -> None:
    service = ScriptedService()
    sessions = LogSessionCache(service, max_sessions=1)
    service.send(NewLines(numbered(0, 100), live=False), *([] if end is None else [end]))
    reading = asyncio.create_task(sessions.get(KEY).run())
    await hostile.until(lambda: sessions.get(KEY).buffer.lines == 100)
    if end is None:
        reading.cancel()
    await asyncio.wait((reading,))
    del reading
    await service.left.wait()
    await hostile.until(lambda: not sessions.cached[0].in_use)
    buffer = weakref.ref(sessions.cached[0].buffer)
    sessions.get(RunKey("runner", "other"))
    await hostile.until(lambda: buffer() is None, within=0.5)
