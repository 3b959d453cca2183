"""Actions on runs: trigger, re-run, stop, copy, open. Dialogs only return values."""

import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual import work
from textual.screen import Screen

from nodion_tui.config import DEFAULT_API_URL
from nodion_tui.model.run import Run
from nodion_tui.model.runner import Runner
from nodion_tui.model.sanitize import sanitize
from nodion_tui.ui.terminal import clipboard

if TYPE_CHECKING:
    from nodion_tui.monitor.monitor import Monitor
    from nodion_tui.ui.stop.flow import StopFlow

WEB_PAGES = "https://www.nodion.com/"
"""The provider's website; the API reference documents no URL of a single runner or run."""


class RunActions(Screen[None]):
    """Actions on the run or the runner under the cursor."""

    monitor: "Monitor | None"
    """The monitor that is shown; None until there is a profile."""
    stop_flow: "StopFlow | None" = None
    """The stop flow that is in progress, with its dialogs; else None."""

    @property
    def current_run(self) -> Run | None:
        """The run under the cursor."""
        raise NotImplementedError

    @property
    def current_runner(self) -> Runner | None:
        """The runner whose runs are shown, else that of the run under the cursor."""
        raise NotImplementedError

    @property
    def marked_runs(self) -> Sequence[Run]:
        """The marked runs, in the order of the list."""
        raise NotImplementedError

    @property
    def marks_summary(self) -> str:
        """How many rows are marked, and how many of them are not in the list."""
        raise NotImplementedError

    def show_run(self, run: Run) -> None:
        """Put the cursor on a run and follow its log."""
        raise NotImplementedError

    def clear_marks(self) -> bool:
        """Unmark all rows; whether any were marked."""
        raise NotImplementedError

    def action_trigger(self) -> None:
        """Open the trigger form; ask for the runner if none is selected."""
        if self.monitor is None or not self.monitor.runs.runners:
            self._toast("No runner to trigger yet.")
        else:
            self._trigger(self.monitor, self.current_runner)

    def action_rerun(self) -> None:
        """Open the trigger form, filled from the run."""
        run = self.current_run
        if self.monitor is None or run is None:
            self._toast("Select a run first, then re-run it.")
            return
        runner = self.monitor.runs.runner(run.runner_id) or Runner(id=run.runner_id)
        self._trigger(self.monitor, runner, run)

    def action_stop(self) -> None:
        """Ask for confirmation to stop the run, or the marked runs."""
        run, marked = self.current_run, self.marked_runs
        if self.monitor is not None and marked:
            self._stop(self.monitor, marked, self.marks_summary)
        elif self.monitor is None or run is None:
            self._toast("Select a run first, then stop it.")
        elif run.is_final:
            self._toast(f"This run has already ended: {sanitize(run.status)}.")
        else:
            self._stop(self.monitor, (run,))

    def action_copy_id(self) -> None:
        """Copy the id of the run, or of the runner, to the terminal's clipboard."""
        subject = self.current_run or self.current_runner
        if subject is not None and clipboard.copy(self.app, sanitize(subject.id)):
            kind = "run" if isinstance(subject, Run) else "runner"
            self._toast(f"Sent the {kind}'s id to the clipboard: {sanitize(subject.id)}")

    def action_open_browser(self) -> None:
        """Open the provider's website, or show its URL where no browser window can open."""
        if self.monitor is None or self.monitor.profile.api_url != DEFAULT_API_URL:
            self._toast("This service has no website.")
        elif _has_display():
            self.app.open_url(WEB_PAGES)
        else:
            self._toast(f"No browser window can be opened here: {WEB_PAGES}")

    @work(group="act")
    async def _trigger(
        self, monitor: "Monitor", runner: Runner | None, run: Run | None = None
    ) -> None:
        # The forms are expensive to import and rarely needed: not before the first paint.
        from nodion_tui.ui.trigger.flow import TriggerFlow, choose_runner  # noqa: PLC0415

        runner = runner or await choose_runner(self.app, monitor.runs.runners)
        if runner is not None:
            await TriggerFlow(self.app, monitor, runner, run, self.show_run).run()

    @work(group="act")
    async def _stop(self, monitor: "Monitor", runs: Sequence[Run], covers: str = "") -> None:
        from nodion_tui.ui.stop.flow import StopFlow  # noqa: PLC0415 - as above

        stopping = self.stop_flow = StopFlow(self.app, monitor, runs, covers)
        try:
            await stopping.run()
        finally:
            self.stop_flow = None
            if stopping.confirmed:
                self.clear_marks()

    def _toast(self, text: str) -> None:
        self.app.notify(text, markup=False, timeout=4)


def _has_display() -> bool:
    """Whether a browser opens a window, rather than taking over this terminal."""
    display = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    return bool(display) or sys.platform == "darwin"
