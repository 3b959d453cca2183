"""Fetches the log of an ended run by pages, with as few requests as prove that it is complete."""

from collections.abc import Awaitable, Callable
from datetime import datetime

from nodion_tui.model.log_line import FinalState
from nodion_tui.model.run import Run
from nodion_tui.monitor.log.read_written import read_written
from nodion_tui.monitor.log.session import LogSession

LEAST_REQUESTS = 2
"""Of a log: a page of lines, and an empty one."""


async def fetch_log(
    session: LogSession, run: Run, now: datetime, acquire_request: Callable[[], Awaitable[None]]
) -> int:
    """Read the log of an ended run to its last page; returns the number of requests.

    A log that is in memory or in the archive is read from there.

    Args:
        session: of its log.
        run: as it ended.
        now: the service's clock.
        acquire_request: waits until one more request may be sent.

    Raises:
        NodionError: a page cannot be read.
    """
    if session.state.complete or await session.read_archived():
        return 0
    if session.in_use:  # somebody reads it already
        await read_written(session)
        return 0
    requests = 0
    is_last = False
    while not is_last:
        await acquire_request()
        requests += 1
        is_last = await session.catch_up()
    # After the first paint, as the client that has sent the requests.
    from nodion_tui.api.follow.connection import FollowTiming  # noqa: PLC0415
    from nodion_tui.api.follow.late_lines import seconds_of_late_lines  # noqa: PLC0415

    final = FinalState(
        status=run.status,
        exit_code=run.exit_code,
        started_at=run.started_at,
        completed_at=run.completed_at,
    )
    late_seconds = seconds_of_late_lines(final, now, FollowTiming().stop_grace)
    session.end(final, complete=not late_seconds)
    return requests
