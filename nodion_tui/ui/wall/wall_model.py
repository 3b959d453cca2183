"""What the wall shows of one monitor."""

import time
from collections.abc import Collection, Sequence

from nodion_tui.model.run import RunKey
from nodion_tui.model.runner import short_id
from nodion_tui.monitor.monitor import Monitor
from nodion_tui.monitor.streams.stream_budget import StreamPriority
from nodion_tui.monitor.wall.membership import WallMembership
from nodion_tui.ui.session.error_text import why_not_listed
from nodion_tui.ui.session.watcher import CONNECTING
from nodion_tui.ui.wall.tile_text import TileFacts
from nodion_tui.ui.wall.wall_reader import WallReader


class WallModel:
    """The runs of a monitor that are on the wall, and the reading of their logs.

    Args:
        monitor: whose running runs are on the wall.
        streams: maximum number of logs that are streamed at once.
        grace: seconds that an ended run stays on the wall.
    """

    def __init__(self, monitor: Monitor, *, streams: int, grace: float) -> None:
        self._monitor = monitor
        self._share = monitor.streams.budget.share(self._budget_changed)
        self.membership = WallMembership(streams=streams, grace=grace, granted=self._granted)
        self.reader = WallReader(self.membership, monitor)
        self.session_of = monitor.logs.get

    def stop(self) -> None:
        """Read no logs, and leave their streams to others, until the reader is started again."""
        self.reader.stop()
        self._share.close()

    def update_runs(self) -> None:
        """Add the runs that are running now, and remove those that ended a while ago."""
        runs = self._monitor.runs
        active = (run for key in runs.active if (run := runs.run(key)) is not None)
        self.membership.update(active, runs.run, time.monotonic())

    def facts(self, key: RunKey) -> TileFacts | None:
        """What the edges of a run's tile show; None if the service no longer lists the run."""
        run = self._monitor.runs.run(key)
        if run is None:
            return None
        monitor, runner_id = self._monitor, run.runner_id
        runner = monitor.runs.runner(runner_id)
        return TileFacts(
            run,
            runner.label if runner else short_id(runner_id),
            self.reader.feed_state(key),
            monitor.known_until(runner_id),
            is_awaited=monitor.is_awaited(run),
            profile=monitor.accounts.row_profile(runner_id),
        )

    def empty_text(self) -> str:
        """What an empty wall says: lists that are not loaded may contain running runs."""
        if not self._monitor.is_listed:
            return "\n".join(why_not_listed(self._monitor, CONNECTING))
        runs = self._monitor.runs
        count = len(runs.runners)
        loaded = sum(runs.freshness(runner.id).fetched_at is not None for runner in runs.runners)
        if loaded < count:
            return f"Nothing is running in {loaded} of {count} runners; loading the others."
        return "Nothing is running.\n\nThe log of a run appears here as soon as it starts."

    def _granted(self, keys: Sequence[RunKey]) -> Collection[RunKey]:
        """Which of these logs may be streamed."""
        self._share.want(dict.fromkeys(keys, StreamPriority.WALL))
        return self._share.granted

    def _budget_changed(self) -> None:
        """Others have taken streams, or left some."""
        if self.reader.is_reading:
            self.membership.assign()
            self.reader.wake()
