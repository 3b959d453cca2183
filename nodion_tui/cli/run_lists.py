"""Runs of one runner or of all runners, newest first, with the JSON that the service sent."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

from nodion_tui.cli.process.exit_codes import FAILED, OK, print_error
from nodion_tui.cli.session import CommandSession
from nodion_tui.model.errors import NodionError
from nodion_tui.model.run import Run, RunKey, newest_first, newest_listed_first
from nodion_tui.model.runner import Runner

if TYPE_CHECKING:
    from nodion_tui.model.run_cause import CauseOf
    from nodion_tui.monitor.insight.rhythm import Rhythm
    from nodion_tui.monitor.runs.filter import RunFilter

_MAX_CONCURRENT = 8


class RunLists(msgspec.Struct, frozen=True):
    """The lists of several runners, merged."""

    runners: Sequence[Runner]
    """The runners whose lists were read, or failed."""
    labels: Mapping[str, str]
    """Runner id → name for display, of all runners whose lists were read or failed."""
    runs: Sequence[Run]
    """Newest first."""
    raw: Mapping[RunKey, bytes]
    """JSON of each run as the service sent it, if requested."""
    failures: Sequence[tuple[Runner, NodionError]]
    """Lists that cannot be read."""

    async def select(
        self, run_filter: "RunFilter | None", session: CommandSession
    ) -> Sequence[Run]:
        """The runs that match the filter, if any; logs are read where it asks for causes."""
        if run_filter is None:
            return self.runs
        from nodion_tui.model.run_cause import no_cause  # noqa: PLC0415 - with a filter alone

        now = session.client.server_now()

        def selected(other: "RunFilter", cause_of: "CauseOf") -> list[Run]:
            return other.select(
                self.runs,
                now=now,
                names=self.labels,
                overdue=lambda: self.overdue(now),
                cause_of=cause_of,
                profile_of=lambda _: session.profile.name,
            )

        if not (causes := run_filter.values_of("cause")):
            return selected(run_filter, no_cause)
        from nodion_tui.cli.cause_lookup import CauseLookup  # noqa: PLC0415 - seldom
        from nodion_tui.monitor.runs.filter_terms import CAUSE_STATES  # noqa: PLC0415 - as above

        lookup = CauseLookup(session, self.runs)
        states = {state for value in causes for state in value.lower().split(",")}
        candidates = selected(run_filter.without("cause"), no_cause)
        await lookup.read(candidates, every=not states <= set(CAUSE_STATES))
        return selected(run_filter, lookup.failures.of)

    def overdue(self, now: datetime) -> Mapping[str, "Rhythm"]:
        """Runner id → rhythm, of the runners that did not run when they were due."""
        from nodion_tui.monitor.insight.executions import overdue_runners  # noqa: PLC0415 - seldom

        return overdue_runners(self.runs, self.runners, now)

    def runs_of(self, runner_id: str) -> list[Run]:
        """The runs of one runner, newest first."""
        return [run for run in self.runs if run.runner_id == runner_id]

    def json_row(self, run: Run) -> bytes:
        """JSON of a run as the service sent it, with the runner beside it."""
        row = {
            "runner_id": run.runner_id,
            "runner": self.labels[run.runner_id],
            "run": msgspec.Raw(self.raw[run.key]),
        }
        return msgspec.json.encode(row)

    def report_failures(self, label: str = "") -> int:
        """Prints `2 of 20 lists cannot be read: Backup: …; ETL: …`; returns the exit code.

        Args:
            label: what the line begins with.
        """
        if not self.failures:
            return OK
        reasons = "; ".join(f"{runner.label}: {error.detail}" for runner, error in self.failures)
        count = f"{len(self.failures)} of {len(self.labels)}"
        print_error(f"{label}{count} lists cannot be read: {reasons}")
        return FAILED


async def read_run_lists(
    session: CommandSession, runners: Sequence[Runner], *, raw: bool = False
) -> RunLists:
    """Reads the runs of the runners, at most eight lists at a time.

    Raises:
        NodionError: no list can be read; the first failure.
    """
    semaphore = asyncio.Semaphore(_MAX_CONCURRENT)
    runs: list[Run] = []
    raw_by_key: dict[RunKey, bytes] = {}
    failures: list[tuple[Runner, NodionError]] = []

    async def read(runner: Runner) -> None:
        try:
            async with semaphore:
                listing = await session.client.list_runs(runner.id, raw=raw)
        except NodionError as error:
            failures.append((runner, error))
            return
        session.output.bad_rows(listing)
        runs.extend(listing.items[index] for index in newest_listed_first(listing.items))
        raw_by_key.update(
            (run.key, body) for run, body in zip(listing.items, listing.raw, strict=False)
        )

    await asyncio.gather(*map(read, runners))
    if failures and len(failures) == len(runners):
        raise failures[0][1]
    labels = {runner.id: runner.label for runner in runners}
    newest = sorted(runs, key=lambda run: newest_first(run)[0])
    return RunLists(runners, labels, newest, raw_by_key, failures)
