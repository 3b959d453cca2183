"""Which runs of a monitor are streamed, and what their streams tell beside their logs."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from nodion_tui.model.log_line import FinalState, LogLine
from nodion_tui.model.run import Run, RunKey, RunStatus
from nodion_tui.monitor.insight.silence import Silence
from nodion_tui.monitor.insight.typical_duration import typical_duration
from nodion_tui.monitor.log.state import LogPhase
from nodion_tui.monitor.runs.known_runs import KnownRuns, utc_now
from nodion_tui.monitor.streams.last_output import LastOutput
from nodion_tui.monitor.streams.live_lines import LiveLines
from nodion_tui.monitor.streams.quiet_source import QuietSource
from nodion_tui.monitor.streams.quiet_streams import QuietStreams
from nodion_tui.monitor.streams.stream_budget import (
    DEFAULT_STREAMS,
    StreamBudget,
    StreamPriority,
)

if TYPE_CHECKING:
    from nodion_tui.api.client import NodionClient
    from nodion_tui.monitor.log.session import LogSession
    from nodion_tui.monitor.polling.poller_group import PollerGroup

_EXIT_CODE_STATUSES = frozenset({RunStatus.SUCCEEDED, RunStatus.FAILED})
_NOT_READ = frozenset({LogPhase.LOADING, LogPhase.FAILED})


class RunStreams:
    """The budget of streams of all accounts, their quiet streams, and the lines of all streams.

    Args:
        runs: the runs to hold, which take what streams tell.
        poller: polls what is not held, and what a stream leaves open.
        client_of: returns the client for a runner id, which is created late.
        server_now: the clock of the service of a runner id.
        streams: streams at once.
    """

    def __init__(
        self,
        runs: KnownRuns,
        poller: "PollerGroup",
        client_of: "Callable[[str], NodionClient]",
        server_now: Callable[[str], datetime],
        *,
        streams: int = DEFAULT_STREAMS,
    ) -> None:
        self._runs = runs
        self._poller = poller
        self._server_now = server_now
        self.budget = StreamBudget(streams)
        """Grants streams to the open log, the wall, the merged view and quiet streams."""
        self.live_lines = LiveLines(server_now)
        """Tells every live line of any stream once."""
        self.last_output = LastOutput()
        """When runs wrote last, and how silent they are."""
        self.quiet = QuietStreams(
            runs,
            QuietSource(client_of, poller.acquire_request),
            self.budget,
            listener=self,
            needs=self,
        )
        """Holds running runs for their end."""
        self._open_logs = self.budget.share(lambda: None)
        self._began_at: datetime | None = None
        self._read_logs: set[RunKey] = set()
        self._on_screen: frozenset[RunKey] = frozenset()
        poller.use_streams(self.quiet)

    async def run(self) -> None:
        """Hold running runs until cancelled."""
        self._began_at = utc_now()
        await self.quiet.run()

    def set_on_screen(self, keys: Iterable[RunKey]) -> None:
        """Set the runs whose rows are on the screen: they come before others."""
        if (on_screen := frozenset(keys)) != self._on_screen:
            self._on_screen = on_screen
            self.quiet.wake()

    def silence(self, run: Run) -> Silence | None:
        """The silence of a run that is held, if it is longer than usual."""
        if run.status != RunStatus.RUNNING or not self.quiet.is_held(run.key):
            return None
        return self.last_output.silence(run.key, self._server_now(run.runner_id))

    # What log sessions tell.

    def lines_read(self, key: RunKey, lines: Sequence[LogLine]) -> None:
        """For log sessions: lines have been read, and are kept."""
        if lines:
            self.last_output.note(key, lines[-1])
            self.live_lines.publish(key, lines)

    def reading_changed(self, session: "LogSession") -> None:
        """For log sessions: somebody begins or ceases to stream a log."""
        key, last_id = session.key, session.buffer.last_id
        if session.open_count:
            self._open_logs.acquire(key, StreamPriority.OPEN_LOG)
        else:
            self._open_logs.release(key)
        if session.has_readers:
            self._watch_lines(key)
            self._read_logs.add(key)
            self.quiet.wake()
            return
        self._read_logs.discard(key)
        if last_id is not None and session.state.phase not in _NOT_READ:
            self.quiet.log_read(key, last_id)
        self.quiet.wake()

    # What streams tell, quiet ones and others.

    def lines_passed(self, key: RunKey, lines: Sequence[LogLine]) -> None:
        """For quiet streams: lines have come, and are not kept."""
        self.last_output.observe(key, lines)
        self.live_lines.publish(key, lines)

    def run_told(self, run: Run) -> None:
        """For quiet streams: a run was fetched."""
        self._runs.apply_run(run)

    def run_ended(self, key: RunKey, final: FinalState) -> None:
        """For every stream: how a run ended. What the stream leaves open, its list tells."""
        run = self._runs.run(key)
        if run is None or run.is_final:
            return
        self._runs.apply_final(key, final)
        self.last_output.forget(key)
        has_no_code = final.exit_code is None and final.status in _EXIT_CODE_STATUSES
        if has_no_code or final.completed_at is None:
            self._poller.refresh((key.runner_id,))

    def held_changed(self, key: RunKey) -> None:
        """For quiet streams: the end of a run is told by its stream from now on, or is not."""
        if self.quiet.is_held(key):
            self._watch_lines(key)
        self._poller.update_preferred()

    def _watch_lines(self, key: RunKey) -> None:
        """The lines of a run are live from now on; those of a new run are, from its first on."""
        run = self._runs.run(key)
        created_at = run.created_at if run else None
        skew = self._server_now(key.runner_id) - utc_now()
        is_new = created_at and self._began_at and created_at >= self._began_at + skew
        self.live_lines.watch(key, created_at if is_new else None)

    # What quiet streams ask.

    def is_read(self, key: RunKey) -> bool:
        """Whether the log of a run is streamed by others."""
        return key in self._read_logs

    def is_on_screen(self, key: RunKey) -> bool:
        """Whether the row of a run is on the screen."""
        return key in self._on_screen

    def usual_end(self, run: Run) -> datetime | None:
        """When a run ends usually; None if that is unknown."""
        typical = typical_duration(run, self._runs.runs_of(run.runner_id))
        return None if typical is None or run.started_at is None else run.started_at + typical.p50
