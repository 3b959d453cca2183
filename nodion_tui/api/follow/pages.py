"""Reads a run's log page by page, and the run itself."""

import asyncio
from collections.abc import AsyncGenerator

import msgspec

from nodion_tui.api.client import NodionClient
from nodion_tui.api.decode.log_page import LogPage
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
        prefetched: asyncio.Task[LogPage] | None = None
        try:
            while True:
                page = await (prefetched or self._fetch(self.cursor.after_id))
                last_id = page.probable_last_id
                prefetched = await self._prefetch(last_id)
                listing = page.decode()
                del page  # Its bytes are not needed while the lines are.
                if prefetched is not None and not _ends_at(listing, last_id):
                    prefetched.cancel()
                    prefetched = None
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

    async def _fetch(self, cursor: str | None) -> LogPage:
        return await self.client.fetch_logs(*self.key, cursor, raw=self.keep_raw)

    async def _prefetch(self, last_id: str | None) -> "asyncio.Task[LogPage] | None":
        """Prefetches the page after a line while its own is decoded and processed.

        Only if it will be needed anyway, as far as that is known before the page is decoded.
        """
        if last_id is None or last_id in self.cursor.seen_ids:
            return None
        task = asyncio.create_task(self._fetch(last_id))
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


def _ends_at(listing: Listing[LogLine], last_id: str | None) -> bool:
    """Whether a page is as documented and its last line has this id."""
    is_good = bool(listing.items) and not listing.bad_rows
    return is_good and listing.items[-1].id == last_id


def _retrieve_exception(task: "asyncio.Task[LogPage]") -> None:
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
