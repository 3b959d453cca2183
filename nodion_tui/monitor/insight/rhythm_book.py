"""Rhythms of all runners: learnt again when a runner has new runs, and kept between two starts."""

import asyncio
import logging
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING

from nodion_tui.model.run import Run
from nodion_tui.model.runner import Runner
from nodion_tui.monitor.insight.executions import execution_of, learn_rhythms, most_overdue
from nodion_tui.monitor.insight.rhythm import Rhythm

if TYPE_CHECKING:
    from nodion_tui.monitor.runs.known_runs import KnownRuns
    from nodion_tui.monitor.storage.rhythm_memory import RhythmMemory, StoredRhythm

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
        self._saved: tuple[StoredRhythm, ...] = ()

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

    async def keep(self) -> None:
        """Load what was learnt earlier, then save regularly, until cancelled."""
        if self._memory is None:
            return
        self._remember(await asyncio.to_thread(self._memory.load))
        while True:
            await asyncio.sleep(SAVE_SECONDS)
            await self.save()

    async def save(self) -> None:
        """Save what was learnt, if it has changed; a failure is logged."""
        memory, rhythms = self._memory, tuple(self._to_store())
        if memory is None or rhythms == self._saved:
            return
        try:
            await asyncio.to_thread(memory.save, tuple(self._learnt), rhythms)
            self._saved = rhythms
        except OSError as error:
            _logger.warning("rhythms state=unsaved error=%s", type(error).__name__)

    def _remember(self, stored: "Iterable[StoredRhythm]") -> None:
        for each in stored:
            self._remembered.setdefault(each.runner, {})[each.execution] = Rhythm(
                timedelta(seconds=each.period),
                timedelta(seconds=each.p90),
                each.of,
                each.last,
                timedelta(seconds=each.regular_for),
            )
        self._learnt.clear()

    def _to_store(self) -> "Iterable[StoredRhythm]":
        from nodion_tui.monitor.storage.rhythm_memory import StoredRhythm  # noqa: PLC0415 - after the first paint

        for runner_id in tuple(self._learnt):
            for digest, rhythm in self.rhythms(runner_id).items():
                yield StoredRhythm(
                    runner_id,
                    digest,
                    rhythm.period.total_seconds(),
                    rhythm.p90.total_seconds(),
                    rhythm.of,
                    rhythm.last,
                    rhythm.regular_for.total_seconds(),
                )
