"""What the merged log shows of one monitor."""

from collections.abc import Collection, Iterable, Sequence

from nodion_tui.model.run import Run, RunKey
from nodion_tui.model.runner import short_id
from nodion_tui.model.text.sanitize import sanitize
from nodion_tui.monitor.log.state import LogPhase
from nodion_tui.monitor.merged.completeness import SourceReading, summary
from nodion_tui.monitor.merged.merged_log import MergedLog
from nodion_tui.monitor.merged.merged_runs import MergedRuns, RunChoice, active_since
from nodion_tui.monitor.merged.merged_source import MergedSource
from nodion_tui.monitor.monitor import Monitor
from nodion_tui.monitor.runs.filter import RunFilter
from nodion_tui.monitor.streams.stream_budget import StreamPriority
from nodion_tui.monitor.wall.membership import FeedMode
from nodion_tui.ui.merged.merged_reader import MergedReader
from nodion_tui.ui.session import error_text as errors
from nodion_tui.ui.session.error_text import why_not_listed
from nodion_tui.ui.session.watcher import CONNECTING


class MergedModel:
    """The runs of a monitor in one log, and the reading of their logs.

    Args:
        monitor: has the runs and their logs.
        choice: which runs.
        streams: maximum number of logs that are streamed at once.
    """

    def __init__(self, monitor: Monitor, choice: RunChoice, *, streams: int) -> None:
        self._monitor = monitor
        self._opened_at = monitor.server_now()
        self._share = monitor.streams.budget.share(self._budget_changed)
        self.runs = MergedRuns(choice, streams=streams, granted=self._grant)
        self.log = MergedLog(monitor.take_turn)
        self.reader = MergedReader(self.runs, self.log, monitor)
        self._sources: dict[RunKey, MergedSource] = {}

    def update_runs(self) -> None:
        """Add the runs that match now."""
        runs = self._monitor.runs
        active = active_since(runs, self._opened_at)
        joined, left = self.runs.update(active, runs.run, self._select)
        for key in left:
            self.log.remove(self._sources.pop(key))
        for key in joined:
            self._sources[key] = self.log.add(self._monitor.logs.get(key), self._name(key))
        self._monitor.logs.reserve(self.log.bytes_held)
        self.reader.wake()

    def stop(self) -> None:
        """Read no logs, and leave their streams to others, until the reader is started again."""
        self.reader.stop()
        self._share.close()

    def close(self) -> None:
        """Forget the logs, so that they need not be kept."""
        self.stop()
        self.log.clear()
        self._monitor.logs.reserve(0)

    def _grant(self, keys: Sequence[RunKey]) -> Collection[RunKey]:
        self._share.want(dict.fromkeys(keys, StreamPriority.MERGED))
        return self._share.granted

    def _budget_changed(self) -> None:
        if self.reader.is_reading:
            self.runs.assign()
            self.reader.wake()

    def set_hidden(self, source: MergedSource, *, hidden: bool) -> None:
        """Hide or show a run."""
        self.log.set_hidden(source, hidden=hidden)
        self.runs.set_hidden(source.session.key, hidden=hidden)
        self.reader.wake()

    def reading(self, source: MergedSource) -> SourceReading:
        """How a source is read."""
        key = source.session.key
        feed = self.runs.feeds.get(key, FeedMode.IDLE)
        problem = self.reader.problem(key)
        return SourceReading(
            state=source.session.state,
            feed=feed,
            seconds=self.reader.poll_seconds if feed is FeedMode.POLL else 0.0,
            is_hidden=source.is_hidden,
            problem=errors.short_text(problem) if problem else "",
        )

    def summary(self) -> str:
        """How complete the log is."""
        if self.reader.failure:
            return self.reader.failure
        readings = [self.reading(source) for source in self.log.sources]
        return summary(readings, self.runs.turned_away) if readings else ""

    def empty_text(self) -> tuple[str, ...]:
        """What an empty log says: lists that are not loaded may contain running runs."""
        if shown := [source for source in self.log.sources if not source.is_hidden]:
            states = [source.session.state for source in shown]
            if any(state.lines or state.phase is LogPhase.LOADING for state in states):
                return ("Reading the logs …",)
            return ("No output yet", "Lines appear here as they are written.")
        if self.log.sources:
            return ("All runs are hidden", "H shows them.")
        return self._no_runs_text()

    def _no_runs_text(self) -> tuple[str, ...]:
        """Why there is no log at all."""
        choice, runs = self.runs.choice, self._monitor.runs
        if not self._monitor.is_listed:
            return tuple(why_not_listed(self._monitor, CONNECTING))
        count = len(runs.runners)
        loaded = sum(runs.freshness(runner.id).fetched_at is not None for runner in runs.runners)
        if loaded < count:
            return ("Nothing is running", f"in {loaded} of {count} runners; loading the others.")
        if choice.run_filter:
            hint = "Its log joins as it starts. For runs that have ended: 1, mark them, 4."
            return (f"No running run matches {sanitize(choice.run_filter.text)}", hint)
        return ("Nothing is running", "The log of a run joins as it starts.")

    def title_words(self) -> Sequence[str]:
        """Which runs are chosen, and what has become of them: `runner:etl`, `1 running, 1 ended`.

        All running runs need no name: those that ended meanwhile are counted apart.
        """
        choice, runs = self.runs.choice, [source.session.key for source in self.log.sources]
        known = [run for run in map(self._monitor.runs.run, runs) if run is not None]
        ended = sum(run.is_final for run in known)
        counts = ((len(runs) - ended, "running"), (ended, "ended"))
        words = ", ".join(f"{number:,} {word}" for number, word in counts if number)
        if choice.marked:
            chosen = "marked runs"
        else:
            chosen = sanitize(choice.run_filter.text) if choice.run_filter else ""
        return [part for part in (chosen, words or "0 running") if part]

    def _select(self, run_filter: RunFilter, runs: Iterable[Run]) -> list[Run]:
        monitor = self._monitor
        names = {runner.id: sanitize(runner.label) for runner in monitor.runs.runners}
        return run_filter.select(
            runs,
            now=monitor.server_now(),
            names=names,
            overdue=monitor.due.runners,
            profile_of=monitor.accounts.profile_name,
        )

    def _name(self, key: RunKey) -> str:
        return sanitize(f"{self._monitor.label(key.runner_id)} {short_id(key.run_id)}")
