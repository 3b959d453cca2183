"""Writes one line to the event log for each state change of a run's log stream."""

import logging
from typing import TypeVar

from nodion_tui.api.follow.events import HistoryRead, RunEnded, StreamLost, StreamOpened
from nodion_tui.model.errors import NodionError
from nodion_tui.model.loggable import loggable_id
from nodion_tui.model.run import RunKey

_logger = logging.getLogger(__name__)
E = TypeVar("E", HistoryRead, StreamOpened, StreamLost, RunEnded)


def logged(key: RunKey, event: E, error: NodionError | None = None) -> E:
    """Writes the line of an event and returns the event.

    Only the type of an error is written, as its text may contain request data.
    """
    if _logger.isEnabledFor(logging.INFO):
        run = loggable_id(key.run_id)
        cause = None if error is None else type(error).__name__
        match event:
            case HistoryRead():
                _logger.info("stream run=%s state=history_read", run)
            case StreamOpened(resumed=resumed, outage=outage, lossless=lossless):
                _logger.info(
                    "stream run=%s state=open resumed=%s outage=%s lossless=%s",
                    *(run, resumed, outage, lossless),
                )
            case StreamLost(retry_in=retry_in, attempt=attempt):
                _logger.info(
                    "stream run=%s state=lost attempt=%d retry_in=%.1f error=%s",
                    *(run, attempt, retry_in, cause),
                )
            case RunEnded(state=state, complete=complete):
                _logger.info(
                    "stream run=%s state=ended status=%s exit=%s complete=%s",
                    *(run, state.status, state.exit_code, complete),
                )
    return event
