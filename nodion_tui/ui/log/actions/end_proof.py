"""When the end of a log that could not be verified is read again, without being asked for."""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from nodion_tui.monitor.log.shown_log import ShownLog
from nodion_tui.monitor.log.state import LogPhase

if TYPE_CHECKING:
    from nodion_tui.monitor.monitor import Monitor

RETRY_SECONDS = 10.0
"""Time between two attempts, and before the first: the log itself has just tried several times."""


class EndProof:
    """Tells when to read the open log again.

    During an outage nothing is read: the lists are polled until the service answers.

    Args:
        clock: monotonic seconds.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._log: ShownLog | None = None
        self._since = 0.0

    def is_due(self, log: ShownLog | None, monitor: "Monitor | None") -> bool:
        """Whether to read a log again now, as its last page is missing and the service answers.

        Args:
            log: the log that is shown.
            monitor: knows whether its service answers.
        """
        can_prove = log is not None and log.state.unproved and log.state.phase is LogPhase.ENDED
        if log is None or monitor is None or not can_prove:
            self._log = None
            return False
        now = self._clock()
        if log is not self._log:
            self._log, self._since = log, now
        is_due = now - self._since >= RETRY_SECONDS
        if not is_due or monitor.account_of(log.key.runner_id).outage is not None:
            return False
        self._since = now
        return True
