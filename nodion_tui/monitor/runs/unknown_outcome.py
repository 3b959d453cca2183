"""A trigger whose answer never came: which of the new runs may be it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from nodion_tui.model.errors import OutcomeUnknown
from nodion_tui.model.run import Run
from nodion_tui.model.trigger import TriggerRequest


@dataclass(frozen=True, slots=True)
class Candidate:
    """A run that appeared after the request had left."""

    run: Run
    matches: bool
    """Whether argv, command and entrypoint are those of the request."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A trigger that left, and what was known before it."""

    runner_id: str
    request: TriggerRequest
    known: frozenset[str]
    """Ids of the runner's runs that were there before."""
    left_at: datetime
    """The server's clock, aware, with some slack."""


class TriggerUnsettled(OutcomeUnknown):
    """A trigger left and no answer settles what became of it."""

    def __init__(
        self, detail: str, sent: Sent, candidates: tuple[Candidate, ...], *, listed: bool
    ) -> None:
        super().__init__(detail)
        self.sent = sent
        """To look for its run again."""
        self.candidates = candidates
        """Runs created since the request left, matching ones first."""
        self.listed = listed
        """Whether the runs could be listed; if not, there may be candidates none knows of."""


def candidates(request: TriggerRequest, runs: Iterable[Run]) -> tuple[Candidate, ...]:
    """The runs as candidates for this request, matching ones first."""
    found = [Candidate(run, matches(request, run)) for run in runs]
    return tuple(sorted(found, key=lambda candidate: not candidate.matches))


def matches(request: TriggerRequest, run: Run) -> bool:
    """Whether a run is what the request asked for, as far as the API tells."""
    return (
        run.argv == (request.argv or ())
        and run.command == request.command
        and (request.entrypoint is None or run.entrypoint == request.entrypoint)
    )
