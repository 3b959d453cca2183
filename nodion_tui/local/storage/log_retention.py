"""Deletes the logs of runs that ended long enough ago: `serve --keep-logs`."""

import asyncio
import contextlib
from collections.abc import Callable

from nodion_tui.local.payloads import now_ms
from nodion_tui.local.storage.store import EngineStore
from nodion_tui.local.storage.store_faults import StoreUnavailable

MAX_INTERVAL_SECONDS = 60.0
"""Interval of deletions; shorter if logs are kept for less than ten minutes."""


async def delete_old_logs(
    store: EngineStore, keep_seconds: float, active_runs: Callable[[], frozenset[int]]
) -> None:
    """Delete the logs of runs that ended `keep_seconds` ago, until it is cancelled.

    Runs themselves are kept. The space is used for new logs; the file does not shrink.

    Args:
        store: has the logs.
        keep_seconds: how long a log is kept after the end of its run.
        active_runs: returns the numbers of runs whose jobs may still write.
    """
    while True:
        now = now_ms()
        with contextlib.suppress(StoreUnavailable):  # the store has told it
            await store.expire_logs(now - round(keep_seconds * 1000), now, active_runs())
        await asyncio.sleep(min(keep_seconds / 10, MAX_INTERVAL_SECONDS))
