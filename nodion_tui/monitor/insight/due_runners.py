"""Which regular runners did not run when they were due."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

from nodion_tui.model.run import Run
from nodion_tui.monitor.insight.rhythm import Rhythm
from nodion_tui.monitor.insight.rhythm_book import RhythmBook
from nodion_tui.monitor.runs.changes import Changes
from nodion_tui.monitor.runs.known_runs import KnownRuns
from nodion_tui.monitor.runs.last_run import LastRun


class DueRunners:
    """The runners that are overdue.

    They are judged by the last answer, not by the time of day: while polling rests, the machine
    sleeps or the service does not answer, nothing becomes overdue.

    Args:
        runs: the known runs.
        rhythms: how regularly each runner runs.
        checked_at: returns when the list of a runner id was last read, on the server's clock.
    """

    def __init__(
        self,
        runs: KnownRuns,
        rhythms: RhythmBook,
        checked_at: Callable[[str], datetime | None],
    ) -> None:
        self._runs = runs
        self._rhythms = rhythms
        self._checked_at = checked_at
        self._overdue: Mapping[str, Rhythm] = {}
        self._unjudged: set[str] | None = None
        """Runners about which something is new since they were judged; None: all."""
        self._loads = 0
        runs.subscribe(self._note)

    def rhythm(self, runner_id: str) -> Rhythm | None:
        """The rhythm of a regular runner that did not run when it was due; None if none."""
        # Most runners have no rhythm: first what costs least, as it is asked for each second.
        checked_at = self._checked_at(runner_id) if self._rhythms.rhythms(runner_id) else None
        return None if checked_at is None else self._rhythms.overdue(runner_id, checked_at)

    def is_overdue(self, runner_id: str, rhythm: Rhythm) -> bool:
        """Whether the next run of this rhythm of a runner did not come when it was due."""
        checked_at = self._checked_at(runner_id)
        return checked_at is not None and rhythm.overdue_by(checked_at) is not None

    def runners(self) -> Mapping[str, Rhythm]:
        """Runner id → rhythm, of the runners that are overdue, in the order of the runners.

        It is asked for each second: only runners are judged whose list was read since.
        """
        if self._rhythms.loads != self._loads:
            self._loads, self._unjudged = self._rhythms.loads, None
        known = dict(self._overdue)
        all_ids = [runner.id for runner in self._runs.runners] if self._unjudged is None else ()
        for runner_id in self._unjudged or all_ids:
            rhythm = self.rhythm(runner_id)
            if rhythm is None:
                known.pop(runner_id, None)
            else:
                known[runner_id] = rhythm
        if self._unjudged is None or known != self._overdue:
            ids = (runner.id for runner in self._runs.runners)
            self._overdue = {each: known[each] for each in ids if each in known}
        self._unjudged = set()
        return self._overdue

    def last_runs(self) -> Iterator[LastRun]:
        """The newest run of each runner, and since when another one is overdue."""
        for runner in self._runs.runners:
            runs, checked_at = self._runs.runs_of(runner.id), self._checked_at(runner.id)
            if runs and checked_at is not None:
                rhythm = self._rhythms.overdue(runner.id, checked_at)
                yield LastRun(runs[0], checked_at, rhythm.overdue_at if rhythm else None)

    def since(self, moment: datetime) -> list[Run]:
        """The last runs of the runners that became overdue after a moment."""
        runs_of = self._runs.runs_of
        return [
            runs_of(runner_id)[0]
            for runner_id, rhythm in self.runners().items()
            if rhythm.overdue_at > moment and runs_of(runner_id)
        ]

    def _note(self, changes: Changes) -> None:
        if changes.runners_changed:
            self._unjudged = None
        elif self._unjudged is not None:
            self._unjudged |= changes.polled
            self._unjudged.update(key.runner_id for key in changes.runs | changes.removed)
