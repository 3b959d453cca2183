"""Stops one or several runs: confirmation, requests, outcome."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from textual.app import App

from nodion_tui.model.errors import NodionError
from nodion_tui.model.run import Run
from nodion_tui.model.runner import Runner
from nodion_tui.model.text import format as fmt
from nodion_tui.model.text.sanitize import sanitize
from nodion_tui.monitor.runs.bulk_stop import stop_runs
from nodion_tui.ui.session import error_text as errors
from nodion_tui.ui.stop.bulk_dialog import BulkResultsDialog, BulkStopDialog
from nodion_tui.ui.stop.dialog import StopDialog

if TYPE_CHECKING:
    from nodion_tui.monitor.monitor import Monitor

_AnyDialog = StopDialog | BulkStopDialog | BulkResultsDialog


@dataclass
class StopFlow:
    """Stops the given runs, which are of one account, after confirmation.

    The account is that of the runs when the flow begins: what the dialog says is what is done.

    Attributes:
        app: shows the dialogs.
        monitor: stops the runs.
        runs: the runs to stop.
        description: describes a selection of several runs: `3 marked runs`.
    """

    app: App[object]
    monitor: "Monitor"
    runs: Sequence[Run]
    description: str = ""
    dialog: _AnyDialog | None = field(default=None, init=False)
    """The open dialog; it receives updates of runs."""
    confirmed: bool = field(default=False, init=False)
    """Whether the user confirmed."""

    def __post_init__(self) -> None:
        """The account that is asked, whatever other account lists the runner meanwhile."""
        self._account = self.monitor.account_of(self.runs[0].runner_id)

    async def run(self) -> None:
        """Ask for confirmation, stop the runs, and show the outcome."""
        if len(self.runs) == 1 and not self.description:
            await self._stop_one(self.runs[0])
        else:
            await self._stop_several()

    def update_run(self, run: Run) -> None:
        """Pass a changed run on to the open dialog."""
        if self.dialog is not None:
            self.dialog.update_run(run)

    async def _stop_one(self, run: Run) -> None:
        monitor = self.monitor
        runner = monitor.runs.runner(run.runner_id) or Runner(id=run.runner_id)
        failure = ""
        while await self._confirm(run, runner, failure):
            self.confirmed = True
            try:
                stopped = await self._account.run_control.stop(run.key)
            except NodionError as error:
                failure = errors.sending_text(error)
                if len(self.app.screen_stack) > 1:
                    # Another dialog has been opened meanwhile; the notice on the screen remains.
                    self.app.notify(
                        failure, title="Run not stopped", severity="error", timeout=8, markup=False
                    )
                    return
            else:
                self._report_ended(stopped)
                return

    async def _confirm(self, run: Run, runner: Runner, failure: str) -> bool:
        """Ask whether to stop a run, and say why the last attempt has failed."""
        dialog = self.dialog = StopDialog(
            self.monitor.runs.run(run.key) or run,
            runner,
            profile=self._account.profile,
            clock=self._account.server_now,
            disabled_reason=errors.disabled_reason(self._account),
            failure=failure,
        )
        dialog.profile_in_title = self._account.named_profile
        if await self.app.push_screen_wait(dialog):
            return True
        if not failure:
            self._account.run_control.dismiss_failed_stop(run.key)
        return False

    def _report_ended(self, stopped: Run) -> None:
        if stopped.is_final and stopped.status != "canceled":
            duration = fmt.long_duration(stopped.duration(self._account.server_now()))
            message = f"The run had already ended: {sanitize(stopped.status)}, {duration}."
            self.app.notify(message, markup=False, timeout=4)

    async def _stop_several(self) -> None:
        monitor = self.monitor
        runners = {runner.id: runner for runner in monitor.runs.runners}
        confirmation = self.dialog = BulkStopDialog(
            self.runs,
            runners,
            profile=self._account.profile,
            clock=self._account.server_now,
            description=self.description,
            disabled_reason=errors.disabled_reason(self._account),
        )
        confirmation.profile_in_title = self._account.named_profile
        keys = await self.app.push_screen_wait(confirmation)
        self.confirmed = bool(keys)
        async with asyncio.TaskGroup() as tasks:
            while keys:
                selected = [run for run in self.runs if run.key in keys]
                results = self.dialog = BulkResultsDialog(selected, runners, clock=time.monotonic)
                results.profile_in_title = self._account.named_profile
                stop = self._account.run_control.stop
                tasks.create_task(stop_runs(keys, stop, results.show_outcome))
                keys = await self.app.push_screen_wait(results)
