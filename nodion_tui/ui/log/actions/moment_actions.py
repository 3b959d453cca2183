"""Keys that go to a moment of a log, and to its long pauses."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from functools import partial, partialmethod
from weakref import WeakKeyDictionary

from nodion_tui.model.text.format import pause_duration
from nodion_tui.monitor.insight.pauses import PAUSE_FACTOR, LogPauses, long_pauses
from nodion_tui.monitor.log.buffer import EntryKind
from nodion_tui.monitor.log.moments.line_times import first_line_from
from nodion_tui.monitor.log.moments.moment import (
    BeforeEnd,
    LineShare,
    LogSpan,
    Moment,
    moment_time,
    parse_moment,
)
from nodion_tui.monitor.log.shown_log import LogEntries
from nodion_tui.monitor.log.state import LogPhase
from nodion_tui.ui.log.actions.context import ActionContext
from nodion_tui.ui.log.actions.loaded import loaded
from nodion_tui.ui.log.actions.steady import steady
from nodion_tui.ui.log.open_log import OpenLog
from nodion_tui.ui.log.render.display_options import TimestampMode

_NO_TIMES = "no line has a time"
_NOT_IN_MEMORY = "not in memory: Enter fetches these lines"


@dataclass(frozen=True, slots=True, kw_only=True)
class MomentEdit:
    """One use of the bar in which a moment is typed."""

    preview: Callable[[str], str]
    """Returns what a typed moment means; raises ValueError if it is none."""
    submitted: Callable[[str], None]
    """Goes to a typed moment; raises ValueError if it is none."""
    cancelled: Callable[[], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class LogMomentActions:
    """Actions that go to a time of the log, whose lines may still be coming."""

    context: ActionContext
    open_bar: Callable[[MomentEdit], None]
    """Shows the bar, empty."""
    close_bar: Callable[[], None]
    """Hides it, and gives the focus to the log."""
    now: Callable[[], datetime]
    """Returns the service's time."""
    _pauses: WeakKeyDictionary[LogEntries, tuple[tuple[int, ...], LogPauses]] = field(
        init=False, default_factory=WeakKeyDictionary
    )
    """The pauses of a log, with its extent when they were found."""
    _jumping: asyncio.Lock = field(init=False, default_factory=asyncio.Lock)
    """Serializes jumps: each starts where the previous one ended."""

    def action_log_moment(self, log: OpenLog) -> None:
        """Ask for a moment, and go there."""
        self.open_bar(
            MomentEdit(
                preview=partial(self._preview, log),
                submitted=partial(self._submit, log),
                cancelled=self.close_bar,
            )
        )

    def _to_pause(self, log: OpenLog, *, back: bool) -> None:
        work = partial(self._jump_to_pause, back=back)
        self.context.start(work, log, "log-pause", exclusive=False)

    action_log_next_pause = partialmethod(_to_pause, back=False)
    action_log_previous_pause = partialmethod(_to_pause, back=True)

    def _preview(self, log: OpenLog, text: str) -> str:
        moment = parse_moment(text)
        if isinstance(moment, LineShare):
            return "of the lines"
        at = self._time(log, moment)
        zone = _zone(log)
        shown = "" if at is None else f"{at.astimezone(zone):%a %Y-%m-%d %H:%M:%S}"
        return f"{shown} UTC" if shown and zone is UTC else shown

    def _submit(self, log: OpenLog, text: str) -> None:
        moment = parse_moment(text)
        self.close_bar()
        self.context.start(partial(self._go, moment=moment), log, "log-moment")

    async def _go(self, log: OpenLog, *, moment: Moment) -> None:
        is_loading = log.session.state.phase is LogPhase.LOADING
        if is_loading and isinstance(moment, LineShare | BeforeEnd):
            await self._load(log)
        index, message = await self._find(log, moment)
        if index is None and log.session.state.phase is LogPhase.LOADING:
            await self._load(log)
            index, message = await self._find(log, moment)
        viewport = log.viewport
        if not self.context.is_shown(log) or not len(viewport.entries):
            return
        if message == _NO_TIMES:
            self.context.show_message(message)
            return
        viewport.hold_at_start = False
        if index is None:
            index = viewport.buffer.end - 1
        viewport.unfold(index)
        viewport.go_to(index)
        self.context.moved()
        self.context.show_message(message)  # Empty: that of the jump before goes.

    async def _load(self, log: OpenLog) -> None:
        self.context.show_message("reading the log …")
        await loaded(log.session)

    async def _find(self, log: OpenLog, moment: Moment) -> tuple[int | None, str]:
        """The entry at a moment, None for the last one, and what is to be said about it."""
        entries = log.viewport.entries
        if isinstance(moment, LineShare):
            position = min(moment.index(len(entries)), len(entries) - 1)
            return (entries.index_at(position) if len(entries) else None), ""
        at = self._time(log, moment)
        if at is None:
            return None, _NO_TIMES
        buffer = log.viewport.buffer
        index = await steady(log.viewport, lambda: first_line_from(buffer, at))
        return _at_time(log, at, index)

    def _time(self, log: OpenLog, moment: Moment) -> datetime | None:
        """The time of a moment; None while no line has a time."""
        viewport, started_at = log.viewport, log.annotations.started_at
        buffer = viewport.buffer
        start, end = buffer.started_at, buffer.newest_at
        if start is None or end is None or isinstance(moment, LineShare):
            return None
        near = buffer.time(viewport.cursor) if len(viewport.entries) else None
        span = LogSpan(min(started_at or start, end), end)
        return moment_time(moment, span, self.now(), _zone(log), near or end)

    async def _jump_to_pause(self, log: OpenLog, *, back: bool) -> None:
        viewport = log.viewport
        async with self._jumping:
            buffer = viewport.buffer
            pauses = await steady(viewport, lambda: self._find_pauses(buffer))
            if not self.context.is_shown(log):
                return
            pause, place = (
                (pauses.before(viewport.cursor) if back else pauses.after(viewport.cursor)),
                "",
            )
            if pause is None:
                pause = pauses.before(viewport.buffer.end) if back else pauses.after(-1)
                place = " · continued at the end" if back else " · continued at the start"
            usual = pauses.usual_gap
            if pause is None or usual is None:
                than = f": none lasts {pause_duration(PAUSE_FACTOR * usual)}" if usual else ""
                self.context.show_message(f"no long pause in this log{than}")
                return
            viewport.unfold(pause.index)
            viewport.go_to(pause.index)
            self.context.moved()
            self.context.show_message(
                f"{pause_duration(pause.duration)} pause, usually {pause_duration(usual)}{place}"
            )

    async def _find_pauses(self, buffer: LogEntries) -> LogPauses:
        """The pauses of a log; they are found again once it has changed."""
        extent = buffer.first_retained, buffer.end, buffer.revision
        found = self._pauses.get(buffer)
        if found is None or found[0] != extent:
            found = self._pauses[buffer] = extent, await long_pauses(buffer)
        return found[1]


def _at_time(log: OpenLog, at: datetime, index: int | None) -> tuple[int | None, str]:
    """The entry at a time whose first line in memory is known, and what is to be said about it."""
    buffer = log.viewport.buffer
    if index is None:
        if buffer.newest_at is not None and at <= buffer.newest_at:
            return buffer.first, _NOT_IN_MEMORY
        return None, f"the log ends at {_clock(log, buffer.newest_at)}"
    # Lines of this time may be among those that are not in memory.
    is_later = (buffer.time(index) or at) > at
    if is_later and index > buffer.first:
        before = index - 1
        if buffer.entry(before, 0).kind is EntryKind.DROPPED:
            return before, _NOT_IN_MEMORY
    if buffer.started_at is not None and at < buffer.started_at:
        return index, f"the log begins at {_clock(log, buffer.started_at)}"
    return index, ""


def _zone(log: OpenLog) -> tzinfo | None:
    """The zone of the times that are typed: the one of the timestamps on screen."""
    is_utc = log.viewport.options.timestamps is TimestampMode.UTC
    return UTC if is_utc else log.annotations.zone


def _clock(log: OpenLog, at: datetime | None) -> str:
    return "" if at is None else f"{at.astimezone(_zone(log)):%a %H:%M:%S}"
