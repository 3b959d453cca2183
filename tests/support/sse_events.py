"""Single events of what a stream yields."""

from collections.abc import Sequence

from httpx_sse import ServerSentEvent

from nodion_tui.api.http.sse import EventBatch, LogEvents


def events_of(batch: EventBatch) -> Sequence[ServerSentEvent]:
    """Each event of a batch."""
    if isinstance(batch, LogEvents):
        return [ServerSentEvent("log", data) for data in batch.data()]
    return batch
