"""RunStore: what is known, and the acts that change it.

An act's answer comes back by the same road as a poll's: `apply_run`, and from there to whoever
subscribed.
"""

import time
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from nodion_tui.model.errors import NodionError, OutcomeUnknown, ScopeMissing
from nodion_tui.model.run import Run, RunKey
from nodion_tui.model.runner import Runner
from nodion_tui.model.trigger import TriggerRequest
from nodion_tui.monitor.runs.changes import Changes
from nodion_tui.monitor.runs.known_runs import KnownRuns, utc_now
from nodion_tui.monitor.runs.unknown_outcome import (
    SentTrigger,
    TriggerOutcomeUnknown,
    rank_candidates,
)

if TYPE_CHECKING:
    from nodion_tui.api.client import NodionClient

_CLOCK_SLACK = timedelta(seconds=5)
"""How much earlier than our request a run may be dated and still be its fruit."""


class RunStore(KnownRuns):
    """Runners and runs, and triggering and stopping them.

    Args:
        client: gives the client when something is triggered or stopped (it is made late).
        read_only: whether the profile forbids triggers and stops.
        known_runners: as in `Known`, like the clocks.
    """

    def __init__(
        self,
        client: "Callable[[], NodionClient]",
        *,
        read_only: bool = False,
        known_runners: Iterable[Runner] = (),
        monotonic: Callable[[], float] = time.monotonic,
        utcnow: Callable[[], datetime] = utc_now,
    ) -> None:
        super().__init__(known_runners=known_runners, monotonic=monotonic, utcnow=utcnow)
        self._client = client
        self._stops: dict[RunKey, float] = {}
        self.read_only = read_only
        """No triggers and stops: by the profile, or because the key lacks the scope."""

    def seconds_since_stop(self, key: RunKey) -> float | None:
        """Seconds since a stop was asked for that the service has not yet shown as done."""
        asked = self._stops.get(key)
        if asked is None or key not in self.active:
            return None
        return self._monotonic() - asked

    async def trigger(self, runner_id: str, request: TriggerRequest) -> Run:
        """Start a run; it is sent once, whatever happens.

        Raises:
            TriggerUnsettled: the request left and no answer settles what became of it.
            NodionError: it was not started.
        """
        client = self._client()
        known = frozenset(run.id for run in self.runs_of(runner_id))
        sent = SentTrigger(runner_id, request, known, client.server_now() - _CLOCK_SLACK)
        try:
            run = await client.trigger(runner_id, request)
        except OutcomeUnknown as unknown:
            raise await self.find_candidates(sent, unknown.detail) from unknown
        except ScopeMissing:
            self._lose_scope()
            raise
        self.apply_run(run)
        return run

    async def stop(self, key: RunKey) -> Run:
        """Ask that a run be canceled; may be repeated.

        Returns:
            The run as the service showed it afterwards: its status says whether it is canceled,
            had ended before, or goes on.

        Raises:
            OutcomeUnknown: the request left, and neither its answer nor a look at the run came.
            NodionError: it was not asked for.
        """
        self._stops = {known: asked for known, asked in self._stops.items() if known in self.active}
        self._stops.setdefault(key, self._monotonic())
        self._tell(Changes(runs=frozenset({key})))
        try:
            run = await self._client().stop(*key)
        except OutcomeUnknown:
            raise
        except NodionError as error:
            self._stops.pop(key, None)
            if isinstance(error, ScopeMissing):
                self._lose_scope()
            self._tell(Changes(runs=frozenset({key})))
            raise
        self.apply_run(run)
        return run

    async def find_candidates(self, sent: SentTrigger, detail: str) -> TriggerOutcomeUnknown:
        """What is to be told of a trigger without an answer: the runs that are new since it left.

        Args:
            sent: the trigger.
            detail: what went wrong, in a sentence.
        """
        try:
            listing = await self._client().list_runs(sent.runner_id)
        except NodionError:
            return TriggerOutcomeUnknown(detail, sent, (), listed=False)
        self.apply_runs(sent.runner_id, listing)
        new = (
            run
            for run in listing.items
            if run.id not in sent.known_ids
            and (run.created_at is None or run.created_at >= sent.sent_at)
        )
        return TriggerOutcomeUnknown(detail, sent, rank_candidates(sent.request, new), listed=True)

    def _lose_scope(self) -> None:
        self.read_only = True
        self._tell(Changes(runners_changed=True))
