"""Reads a run's log page by page, and the run itself."""

import asyncio
from collections.abc import AsyncGenerator

import msgspec

from nodion_tui.api.client import NodionClient
from nodion_tui.api.follow.cursor import DeliveryCursor
from nodion_tui.api.follow.events import FollowEvent
from nodion_tui.model.listing import Listing
from nodion_tui.model.log_line import FinalState, LogLine
from nodion_tui.model.run import Run, RunKey

_ITERATIONS_TO_SEND = 12
"""Event loop iterations until a request is sent."""


class LogPageReader(msgspec.Struct, frozen=True):
    """Reads one run's log from its delivery cursor on."""

    client: NodionClient
    key: RunKey
    cursor: DeliveryCursor
    keep_raw: bool = False

    async def read_pages(self) -> AsyncGenerator[FollowEvent, None]:
        """Yields new lines page by page until the end of the log.

        The end is an empty page, one without new lines, or one that ends at the cursor; a short
        page proves nothing. After a dropped cursor the known pages are skipped, once.

        Raises:
            NodionError: a page could not be read.
        """
        known_remaining = len(self.cursor.seen_ids) if self.cursor.after_id is None else -1
        prefetched: asyncio.Task[Listing[LogLine]] | None = None
        try:
            while True:
                listing = await (prefetched or self._page(self.cursor.after_id))
                prefetched = await self._prefetch(listing)
                for event in self.cursor.deliver_page(listing):
                    yield event
                known_remaining = (
                    -1 if self.cursor.page_has_new_lines else known_remaining - len(listing.items)
                )
                if not self.cursor.page_moved_cursor or not (
                    self.cursor.page_has_new_lines or known_remaining >= 0
                ):
                    return
        finally:
            if prefetched is not None:
                prefetched.cancel()

    async def before_stream(self) -> None:
        """Called before each connection of the stream; may wait."""

    def received(self, count: int) -> None:
        """Called with the number of bytes that the stream has brought; may raise NodionError."""

    async def _page(self, cursor: str | None) -> Listing[LogLine]:
        return await self.client.get_logs(*self.key, cursor, raw=self.keep_raw)

    async def _prefetch(self, listing: Listing[LogLine]) -> "asyncio.Task[Listing[LogLine]] | None":
        """Prefetches the next page while this one is processed, if it will be needed anyway."""
        if not listing.items or listing.bad_rows or listing.items[-1].id in self.cursor.seen_ids:
            return None
        task = asyncio.create_task(self._page(listing.items[-1].id))
        task.add_done_callback(_retrieve_exception)
        for _ in range(_ITERATIONS_TO_SEND):
            await asyncio.sleep(0)
        return task

    async def fetch_run(self) -> Run:
        """The current run.

        Raises:
            NodionError: the run could not be fetched.
        """
        return await self.client.get_run(*self.key)


def _retrieve_exception(task: "asyncio.Task[Listing[LogLine]]") -> None:
    """Marks the exception of an abandoned prefetch as retrieved."""
    if not task.cancelled():
        task.exception()


def final_state(run: Run) -> FinalState | None:
    """The final state of a run, equal to its `state` event; None if it has not ended."""
    if not run.is_final:
        return None
    return FinalState(
        status=run.status,
        exit_code=run.exit_code,
        started_at=run.started_at,
        completed_at=run.completed_at,
    )
