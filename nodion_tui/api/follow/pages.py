"""Reads a run's log by pages, and the run itself: what needs no open connection."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass

from nodion_tui.api.client import NodionClient
from nodion_tui.api.follow.cursor import DeliveryCursor
from nodion_tui.api.follow.events import FollowEvent
from nodion_tui.model.listing import Listing
from nodion_tui.model.log_line import FinalState, LogLine
from nodion_tui.model.run import Run, RunKey

_TURNS_TO_SEND = 12
"""Turns of the event loop until a request has left."""


@dataclass(frozen=True, slots=True)
class LogPageReader:
    """One run's log, and how far it was read."""

    client: NodionClient
    key: RunKey
    cursor: DeliveryCursor
    keep_raw: bool = False

    async def read_pages(self) -> AsyncGenerator[FollowEvent, None]:
        """What is new, page by page, until there is no more.

        The end is an empty page, one that brings nothing new, or one that ends where it began; a
        short page proves nothing. After a dropped cursor the known pages are gone through, once.

        Raises:
            NodionError: a page could not be had.
        """
        known_left = len(self.cursor.seen_ids) if self.cursor.after_id is None else -1
        ahead: asyncio.Task[Listing[LogLine]] | None = None
        try:
            while True:
                listing = await (ahead or self._page(self.cursor.after_id))
                ahead = await self._ahead(listing)
                for event in self.cursor.deliver_page(listing):
                    yield event
                known_left = (
                    -1 if self.cursor.page_has_new_lines else known_left - len(listing.items)
                )
                if not self.cursor.page_moved_cursor or not (
                    self.cursor.page_has_new_lines or known_left >= 0
                ):
                    return
        finally:
            if ahead is not None:
                ahead.cancel()

    async def _page(self, cursor: str | None) -> Listing[LogLine]:
        return await self.client.get_logs(*self.key, cursor, raw=self.keep_raw)

    async def _ahead(self, listing: Listing[LogLine]) -> "asyncio.Task[Listing[LogLine]] | None":
        """The next page on its way while this one is worked on, if it will be asked for anyway."""
        if not listing.items or listing.bad_rows or listing.items[-1].id in self.cursor.seen_ids:
            return None
        task = asyncio.create_task(self._page(listing.items[-1].id))
        task.add_done_callback(_look_at)
        for _ in range(_TURNS_TO_SEND):
            await asyncio.sleep(0)
        return task

    async def fetch_run(self) -> Run:
        """The run as it is now.

        Raises:
            NodionError: it could not be had.
        """
        return await self.client.get_run(*self.key)


def _look_at(task: "asyncio.Task[Listing[LogLine]]") -> None:
    """A page that nobody waits for any more may have failed."""
    if not task.cancelled():
        task.exception()


def final_state(run: Run) -> FinalState | None:
    """How a run ended, as the `state` event would have told it; None if it has not."""
    if not run.is_final:
        return None
    return FinalState(
        status=run.status,
        exit_code=run.exit_code,
        started_at=run.started_at,
        completed_at=run.completed_at,
    )
