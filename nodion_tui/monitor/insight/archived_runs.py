"""What archived logs tell of runs: why they failed, and which there are if no service answers."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from nodion_tui.model.runner import Runner
from nodion_tui.monitor.insight.anomalies import AnomalyDetector
from nodion_tui.monitor.insight.ending_lines import LOOK_BACK, last_lines, telling_lines
from nodion_tui.monitor.log.buffer import LogBuffer
from nodion_tui.monitor.log.finished_log import FinishedLog

if TYPE_CHECKING:
    from nodion_tui.monitor.archive.archive_keeper import ArchiveKeeper
    from nodion_tui.monitor.archive.log_archive import ArchivedLog
    from nodion_tui.monitor.runs.account_runs import AccountRuns


class ArchivedRuns:
    """Passes on what the archive of an account knows, when the monitor starts.

    Args:
        archive: of the profile.
        runs: of the account; get the archived runs as long as the service cannot be reached and
            none is known.
        anomalies: gets the last lines of failed runs.
        is_unreachable: whether the service does not answer.
    """

    def __init__(
        self,
        archive: "ArchiveKeeper",
        runs: "AccountRuns",
        anomalies: AnomalyDetector,
        is_unreachable: Callable[[], bool],
    ) -> None:
        self._archive = archive
        self._runs = runs
        self._anomalies = anomalies
        self._is_unreachable = is_unreachable
        self._logs: Sequence[ArchivedLog] = ()

    async def load(self) -> None:
        """Remove what is too old, then read what is archived; wait for an outage from then on."""
        await self._archive.trim()
        self._logs = await self._archive.logs()
        for log in reversed(self._logs):
            if log.last_lines:
                self._anomalies.record_lines(log.key, log.last_lines)
        self._runs.subscribe(lambda _: self._show_if_unreachable())
        self._show_if_unreachable()

    def _show_if_unreachable(self) -> None:
        if self._logs and self._is_unreachable() and not self._runs.runners:
            logs, self._logs = self._logs, ()
            names = {log.run.runner_id: log.runner for log in reversed(logs)}
            runners = [Runner(id=runner_id, name=name) for runner_id, name in names.items()]
            self._runs.remember(runners, [log.run for log in logs])


def lines_of_failure(log: FinishedLog) -> Sequence[str]:
    """The last lines of a failed run, which tell its cause."""
    buffer = LogBuffer()
    buffer.adopt(log.segments, log.last_id)
    return telling_lines(last_lines(buffer, LOOK_BACK))
