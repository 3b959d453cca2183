"""What a person can do to runs: trigger, re-run, stop, copy, open. Dialogs only give values."""

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
"""The provider's pages; the API reference names no address of a single runner or run."""


class RunActions(Screen[None]):
    """Acts on the run or the runner under the cursor."""

    monitor: "Monitor | None"
    """What is watched; None until there is a profile."""
    stop_flow: "StopFlow | None" = None
    """Under way while somebody is asked whether to stop, or told what became of it."""

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
        """The runs whose rows are marked, in the order of the list."""
        raise NotImplementedError

    @property
    def marks_summary(self) -> str:
        """How many rows are marked, and how many of them are out of sight."""
        raise NotImplementedError

    def show_run(self, run: Run) -> None:
        """Put the cursor on a run and follow its log."""
        raise NotImplementedError

    def clear_marks(self) -> bool:
        """Take the marks away; whether there were any."""
        raise NotImplementedError

    def action_trigger(self) -> None:
        """Open the form for the runner; ask for one where none is selected."""
        if self.monitor is None or not self.monitor.runs.runners:
            self._say("There is no runner to trigger yet.")
        else:
            self._trigger(self.monitor, self.current_runner)

    def action_rerun(self) -> None:
        """Open the form, filled from the run."""
        run = self.current_run
        if self.monitor is None or run is None:
            self._say("Select a run first, then re-run it.")
            return
        runner = self.monitor.runs.runner(run.runner_id) or Runner(id=run.runner_id)
        self._trigger(self.monitor, runner, run)

    def action_stop(self) -> None:
        """Ask whether to stop the run, or the marked runs."""
        run, marked = self.current_run, self.marked_runs
        if self.monitor is not None and marked:
            self._stop(self.monitor, marked, self.marks_summary)
        elif self.monitor is None or run is None:
            self._say("Select a run first, then stop it.")
        elif run.is_final:
            self._say(f"This run has already ended: {sanitize(run.status)}.")
        else:
            self._stop(self.monitor, (run,))

    def action_copy_id(self) -> None:
        """Send the id of the run, or of the runner, to the terminal's clipboard."""
        about = self.current_run or self.current_runner
        if about is not None and clipboard.copy(self.app, sanitize(about.id)):
            kind = "run" if isinstance(about, Run) else "runner"
            self._say(f"Sent the {kind}'s id to the clipboard: {sanitize(about.id)}")

    def action_open_browser(self) -> None:
        """Open the provider's pages, or say their address where no window can open."""
        if self.monitor is None or self.monitor.profile.api_url != DEFAULT_API_URL:
            self._say("There are no web pages of this service.")
        elif _has_windows():
            self.app.open_url(WEB_PAGES)
        else:
            self._say(f"No window can open from here: {WEB_PAGES}")

    @work(group="act")
    async def _trigger(
        self, monitor: "Monitor", runner: Runner | None, run: Run | None = None
    ) -> None:
        # The forms are heavy and seldom needed: none of them before the first paint.
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

    def _say(self, words: str) -> None:
        self.app.notify(words, markup=False, timeout=4)


def _has_windows() -> bool:
    """Whether a browser would open a window rather than take over this terminal."""
    shown = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    return bool(shown) or sys.platform == "darwin"
