"""Cache of recently viewed log sessions, within one memory budget.

A log that was viewed recently is shown at once. Sessions without readers are evicted first, least
recently used first; then the visible ones share the budget.
"""

from collections.abc import Callable
from functools import partial

from msgspec.structs import replace

from nodion_tui.model.run import RunKey
from nodion_tui.monitor.log.buffer import DEFAULT_MAX_BYTES
from nodion_tui.monitor.log.finished_log import FinishedLogs
from nodion_tui.monitor.log.patterns.runner_patterns import NO_PATTERNS, RunnerPatterns
from nodion_tui.monitor.log.session import LogSession
from nodion_tui.monitor.log.session_hooks import NO_HOOKS, LogHooks
from nodion_tui.monitor.log.source import LogSource

DEFAULT_MAX_SESSIONS = 16


class LogSessionCache:
    """Log sessions by run.

    Args:
        source: where lines come from.
        max_bytes: memory limit of all sessions together (`max_log_bytes`).
        max_sessions: maximum number of sessions; those in use are never evicted.
        patterns_of: returns the line patterns of a runner, by its id.
        hooks: whom each session tells what it reads; `on_flush` is the cache's own.
        archive: as in `LogSession`.
    """

    def __init__(
        self,
        source: LogSource,
        *,
        max_bytes: int = DEFAULT_MAX_BYTES,
        max_sessions: int = DEFAULT_MAX_SESSIONS,
        hooks: LogHooks[LogSession] = NO_HOOKS,
        patterns_of: Callable[[str], RunnerPatterns] = lambda _: NO_PATTERNS,
        archive: FinishedLogs | None = None,
    ) -> None:
        self._new_session = partial(
            LogSession,
            source=source,
            max_bytes=max_bytes,
            archive=archive,
            hooks=replace(hooks, on_flush=self._evict),
        )
        self._patterns_of = patterns_of
        self._max_bytes = max_bytes
        self._max_sessions = max_sessions
        self._reserved = 0
        self._sessions: dict[RunKey, LogSession] = {}

    @property
    def cached(self) -> "tuple[LogSession, ...]":
        """The cached sessions, least recently used first."""
        return tuple(self._sessions.values())

    def __len__(self) -> int:
        return len(self._sessions)

    def __contains__(self, key: RunKey) -> bool:
        return key in self._sessions

    def is_in_use(self, key: RunKey) -> bool:
        """Whether the log of a run has readers or subscribers."""
        session = self._sessions.get(key)
        return session is not None and session.in_use

    @property
    def bytes_held(self) -> int:
        """Memory used by all sessions, in bytes."""
        return sum(session.bytes_held for session in self._sessions.values())

    def get(self, key: RunKey) -> LogSession:
        """The session of a run: the cached one, or a new one."""
        session = self._sessions.pop(key, None)
        if session is None:
            session = self._new_session(key, patterns=self._patterns_of(key.runner_id))
        self._sessions[key] = session
        self._evict(session)
        return session

    def reserve(self, nbytes: int) -> None:
        """Count memory that is used for logs elsewhere: the order of a merged one."""
        self._reserved = nbytes

    def clear(self) -> None:
        """Evict all sessions that are not in use."""
        for key in [key for key, session in self._sessions.items() if not session.in_use]:
            del self._sessions[key]

    def _evict(self, current: LogSession) -> None:
        idle = [
            key
            for key, session in self._sessions.items()
            if not session.in_use and session is not current
        ]
        limit = max(self._max_bytes - self._reserved, self._max_bytes // 2)
        while idle and (len(self) > self._max_sessions or self.bytes_held > limit):
            del self._sessions[idle.pop(0)]
        self._share([session for session in self._sessions.values() if session.in_use], limit)

    def _share(self, sessions: list[LogSession], limit: int) -> None:
        """Give each session what the others leave, and at least an equal part."""
        used_bytes = sum(session.bytes_held for session in sessions)
        for session in sessions:
            available = limit - (used_bytes - session.bytes_held)
            session.buffer.max_bytes = max(available, limit // len(sessions))
