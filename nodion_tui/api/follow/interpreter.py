"""Interprets stream events: `log`, `state` and `error` of the API reference."""

from collections.abc import Callable, Iterator, Sequence
from itertools import compress, groupby
from operator import attrgetter

import msgspec

from nodion_tui.api.decode.log_rows import LOG_DECODER, decode_lines
from nodion_tui.api.decode.rows import InvalidResponseBody, RowDecoder
from nodion_tui.api.follow.cursor import DeliveryCursor
from nodion_tui.api.follow.events import FollowEvent, LogNotice, NewLines
from nodion_tui.api.http.sse import EventBatch, LogEvents
from nodion_tui.model.errors import ConnectionLost
from nodion_tui.model.log_line import FinalState, LogLine
from nodion_tui.model.run import RunStatus

_KIND = attrgetter("event")
_STATES = RowDecoder(FinalState, "state", "states")
_NOT_FINAL = frozenset({RunStatus.PENDING, RunStatus.RUNNING})


class UnreadableLine(msgspec.Struct, frozen=True):
    """A `log` event that cannot be decoded: a line is missing at this position."""

    problem: str


class StreamError(ConnectionLost):
    """The service sent an `error` event; treated as a lost connection."""


class EventInterpreter:
    """Converts batches of stream events to follow events and stores the final state.

    Args:
        cursor: drops duplicates.
        error_text: what the data of an `error` event says, without secrets.
        keep_raw: whether lines are kept as they were received, too.
    """

    def __init__(
        self, cursor: DeliveryCursor, error_text: Callable[[str], str], *, keep_raw: bool
    ) -> None:
        self._cursor = cursor
        self._error_text = error_text
        self._keep_raw = keep_raw
        self._at_start = True
        self.state: FinalState | None = None
        """Final state of the run, from a `state` event."""

    def interpret(self, batch: EventBatch) -> Iterator[FollowEvent | UnreadableLine]:
        """Yields the new lines of a batch and the events between them, in order.

        Lines are checked for duplicates lazily, so a caller that receives an `UnreadableLine` may
        read pages before it continues.

        Raises:
            StreamError: after an `error` event; later events are dropped.
        """
        if isinstance(batch, LogEvents):
            yield from self._log_events(batch)
            return
        for kind, events in groupby(batch, _KIND):
            if kind == "log":
                yield from self._logs([event.data for event in events])
            elif kind == "state":
                for event in events:
                    yield from self._final_state(event.data)
            elif kind == "error":
                message = self._error_text(next(events).data)
                yield LogNotice(f"the service reports: {message or 'an error'}")
                raise StreamError("the stream ended with an error")

    def _log_events(self, events: LogEvents) -> Iterator[FollowEvent | UnreadableLine]:
        if self._keep_raw:
            yield from self._logs(events.data())
            return
        try:
            lines = decode_lines(events.array, events.count)
        except InvalidResponseBody:
            yield from self._one_by_one(events.data())
        else:
            yield from self._new_lines(lines, ())

    def _logs(self, data: list[str]) -> Iterator[FollowEvent | UnreadableLine]:
        try:
            lines = LOG_DECODER.decode_rows(data)
        except InvalidResponseBody:
            yield from self._one_by_one(data)
        else:
            yield from self._new_lines(lines, data)

    def _one_by_one(self, data: list[str]) -> Iterator[FollowEvent | UnreadableLine]:
        lines: list[LogLine] = []
        start = 0
        for index, text in enumerate(data):
            try:
                lines.append(LOG_DECODER.decode_row(text))
            except InvalidResponseBody as error:
                yield from self._new_lines(lines, data[start:index])
                yield UnreadableLine(str(error))
                lines, start = [], index + 1
        yield from self._new_lines(lines, data[start:])

    def _new_lines(self, lines: Sequence[LogLine], data: Sequence[str]) -> Iterator[FollowEvent]:
        new_flags = self._cursor.mark_delivered(lines, starts_response=self._at_start)
        self._at_start = self._at_start and not lines
        if all(new_flags) and lines and not self._keep_raw:
            yield NewLines(lines, live=True)
        elif any(new_flags):
            raw = [text.encode() for text in compress(data, new_flags)] if self._keep_raw else ()
            yield NewLines(tuple(compress(lines, new_flags)), live=True, raw=raw)

    def _final_state(self, data: str) -> Iterator[FollowEvent]:
        try:
            state = _STATES.decode_row(data)
        except InvalidResponseBody as error:
            yield LogNotice(f"unreadable final state: {error}")
            return
        if state.status not in _NOT_FINAL:
            self.state = state
