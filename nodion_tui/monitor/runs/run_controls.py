"""Triggers and stops of all accounts as one: each goes to the account of its runner."""

from collections.abc import Callable, Sequence

from nodion_tui.model.errors import NodionError
from nodion_tui.model.run import Run, RunKey
from nodion_tui.model.trigger import TriggerRequest
from nodion_tui.monitor.runs.run_control import RunControl


class RunControls:
    """What was triggered and stopped, whatever the account.

    Who asks a person before something is sent takes the `RunControl` of an account, so that it is
    sent as that account, even if the runner is listed by another one meanwhile.

    Args:
        controls: at least one.
        control_of: returns the one for a runner id.
    """

    def __init__(
        self, controls: Sequence[RunControl], control_of: Callable[[str], RunControl]
    ) -> None:
        self._controls = tuple(controls)
        self._control_of = control_of
        self.started_here: set[RunKey] = set()
        """Runs that were triggered from here, until someone was told of their end."""
        for control in self._controls:
            control.started_here = self.started_here

    @property
    def read_only(self) -> bool:
        """Whether no account may trigger or stop anything."""
        return all(control.read_only for control in self._controls)

    @property
    def failed_stops(self) -> dict[RunKey, NodionError]:
        """Runs that go on although their stop was requested, and why it was not delivered."""
        return {
            key: error for control in self._controls for key, error in control.failed_stops.items()
        }

    def is_read_only(self, runner_id: str) -> bool:
        """Whether the account of a runner may neither trigger nor stop."""
        return self._control_of(runner_id).read_only

    def seconds_since_stop(self, key: RunKey) -> float | None:
        """Seconds since a requested stop that the service does not report as done yet."""
        times = (control.seconds_since_stop(key) for control in self._controls)
        return next((seconds for seconds in times if seconds is not None), None)

    def dismiss_failed_stop(self, key: RunKey) -> None:
        """Forget a stop that could not be delivered: a person has decided to keep the run."""
        for control in self._controls:
            control.dismiss_failed_stop(key)

    async def trigger(self, runner_id: str, request: TriggerRequest) -> Run:
        """As `RunControl.trigger`, by the account of the runner."""
        return await self._control_of(runner_id).trigger(runner_id, request)

    async def stop(self, key: RunKey) -> Run:
        """As `RunControl.stop`, by the account of the runner."""
        return await self._control_of(key.runner_id).stop(key)
