"""Causes of all failures, and which of them are acknowledged: known failures.

The failure of an acknowledged cause is *known*: it is dimmed and not counted, and rules with
`new = true` pass it over. Everything else that failed is *new*. A log that was not read yet proves
nothing, so its failure is new until it is.
"""

import asyncio
import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from msgspec.structs import replace

from nodion_tui.model.run import Run, RunKey, RunStatus
from nodion_tui.model.run_cause import RunCause
from nodion_tui.monitor.insight.failure_groups import (
    FailureCause,
    FailureGroup,
    LogEndings,
    group_failures,
)
from nodion_tui.monitor.runs.changes import Changes
from nodion_tui.monitor.runs.time_range import MAX_RUN_DURATION, created_since
from nodion_tui.monitor.storage.known_failures import (
    KnownFailure,
    KnownFailureFile,
    Lasting,
    RunnerSuccess,
)

if TYPE_CHECKING:
    from nodion_tui.monitor.runs.known_runs import KnownRuns

_logger = logging.getLogger(__name__)

LOOK_BACK = 10_000
"""Newest runs among which failures are listed by cause."""
CHECK_SECONDS = 5.0
"""How often the file is looked at for what another dashboard has acknowledged."""


class CauseFamily(NamedTuple):
    """The failures of one cause."""

    group: FailureGroup
    known: KnownFailure | None
    """The acknowledgement, which may have ended; None: there is none."""
    new: int
    """How many of the failures are not acknowledged."""


class FailureCauses:
    """The cause of each failure, and the acknowledged ones of each profile.

    Args:
        runs: the known runs.
        endings: the last lines of logs that were read; with several profiles, they tell whose.
        profiles: names of the profiles, whose acknowledgements count, each with what the ids of its
            runners end with in this program, but not in the file.
        file: where acknowledgements are stored; None: they last as long as the program.
    """

    def __init__(
        self,
        runs: "KnownRuns",
        endings: LogEndings,
        profiles: Mapping[str, str],
        file: KnownFailureFile | None = None,
    ) -> None:
        self._runs = runs
        self._endings = endings
        self._profiles = dict(profiles)
        self._file = file
        self._version: tuple[int, int] | None = None
        self._known: dict[FailureCause, KnownFailure] = {}
        self._unsaved: dict[FailureCause, KnownFailure] = {}
        self._file_lock = asyncio.Lock()
        self.notice = ""
        """What is wrong with the file, and what was done about it; empty if nothing is."""
        self._is_known: dict[RunKey, bool] = {}
        self._successes: dict[tuple[str, datetime], datetime | None] = {}
        self._wanted_by: frozenset[str] = frozenset()
        runs.subscribe(self._on_changes)
        endings.recorded = self._on_ending

    @property
    def acknowledged(self) -> Sequence[KnownFailure]:
        """The acknowledged causes of the profiles, oldest first."""
        return tuple(self._known.values())

    def cause(self, run: Run) -> FailureCause | None:
        """The cause of a failed run, as far as it is known; None for other runs."""
        return self._endings.cause(run) if run.status == RunStatus.FAILED else None

    def of(self, run: Run) -> RunCause | None:
        """What lists and filters show of the cause of a failed run; None for other runs."""
        cause = self.cause(run)
        if cause is None:
            return None
        text = cause.text
        if not cause.shapes:
            text += ", empty log" if self.is_read(run) else ", log not read"
        return RunCause(cause.id, text, self.is_known(run))

    def known(self, cause: FailureCause) -> KnownFailure | None:
        """The acknowledgement of a cause, which may have ended."""
        return self._known.get(cause)

    def is_known(self, run: Run) -> bool:
        """Whether a run failed for an acknowledged cause."""
        if not self._known or run.status != RunStatus.FAILED:
            return False
        result = self._is_known.get(run.key)
        if result is None:
            result = self._is_known[run.key] = self._judge(run)
        return result

    def count_new(self, failed: Sequence[Run]) -> int:
        """How many of these failures are not known."""
        return len(failed) if not self._known else sum(not self.is_known(run) for run in failed)

    @property
    def has_new(self) -> bool:
        """Whether any run has failed whose failure is not known."""
        return not all(map(self.is_known, self._runs.failed_runs()))

    def needs_reading(self, run: Run) -> bool:
        """Whether the log of a failure, not read yet, may tell that it is known, or is listed."""
        return (
            run.status == RunStatus.FAILED
            and run.key not in self._endings
            and (
                bool(self._wanted_by)
                or any(cause.shapes and cause.exit_code == run.exit_code for cause in self._known)
            )
        )

    def want(self, who: str, *, wanted: bool) -> None:
        """Have the logs of failures read while somebody looks at their causes, or not.

        Args:
            who: name of what shows the causes.
            wanted: whether it does.
        """
        names = self._wanted_by - {who} | ({who} if wanted else set())
        if names != self._wanted_by:
            self._wanted_by = names
            self._runs.publish(Changes())

    def is_read(self, run: Run) -> bool:
        """Whether the last lines of the run's log are known."""
        return run.key in self._endings

    def unread_count(self, cause: FailureCause) -> int:
        """Number of failures that may have the cause: their log has not been read."""
        return sum(
            run.exit_code == cause.exit_code and not self.is_read(run)
            for run in self._runs.failed_runs()
        )

    def unread(
        self, count: int, owns: Callable[[str], bool] = lambda _runner_id: True
    ) -> Iterator[Run]:
        """Those of the newest failures that need reading, newest first.

        Args:
            count: the number of failures that are looked at.
            owns: returns whether the failures of a runner, by its id, are looked at.
        """
        if not (self._wanted_by or self._known):
            return
        newest = islice((run for run in self._failures() if owns(run.runner_id)), count)
        yield from filter(self.needs_reading, newest)

    def families(self) -> Sequence[CauseFamily]:
        """All failures by cause, those with new ones first, then the newest first."""
        families = []
        for group in group_failures(self._failures(), self._endings):
            new = sum(not self.is_known(run) for run in group.runs)
            families.append(CauseFamily(group, self._known.get(group.cause), new))
        return sorted(families, key=lambda family: not family.new)

    def family(self, cause: FailureCause) -> CauseFamily | None:
        """The failures of one cause; None if there are none."""
        return next((each for each in self.families() if each.group.cause == cause), None)

    async def load(self) -> None:
        """Read the file."""
        async with self._file_lock:
            await self._load()

    async def keep(self) -> None:
        """Take in what other dashboards acknowledge, and store successes, until cancelled."""
        while self._file is not None:
            await asyncio.sleep(CHECK_SECONDS)
            async with self._file_lock:
                if await asyncio.to_thread(self._file.version) != self._version:
                    await self._load()
                await self._store_successes(self._file)

    async def acknowledge(
        self, cause: FailureCause, *, at: datetime, lasts: Lasting, note: str
    ) -> None:
        """Acknowledge a cause; an earlier acknowledgement of it is replaced.

        Args:
            cause: the cause.
            at: the service's clock.
            lasts: how long it counts.
            note: why it is known.

        Raises:
            OSError: it counts now, but is not stored.
        """
        known = KnownFailure(
            profile=cause.profile or next(iter(self._profiles)),
            exit_code=cause.exit_code,
            shapes=cause.shapes,
            runner=cause.runner_id,
            at=at,
            lasts=lasts,
            note=note,
        )
        self._replace({**self._known, cause: known})
        if self._file is None:
            return
        async with self._file_lock:
            self._unsaved[cause] = known
            await asyncio.to_thread(self._file.save, self._stored(known))
            del self._unsaved[cause]
            await self._load()

    async def withdraw(self, cause: FailureCause) -> None:
        """Acknowledge a cause no more.

        Raises:
            OSError: it is new now, but still stored.
        """
        known = self._known.get(cause)
        if known is None:
            return
        self._unsaved.pop(cause, None)
        self._replace({each: other for each, other in self._known.items() if each != cause})
        if self._file is not None:
            async with self._file_lock:
                await asyncio.to_thread(self._file.remove, self._stored(known))
                await self._load()

    def _judge(self, run: Run) -> bool:
        known = self._known.get(self._endings.cause(run))
        return known is not None and known.covers(run, self._success(run.runner_id, known.at))

    def _success(self, runner_id: str, moment: datetime) -> datetime | None:
        """When the first success of a runner after a moment was, if it is still listed."""
        key = runner_id, moment
        if key not in self._successes:
            newest = created_since(self._runs.runs_of(runner_id), moment - MAX_RUN_DURATION)
            ends = (run.completed_at for run in newest if run.status == RunStatus.SUCCEEDED)
            self._successes[key] = min((end for end in ends if end and end > moment), default=None)
        return self._successes[key]

    def _failures(self) -> Iterator[Run]:
        newest = islice(self._runs.all_runs(), LOOK_BACK)
        return (run for run in newest if run.status == RunStatus.FAILED)

    async def _load(self) -> None:
        if self._file is None:
            return
        # Before the contents: what is written in between is taken in the next time.
        self._version = await asyncio.to_thread(self._file.version)
        contents = await asyncio.to_thread(self._file.load)
        own = [self._loaded(each) for each in contents.entries if each.profile in self._profiles]
        self._replace({self._cause_of(each): each for each in own} | self._unsaved)
        if contents.notice != self.notice:
            self.notice = contents.notice
            self._runs.publish(Changes())

    def _cause_of(self, known: KnownFailure) -> FailureCause:
        profile = known.profile if len(self._profiles) > 1 else ""
        return FailureCause(*known.cause, profile=profile)

    def _stored(self, known: KnownFailure) -> KnownFailure:
        """With the ids of runners by which the service knows them."""
        suffix = self._profiles[known.profile]
        return known.with_ids(lambda runner_id: runner_id.removesuffix(suffix))

    def _loaded(self, known: KnownFailure) -> KnownFailure:
        """With the ids of runners by which this program knows them."""
        suffix = self._profiles[known.profile]
        return known.with_ids(lambda runner_id: f"{runner_id}{suffix}")

    def _replace(self, known: dict[FailureCause, KnownFailure]) -> None:
        """Count other acknowledgements, and tell the subscribers whose runs look different now."""
        if known == self._known:
            return
        failures = tuple(self._failures())
        before = {run.key for run in failures if self.is_known(run)}
        self._known = known
        self._is_known.clear()
        after = {run.key for run in failures if self.is_known(run)}
        self._runs.publish(Changes(runs=frozenset(before ^ after)))

    def _on_changes(self, changes: Changes) -> None:
        if changes.runs or changes.removed:
            self._is_known.clear()
            self._successes.clear()

    def _on_ending(self, key: RunKey) -> None:
        if self._known or self._wanted_by:
            self._runs.publish(Changes(runs=frozenset({key})))

    async def _store_successes(self, file: KnownFailureFile) -> None:
        """Store which runners have succeeded since, as a service may list these runs no more."""
        for cause, known in tuple(self._known.items()):
            if known.lasts is not Lasting.SUCCESS:
                continue
            stored = {each.runner for each in known.succeeded}
            runners = {run.runner_id for run in self._failures() if self.cause(run) == cause}
            ends = {each: self._success(each, known.at) for each in runners - stored}
            new = [RunnerSuccess(each, end) for each, end in ends.items() if end is not None]
            if new:
                updated = replace(known, succeeded=(*known.succeeded, *new))
                self._known[cause] = updated
                try:
                    stored_known = self._stored(updated)
                    more = stored_known.succeeded[-len(new) :]
                    await asyncio.to_thread(file.add_successes, stored_known, more)
                except OSError as error:
                    _logger.warning("known_failures state=unsaved error=%s", type(error).__name__)
