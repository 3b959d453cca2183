"""Rhythms of all runners: learnt again when a runner has new runs, and kept between two starts."""

import asyncio
import logging
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING

from nodion_tui.model.run import Run
from nodion_tui.model.runner import Runner
from nodion_tui.monitor.insight.executions import execution_of, learn_rhythms, most_overdue
from nodion_tui.monitor.insight.rhythm import Rhythm

if TYPE_CHECKING:
    from nodion_tui.monitor.runs.known_runs import KnownRuns
    from nodion_tui.monitor.storage.rhythm_memory import RhythmMemory, StoredRhythm, StoredRunner

_logger = logging.getLogger(__name__)

SAVE_SECONDS = 600.0
"""Interval at which what was learnt is saved while the program runs."""
_NONE: Mapping[str, Rhythm] = MappingProxyType({})

_State = tuple[int, str, Runner | None]


class RhythmBook:
    """The rhythms of the runners, by digest of the execution.

    Args:
        runs: the known runs.
        memory: the file of what was learnt earlier; None: nothing is kept.
    """

    def __init__(self, runs: "KnownRuns", memory: "RhythmMemory | None" = None) -> None:
        self._runs = runs
        self._memory = memory
        self._remembered: dict[str, dict[str, Rhythm]] = {}
        self._learnt: dict[str, tuple[_State, dict[str, Rhythm]]] = {}
        self._saved: tuple[StoredRunner, ...] = ()
        self.loads = 0
        """How often what was learnt earlier has been taken in."""
        self.were_running: frozenset[str] = frozenset()
        """Ids of the runners that had an active run when the program ended the last time."""

    def rhythms(self, runner_id: str) -> Mapping[str, Rhythm]:
        """The rhythms of a runner; those of an earlier start until its runs are known."""
        runs, runner = self._runs.runs_of(runner_id), self._runs.runner(runner_id)
        remembered = self._remembered.get(runner_id, _NONE)
        if not runs:
            return remembered
        state = (len(runs), runs[0].id, runner)
        known = self._learnt.get(runner_id)
        if known is None or known[0] != state:
            known = self._learnt[runner_id] = (state, learn_rhythms(runs, runner, remembered))
        return known[1]

    def rhythm_of(self, run: Run) -> Rhythm | None:
        """The rhythm of what a run executes."""
        execution = execution_of(run, self._runs.runner(run.runner_id))
        return self.rhythms(run.runner_id).get(execution.digest)

    def overdue(self, runner_id: str, known_until: datetime) -> Rhythm | None:
        """The rhythm of a runner whose run is missed; see `most_overdue`."""
        return most_overdue(self.rhythms(runner_id).values(), known_until)

    async def load(self) -> None:
        """Load what was learnt earlier."""
        if self._memory is not None:
            self._remember(await asyncio.to_thread(self._memory.load))

    async def keep(self) -> None:
        """Save what was learnt regularly, until cancelled."""
        while True:
            await asyncio.sleep(SAVE_SECONDS)
            await self.save()

    async def save(self) -> None:
        """Save what was learnt, if it has changed; a failure is logged."""
        memory, runners = self._memory, tuple(self._to_store())
        if memory is None or runners == self._saved:
            return
        try:
            await asyncio.to_thread(memory.save, tuple(self._learnt), runners)
            self._saved = runners
        except OSError as error:
            _logger.warning("rhythms state=unsaved error=%s", type(error).__name__)

    def _remember(self, stored: "Iterable[StoredRunner]") -> None:
        for each in stored:
            self._remembered[each.runner] = {
                rhythm.execution: _from_stored(rhythm)
                for rhythm in each.rhythms
                if rhythm.last.tzinfo is not None
            }
        self.were_running = frozenset(each.runner for each in stored if each.was_running)
        self._learnt.clear()
        self.loads += 1

    def _to_store(self) -> "Iterator[StoredRunner]":
        from nodion_tui.monitor.storage.rhythm_memory import StoredRunner  # noqa: PLC0415 - after the first paint

        running = {key.runner_id for key in self._runs.active}
        for runner_id in tuple(self._learnt):
            rhythms = self.rhythms(runner_id).items()
            if rhythms or runner_id in running:
                stored = tuple(_to_stored(digest, rhythm) for digest, rhythm in rhythms)
                yield StoredRunner(runner_id, runner_id in running, stored)


def _from_stored(stored: "StoredRhythm") -> Rhythm:
    return Rhythm(
        timedelta(seconds=stored.period),
        timedelta(seconds=stored.p90),
        stored.of,
        stored.last,
        timedelta(seconds=stored.regular_for),
    )


def _to_stored(execution: str, rhythm: Rhythm) -> "StoredRhythm":
    from nodion_tui.monitor.storage.rhythm_memory import StoredRhythm  # noqa: PLC0415 - after the first paint

    return StoredRhythm(
        execution,
        rhythm.period.total_seconds(),
        rhythm.p90.total_seconds(),
        rhythm.of,
        rhythm.last,
        rhythm.regular_for.total_seconds(),
    )
