"""Triggers and stops runs.

The response is applied to the known runs like that of a poll, which notifies their subscribers.
"""

import time
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

from nodion_tui.model.errors import NodionError, OutcomeUnknown, ScopeMissing
from nodion_tui.model.run import Run, RunKey
from nodion_tui.model.trigger import TriggerRequest
from nodion_tui.monitor.runs.changes import Changes
from nodion_tui.monitor.runs.known_runs import KnownRuns
from nodion_tui.monitor.runs.unknown_outcome import (
    SentTrigger,
    TriggerOutcomeUnknown,
    rank_candidates,
)

if TYPE_CHECKING:
    from nodion_tui.api.client import NodionClient

_CLOCK_SLACK = timedelta(seconds=5)
"""A run may be dated this much before the request that started it."""


class RunControl:
    """Triggers and stops runs, and knows which stops are pending.

    Args:
        runs: the known runs, which take the responses.
        client: returns the client when something is triggered or stopped (it is created late).
        read_only: whether the profile forbids triggers and stops.
        monotonic: clock for ages, in seconds.
    """

    def __init__(
        self,
        runs: KnownRuns,
        client: "Callable[[], NodionClient]",
        *,
        read_only: bool = False,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._runs = runs
        self._client = client
        self._monotonic = monotonic
        self._stops: dict[RunKey, float] = {}
        self.started_here: set[RunKey] = set()
        """Runs that were triggered from here, until someone was told of their end."""
        self.read_only = read_only
        """Triggers and stops are disabled: by the profile, or because the key lacks the scope."""

    def seconds_since_stop(self, key: RunKey) -> float | None:
        """Seconds since a requested stop that the service does not report as done yet."""
        requested_at = self._stops.get(key)
        if requested_at is None or key not in self._runs.active:
            return None
        return self._monotonic() - requested_at

    async def trigger(self, runner_id: str, request: TriggerRequest) -> Run:
        """Start a run; the request is sent exactly once.

        Raises:
            TriggerOutcomeUnknown: the request was sent, and its outcome is unknown.
            NodionError: the run was not started.
        """
        return await self.send(self.prepare(runner_id, request))

    def prepare(self, runner_id: str, request: TriggerRequest) -> SentTrigger:
        """Note the runs that exist before a trigger, to tell its run from them afterwards."""
        known_ids = frozenset(run.id for run in self._runs.runs_of(runner_id))
        sent_at = self._client().server_now() - _CLOCK_SLACK
        return SentTrigger(runner_id, request, known_ids, sent_at)

    async def send(self, sent: SentTrigger) -> Run:
        """Start a run that was prepared; call it once.

        Raises:
            TriggerOutcomeUnknown: the request was sent, and its outcome is unknown.
            NodionError: the run was not started.
        """
        try:
            run = await self._client().trigger(sent.runner_id, sent.request)
        except OutcomeUnknown as unknown:
            raise await self.find_candidates(sent, unknown.detail) from unknown
        except ScopeMissing:
            self._lose_scope()
            raise
        self.started_here.add(run.key)
        self._runs.apply_run(run)
        return run

    async def stop(self, key: RunKey) -> Run:
        """Request that a run be canceled; may be repeated.

        Returns:
            The run as the service reported it afterwards: its status says whether it is
            canceled, had ended before, or is still running.

        Raises:
            OutcomeUnknown: the request was sent, but neither a response nor the run was read.
            NodionError: the stop was not requested.
        """
        self._stops = {
            stopped_key: requested_at
            for stopped_key, requested_at in self._stops.items()
            if stopped_key in self._runs.active
        }
        self._stops.setdefault(key, self._monotonic())
        self._runs.publish(Changes(runs=frozenset({key})))
        try:
            run = await self._client().stop(*key)
        except OutcomeUnknown:
            raise
        except NodionError as error:
            self._stops.pop(key, None)
            if isinstance(error, ScopeMissing):
                self._lose_scope()
            self._runs.publish(Changes(runs=frozenset({key})))
            raise
        self._runs.apply_run(run)
        return run

    async def find_candidates(self, sent: SentTrigger, detail: str) -> TriggerOutcomeUnknown:
        """Fetch the runs that are new since a trigger without a response.

        `detail` says what went wrong, in a sentence.
        """
        try:
            listing = await self._client().list_runs(sent.runner_id)
        except NodionError:
            return TriggerOutcomeUnknown(detail, sent, (), listed=False)
        self._runs.apply_runs(sent.runner_id, listing)
        new_runs = (
            run
            for run in listing.items
            if run.id not in sent.known_ids
            and (run.created_at is None or run.created_at >= sent.sent_at)
        )
        return TriggerOutcomeUnknown(
            detail, sent, rank_candidates(sent.request, new_runs), listed=True
        )

    def _lose_scope(self) -> None:
        self.read_only = True
        self._runs.publish(Changes(runners_changed=True))
