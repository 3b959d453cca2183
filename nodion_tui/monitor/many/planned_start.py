"""What one of many starts sends, and what is told of it."""

from collections.abc import Iterable
from enum import StrEnum

import msgspec

from nodion_tui.model.errors import NodionError
from nodion_tui.model.run import Run
from nodion_tui.model.text.masking import looks_secret
from nodion_tui.model.trigger import TriggerRequest
from nodion_tui.model.trigger_draft import EnvRow
from nodion_tui.model.variation import PlannedRequest
from nodion_tui.monitor.runs.unknown_outcome import TriggerOutcomeUnknown


class PlannedStart(msgspec.Struct, frozen=True):
    """One of many runs to start."""

    runner_id: str
    request: TriggerRequest
    env: tuple[EnvRow, ...] = ()
    """The environment of the request, to be remembered."""
    label: str = ""
    """What distinguishes it from the others, without secrets."""


class StartState(StrEnum):
    """What became of one start."""

    WAITING = "waiting"
    """Not sent yet."""
    SENDING = "sending"
    """Sent; there is no answer yet."""
    STARTED = "started"
    """The service has answered with the run."""
    REFUSED = "not started"
    """It surely did not start: it was not sent, or refused."""
    UNKNOWN = "unknown"
    """It was sent, and no answer tells its outcome."""
    LEFT_OUT = "not sent"
    """The series ended before it."""


class StartOutcome(msgspec.Struct, frozen=True):
    """Result of one start."""

    state: StartState = StartState.WAITING
    run: Run | None = None
    """The new run."""
    error: NodionError | None = None
    """Why it was not started."""
    unknown: TriggerOutcomeUnknown | None = None
    """What may have become of it; None with an unknown outcome: the program was interrupted."""

    @property
    def may_be_sent_again(self) -> bool:
        """Whether it surely did not start."""
        return self.state in {StartState.REFUSED, StartState.LEFT_OUT}

    @property
    def reason(self) -> str:
        """Whether it was sent, and why it was not started; empty if it was."""
        error = self.error or self.unknown
        return error.delivery_text if error else ""


def planned_starts(
    runner_id: str, requests: Iterable[PlannedRequest], hidden: frozenset[str] = frozenset()
) -> tuple[PlannedStart, ...]:
    """The starts of a runner.

    Args:
        runner_id: the runner.
        requests: its requests.
        hidden: names of the variables whose values are neither shown nor stored.
    """
    return tuple(
        PlannedStart(
            runner_id, planned.request, _rows(planned.request, hidden), planned.label(hidden)
        )
        for planned in requests
    )


def _rows(request: TriggerRequest, hidden: frozenset[str]) -> tuple[EnvRow, ...]:
    return tuple(
        EnvRow(name, value, hidden=name in hidden or looks_secret(name, value))
        for name, value in ((each.env_key, each.env_val) for each in request.env_variables)
    )
