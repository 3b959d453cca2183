"""What do the events of the stream mean? `log`, `state` and `error` of the API reference."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import compress, groupby
from operator import attrgetter

from httpx_sse import ServerSentEvent

from nodion_tui.api.client import LOG_DECODER
from nodion_tui.api.decode.rows import InvalidResponseBody, RowDecoder
from nodion_tui.api.follow.cursor import DeliveryCursor
from nodion_tui.api.follow.events import FollowEvent, LogNotice, NewLines
from nodion_tui.api.http.error_responses import error_message
from nodion_tui.model.errors import ConnectionLost
from nodion_tui.model.log_line import FinalState, LogLine
from nodion_tui.model.run import RunStatus

EventBatch = Sequence[ServerSentEvent]

_KIND = attrgetter("event")
_STATES = RowDecoder(FinalState, "state", "states")
_NOT_OVER = frozenset({RunStatus.PENDING, RunStatus.RUNNING})


@dataclass(frozen=True, slots=True)
class UnreadableLine:
    """A `log` event that is not as documented: a line is missing just here."""

    problem: str


class StreamError(ConnectionLost):
    """The service sent an `error` event: treated as a lost stream."""


class EventInterpreter:
    """Turns batches into what a follower gives out; knows the final state once it came."""

    def __init__(self, place: DeliveryCursor, *, keep_raw: bool) -> None:
        self._place = place
        self._keep_raw = keep_raw
        self._begins = True
        self.state: FinalState | None = None
        """How the run ended, from a `state` event."""

    def interpret(self, batch: EventBatch) -> Iterator[FollowEvent | UnreadableLine]:
        """The batch's new lines together, and what stands between them.

        What of the lines is new is decided as they are taken, so whoever takes an `Unreadable` may
        read pages before going on.

        Raises:
            StreamFault: after an `error` event; what came behind it is not given out.
        """
        for kind, events in groupby(batch, _KIND):
            if kind == "log":
                yield from self._logs([event.data for event in events])
            elif kind == "state":
                for event in events:
                    yield from self._ending(event.data)
            elif kind == "error":
                said = error_message(next(events).data)
                yield LogNotice(f"the service reports: {said or 'an error'}")
                raise StreamError("the stream ended in an error")

    def _logs(self, data: list[str]) -> Iterator[FollowEvent | UnreadableLine]:
        try:
            lines = LOG_DECODER.decode_rows(data)
        except InvalidResponseBody:
            yield from self._one_by_one(data)
        else:
            yield from self._new(lines, data)

    def _one_by_one(self, data: list[str]) -> Iterator[FollowEvent | UnreadableLine]:
        lines: list[LogLine] = []
        start = 0
        for index, text in enumerate(data):
            try:
                lines.append(LOG_DECODER.decode_row(text))
            except InvalidResponseBody as problem:
                yield from self._new(lines, data[start:index])
                yield UnreadableLine(str(problem))
                lines, start = [], index + 1
        yield from self._new(lines, data[start:])

    def _new(self, lines: list[LogLine], data: list[str]) -> Iterator[FollowEvent]:
        fresh = self._place.mark_delivered(lines, starts_response=self._begins)
        self._begins = self._begins and not lines
        if all(fresh) and lines and not self._keep_raw:
            yield NewLines(lines, live=True)
        elif any(fresh):
            raw = [text.encode() for text in compress(data, fresh)] if self._keep_raw else ()
            yield NewLines(tuple(compress(lines, fresh)), live=True, raw=raw)

    def _ending(self, data: str) -> Iterator[FollowEvent]:
        try:
            state = _STATES.decode_row(data)
        except InvalidResponseBody as problem:
            yield LogNotice(f"the final state could not be read: {problem}")
            return
        if state.status not in _NOT_OVER:
            self.state = state
