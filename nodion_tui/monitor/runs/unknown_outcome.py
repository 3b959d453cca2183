"""A trigger whose answer never came: which of the new runs may be it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from nodion_tui.model.errors import OutcomeUnknown
from nodion_tui.model.run import Run
from nodion_tui.model.trigger import TriggerRequest


@dataclass(frozen=True, slots=True)
class TriggerCandidate:
    """A run that appeared after the request had left."""

    run: Run
    matches: bool
    """Whether argv, command and entrypoint are those of the request."""


@dataclass(frozen=True, slots=True)
class SentTrigger:
    """A trigger that left, and what was known before it."""

    runner_id: str
    request: TriggerRequest
    known_ids: frozenset[str]
    """Ids of the runner's runs that were there before."""
    sent_at: datetime
    """The server's clock, aware, with some slack."""


class TriggerOutcomeUnknown(OutcomeUnknown):
    """A trigger left and no answer settles what became of it."""

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
        """To look for its run again."""
        self.candidates = candidates
        """Runs created since the request left, matching ones first."""
        self.listed = listed
        """Whether the runs could be listed; if not, there may be candidates none knows of."""


def rank_candidates(request: TriggerRequest, runs: Iterable[Run]) -> tuple[TriggerCandidate, ...]:
    """The runs as candidates for this request, matching ones first."""
    found = [TriggerCandidate(run, matches_request(request, run)) for run in runs]
    return tuple(sorted(found, key=lambda candidate: not candidate.matches))


def matches_request(request: TriggerRequest, run: Run) -> bool:
    """Whether a run is what the request asked for, as far as the API tells."""
    return (
        run.argv == (request.argv or ())
        and run.command == request.command
        and (request.entrypoint is None or run.entrypoint == request.entrypoint)
    )
