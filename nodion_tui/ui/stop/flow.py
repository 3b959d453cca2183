"""From the wish to stop to what became of it: one run, or several at a time."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from textual.app import App

from nodion_tui.model.errors import NodionError
from nodion_tui.model.run import Run
from nodion_tui.model.runner import Runner
from nodion_tui.model.sanitize import sanitize
from nodion_tui.monitor.runs.bulk_stop import stop_runs
from nodion_tui.ui.paint import format as cells
from nodion_tui.ui.session import error_text as errors
from nodion_tui.ui.stop.bulk_dialog import BulkResultsDialog, BulkStopDialog
from nodion_tui.ui.stop.dialog import StopDialog

if TYPE_CHECKING:
    from nodion_tui.monitor.monitor import Monitor

Dialog = StopDialog | BulkStopDialog | BulkResultsDialog


@dataclass
class StopFlow:
    """One wish to stop.

    Attributes:
        app: shows the dialogs.
        monitor: stops the runs.
        runs: what shall be stopped.
        covers: what these runs are, for more than one: `3 marked rows`.
    """

    app: App[object]
    monitor: "Monitor"
    runs: Sequence[Run]
    description: str = ""
    dialog: Dialog | None = field(default=None, init=False)
    """Open just now; is told what becomes of runs."""
    confirmed: bool = field(default=False, init=False)
    """Whether it was decided to stop anything."""

    async def run(self) -> None:
        """Ask, stop, and tell what became of it."""
        if len(self.runs) == 1 and not self.description:
            await self._one(self.runs[0])
        else:
            await self._several()

    def update_run(self, run: Run) -> None:
        """A run has changed."""
        if self.dialog is not None:
            self.dialog.update_run(run)

    @property
    def _refusal(self) -> str:
        return errors.READ_ONLY if self.monitor.runs.read_only else ""

    async def _one(self, run: Run) -> None:
        monitor = self.monitor
        runner = monitor.runs.runner(run.runner_id) or Runner(id=run.runner_id)
        dialog = self.dialog = StopDialog(
            run,
            runner,
            profile=monitor.profile,
            clock=monitor.server_now,
            disabled_reason=self._refusal,
        )
        if not await self.app.push_screen_wait(dialog):
            return
        self.confirmed = True
        try:
            after = await monitor.runs.stop(run.key)
        except NodionError as error:
            errors.toast(self.app, error)
        else:
            if after.is_final and after.status != "canceled":
                took = cells.long_duration(after.duration(monitor.server_now()))
                words = f"It had already ended: {sanitize(after.status)}, {took}."
                self.app.notify(words, markup=False, timeout=4)

    async def _several(self) -> None:
        monitor = self.monitor
        runners = {runner.id: runner for runner in monitor.runs.runners}
        ask = self.dialog = BulkStopDialog(
            self.runs,
            runners,
            profile=monitor.profile,
            clock=monitor.server_now,
            description=self.description,
            disabled_reason=self._refusal,
        )
        keys = await self.app.push_screen_wait(ask)
        self.confirmed = bool(keys)
        async with asyncio.TaskGroup() as stops:
            while keys:
                chosen = [run for run in self.runs if run.key in keys]
                results = self.dialog = BulkResultsDialog(chosen, runners, clock=time.monotonic)
                stops.create_task(stop_runs(keys, monitor.runs.stop, results.show_outcome))
                keys = await self.app.push_screen_wait(results)
