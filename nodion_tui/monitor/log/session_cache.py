"""The sessions of logs that were looked at lately, within one budget of memory.

A run seen a moment ago is shown at once when it is looked at again. Sessions that nobody looks at
are forgotten first, the longest unseen before the others; then those on screen share what there is.
"""

from collections.abc import Callable

from nodion_tui.model.log_line import FinalState
from nodion_tui.model.run import Run, RunKey
from nodion_tui.monitor.log.buffer import DEFAULT_MAX_BYTES
from nodion_tui.monitor.log.session import LogSession
from nodion_tui.monitor.log.source import LogSource

DEFAULT_MAX_SESSIONS = 16


class LogSessionCache:
    """Log sessions by run.

    Args:
        source: where lines come from.
        max_bytes: memory that all sessions together may take (`max_log_bytes`).
        keep: how many sessions are kept at most, beyond those in use.
        on_run: as in `LogSession`, like `on_end` and `on_first`.
    """

    def __init__(
        self,
        source: LogSource,
        *,
        max_bytes: int = DEFAULT_MAX_BYTES,
        max_sessions: int = DEFAULT_MAX_SESSIONS,
        on_run: Callable[[Run], None] | None = None,
        on_end: Callable[[RunKey, FinalState], None] | None = None,
        on_first_line: Callable[[RunKey], None] | None = None,
    ) -> None:
        self._source = source
        self._max_bytes = max_bytes
        self._keep = max_sessions
        self._on_run = on_run
        self._on_end = on_end
        self._on_first = on_first_line
        self._sessions: dict[RunKey, LogSession] = {}

    @property
    def cached(self) -> "tuple[LogSession, ...]":
        """Those that are remembered, the longest unseen first."""
        return tuple(self._sessions.values())

    def __len__(self) -> int:
        return len(self._sessions)

    def __contains__(self, key: RunKey) -> bool:
        return key in self._sessions

    @property
    def bytes_held(self) -> int:
        """Memory that all sessions take, in bytes."""
        return sum(session.bytes_held for session in self._sessions.values())

    def get(self, key: RunKey) -> LogSession:
        """The session of a run: the one that was there, or a new one."""
        session = self._sessions.pop(key, None) or self._new(key)
        self._sessions[key] = session
        self._fit(session)
        return session

    def clear(self) -> None:
        """Forget all sessions that nobody uses."""
        for key in [key for key, session in self._sessions.items() if not session.in_use]:
            del self._sessions[key]

    def _new(self, key: RunKey) -> LogSession:
        return LogSession(
            key,
            self._source,
            max_bytes=self._max_bytes,
            on_run=self._on_run,
            on_end=self._on_end,
            on_first_line=self._on_first,
            on_flush=self._fit,
        )

    def _fit(self, current: LogSession) -> None:
        idle = [
            key
            for key, session in self._sessions.items()
            if not session.in_use and session is not current
        ]
        while idle and (len(self) > self._keep or self.bytes_held > self._max_bytes):
            del self._sessions[idle.pop(0)]
        self._share([session for session in self._sessions.values() if session.in_use])

    def _share(self, used: list[LogSession]) -> None:
        """Each may have what the others leave, and an equal part in any case."""
        held = sum(session.bytes_held for session in used)
        for session in used:
            left = self._max_bytes - (held - session.bytes_held)
            session.buffer.max_bytes = max(left, self._max_bytes // len(used))
