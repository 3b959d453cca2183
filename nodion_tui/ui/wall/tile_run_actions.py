"""Keys of the wall that act on the run of the current tile: trigger, re-run, stop, search."""

from collections.abc import Callable, Coroutine, Iterable
from typing import TYPE_CHECKING, Any

from nodion_tui.model.run import Run, RunKey
from nodion_tui.model.runner import Runner, short_id
from nodion_tui.model.text.sanitize import sanitize
from nodion_tui.ui.session.messages import OpenRun

if TYPE_CHECKING:
    from textual.app import App

    from nodion_tui.monitor.monitor import Monitor
    from nodion_tui.ui.stop.flow import StopFlow


class TileRunActions:
    """Actions on the run of the current tile.

    Args:
        app: shows dialogs and toasts.
        current: returns the run of the current tile.
        start: runs an action that goes on while its dialogs are open.
    """

    def __init__(
        self,
        app: "Callable[[], App[Any]]",
        current: Callable[[], RunKey | None],
        start: Callable[[Coroutine[Any, Any, None]], object],
    ) -> None:
        self._app = app
        self._current = current
        self._start = start
        self._stop_flow: StopFlow | None = None
        self.monitor: Monitor | None = None
        """Has the runs; None until there is a profile."""

    def is_available(self, command_id: str) -> bool:
        """Whether a command is applicable now; those of others are."""
        run = self._run
        control = self.monitor.run_control if self.monitor else None
        can_write = control is not None and not (
            control.is_read_only(run.runner_id) if run else control.read_only
        )
        return {
            "wall.search": run is not None,
            "wall.await": run is not None and not run.is_final,
            "wall.trigger": can_write,
            "wall.rerun": can_write and run is not None,
            "wall.stop": can_write and run is not None and not run.is_final,
        }.get(command_id, True)

    def action_trigger_of_tile(self) -> None:
        """Open the form for the runner of the current tile, or ask which runner to trigger."""
        run, monitor = self._run, self.monitor
        if monitor is None or not monitor.runs.runners:
            self._toast("No runner to trigger yet.")
        else:
            self._start(self._trigger(monitor, self._runner(run) if run else None))

    def action_rerun_tile(self) -> None:
        """Open the form, filled from the run."""
        run, monitor = self._run, self.monitor
        if monitor is not None and run is not None:
            self._start(self._trigger(monitor, self._runner(run), run))

    def action_stop_tile(self) -> None:
        """Ask for confirmation to stop the run."""
        run, monitor = self._run, self.monitor
        if run is not None and run.is_final:
            self._toast(f"This run has already ended: {sanitize(run.status)}.")
        elif monitor is not None and run is not None:
            self._start(self._stop(monitor, run))

    def action_await_tile(self) -> None:
        """Tell when the run of the current tile ends, or no longer."""
        from nodion_tui.ui.notify.await_end import toggle_awaited  # noqa: PLC0415 - seldom

        run, monitor = self._run, self.monitor
        if monitor is not None and run is not None:
            toggle_awaited(self._app(), monitor, (run,))

    def action_search_tile(self) -> None:
        """Open the run on the dashboard, with the search of its log."""
        if (key := self._current()) is not None:
            self._app().screen.post_message(OpenRun(key, search=True))

    def update_runs(self, keys: Iterable[RunKey]) -> None:
        """Show the other states of runs in the dialog of a stop that is in progress."""
        if self._stop_flow is not None and self.monitor is not None:
            for run in filter(None, map(self.monitor.runs.run, keys)):
                self._stop_flow.update_run(run)

    @property
    def _run(self) -> Run | None:
        key = self._current()
        return None if key is None or self.monitor is None else self.monitor.runs.run(key)

    def _runner(self, run: Run) -> Runner:
        runner = self.monitor.runs.runner(run.runner_id) if self.monitor else None
        return runner or Runner(id=run.runner_id)

    async def _trigger(
        self, monitor: "Monitor", runner: Runner | None, run: Run | None = None
    ) -> None:
        # The forms are expensive to import and rarely needed.
        from nodion_tui.ui.trigger.flow import TriggerFlow, choose_runner  # noqa: PLC0415

        runner = runner or await choose_runner(self._app(), monitor)
        if runner is not None:
            await TriggerFlow(self._app(), monitor, runner, run, self._tell_started).run()

    async def _stop(self, monitor: "Monitor", run: Run) -> None:
        from nodion_tui.ui.stop.flow import StopFlow  # noqa: PLC0415 - as above

        self._stop_flow = StopFlow(self._app(), monitor, (run,))
        try:
            await self._stop_flow.run()
        finally:
            self._stop_flow = None

    def _tell_started(self, run: Run) -> None:
        """A run gets its tile once it runs, which it may have to wait for."""
        self._toast(f"Run {short_id(sanitize(run.id))} is {sanitize(run.status)}.")

    def _toast(self, text: str) -> None:
        self._app().notify(text, markup=False, timeout=4)
