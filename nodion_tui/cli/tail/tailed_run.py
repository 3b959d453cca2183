"""Follows the log of one of many runs for `tail`: by its stream, or page by page."""

from collections.abc import Sequence
from contextlib import aclosing
from datetime import datetime
from itertools import compress, zip_longest

from nodion_tui.api.follow.events import (
    CaughtUp,
    FollowEvent,
    HistoryRead,
    LogNotice,
    NewLines,
    RunEnded,
    RunUpdate,
    StreamLost,
    StreamOpened,
)
from nodion_tui.cli.log_window import LineFilter
from nodion_tui.cli.process.exit_codes import describe_error
from nodion_tui.cli.session import CommandSession
from nodion_tui.cli.tail.line_merger import HeldLine, LineMerger
from nodion_tui.cli.tail.tail_output import RunLines
from nodion_tui.model.errors import NodionError
from nodion_tui.model.line_ids import LineIdSet
from nodion_tui.model.log_line import LogLine
from nodion_tui.model.run import RunKey
from nodion_tui.monitor.log.state import ended_text, reconnecting_text, resumed_text


class TailedRun:
    """One run. See `FedLog`.

    Args:
        session: has client, runs and output.
        key: the run.
        lines: how its lines are printed.
        merger: prints them.
        wanted: selects lines; None: all.
        since: lines of this time and later; None: all.
    """

    def __init__(
        self,
        session: CommandSession,
        key: RunKey,
        lines: RunLines,
        merger: LineMerger,
        *,
        wanted: LineFilter | None,
        since: datetime | None,
    ) -> None:
        self._session = session
        self._key = key
        self._lines = lines
        self._merger = merger
        self._source = merger.open_source()
        self._wanted = wanted
        self._since = since
        self._seen = LineIdSet()
        self._after_id: str | None = None
        self._count = 0
        self._count_at_loss: int | None = None
        self._lossless = True

    async def run(self, *, is_open: bool = True) -> None:
        """Follow the stream to the end of the run; an error is told."""
        del is_open  # no budget of streams here
        from nodion_tui.api.follow.follower import LogFollower  # noqa: PLC0415  # httpx, on demand

        follower = LogFollower(
            self._session.client,
            self._key,
            after_id=self._after_id,
            seen_ids=self._seen,
            keep_raw=self._session.output.json,
        )
        try:
            async with aclosing(follower.events()) as events:
                async for event in events:
                    await self._handle(event)
        except NodionError as error:
            self._session.output.warning(f"{self._lines.name}: {describe_error(error)}")
        self._merger.close_source(self._source)

    async def catch_up(self) -> bool:
        """Print the next page; returns whether there is no more for now.

        Raises:
            NodionError: the request failed.
        """
        client, is_json = self._session.client, self._session.output.json
        page = await client.get_logs(*self._key, self._after_id, raw=is_json)
        is_new = self._seen.add_each([line.id for line in page.items], starts_response=True)
        lines = list(compress(page.items, is_new))
        await self._print(lines, list(compress(page.raw, is_new)))
        if not lines:
            self._merger.loaded(self._source)
        return not lines

    async def _handle(self, event: FollowEvent) -> None:
        runs = self._session.runs
        match event:
            case NewLines(lines=lines, raw=raw):
                await self._print(lines, raw)
            case HistoryRead():
                self._merger.loaded(self._source)
            case RunUpdate(run=run):
                runs.apply_run(run)
            case RunEnded(state=state, complete=complete):
                runner = runs.runner(self._key.runner_id)
                await self._tell(ended_text(state, self._count, complete=complete, runner=runner))
                runs.apply_final(self._key, state)
            case _:
                await self._handle_connection(event)

    async def _handle_connection(self, event: FollowEvent) -> None:
        match event:
            case StreamLost(reason=reason, retry_in=seconds):
                if self._count_at_loss is None:
                    self._count_at_loss = self._count
                await self._tell(reconnecting_text(seconds, reason))
            case StreamOpened(lossless=lossless):
                self._lossless = lossless
            case CaughtUp():
                before = self._count if self._count_at_loss is None else self._count_at_loss
                await self._tell(resumed_text(self._count - before, lossless=self._lossless))
                self._count_at_loss = None
            case LogNotice(text=text):
                await self._tell(text)
            case _:
                pass

    async def _print(self, lines: Sequence[LogLine], raw: Sequence[bytes]) -> None:
        """Print lines; a cancellation in between loses none, as they are noted first."""
        if not lines:
            return
        self._count += len(lines)
        self._after_id = lines[-1].id
        held = [
            HeldLine(None if line.created_at is None else line.created_at.timestamp(), text)
            for line, json in zip_longest(lines, raw)
            if (text := self._text(line, json)) is not None
        ]
        if held:
            await self._merger.put(self._source, held)

    def _text(self, line: LogLine, raw: bytes | None) -> bytes | None:
        is_old = self._since and line.created_at and line.created_at < self._since
        if is_old or (self._wanted is not None and not self._wanted(line)):
            self._lines.skip(line)
            return None
        return self._lines.text(line, raw)

    async def _tell(self, text: str) -> None:
        await self._merger.put(self._source, [HeldLine(None, notice=f"{self._lines.name}: {text}")])
