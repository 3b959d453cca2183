"""A trigger without a response: which of the new runs it may have started."""

from collections.abc import Iterable
from datetime import datetime

import msgspec

from nodion_tui.model.errors import OutcomeUnknown
from nodion_tui.model.run import Run
from nodion_tui.model.trigger import TriggerRequest


class TriggerCandidate(msgspec.Struct, frozen=True):
    """A run that appeared after the request was sent."""

    run: Run
    matches: bool
    """Whether argv, command and entrypoint equal those of the request."""


class SentTrigger(msgspec.Struct, frozen=True):
    """A trigger request, and the runs known before it."""

    runner_id: str
    request: TriggerRequest
    known_ids: frozenset[str]
    """Ids of the runner's runs that existed before."""
    sent_at: datetime
    """When it was sent by the server's clock, aware, with some slack."""


class TriggerOutcomeUnknown(OutcomeUnknown):
    """A trigger request was sent, and its outcome is unknown."""

    def __init__(
        self,
        detail: str,
        sent: SentTrigger,
        candidates: tuple[TriggerCandidate, ...],
        *,
        listed: bool,
    ) -> None:
        super().__init__(detail)
        self.sent = sent
        """The request, to search for its run again."""
        self.candidates = candidates
        """Runs created since the request was sent, matching ones first."""
        self.listed = listed
        """Whether the runs could be listed; if not, there may be unknown candidates."""


def rank_candidates(request: TriggerRequest, runs: Iterable[Run]) -> tuple[TriggerCandidate, ...]:
    """The runs as candidates for this request, matching ones first."""
    candidates = [TriggerCandidate(run, matches_request(request, run)) for run in runs]
    return tuple(sorted(candidates, key=lambda candidate: not candidate.matches))


def matches_request(request: TriggerRequest, run: Run) -> bool:
    """Whether a run equals the request as far as the API reports it."""
    return (
        run.argv == (request.argv or ())
        and run.command == request.command
        and (request.entrypoint is None or run.entrypoint == request.entrypoint)
    )
