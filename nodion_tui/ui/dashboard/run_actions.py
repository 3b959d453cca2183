"""Actions on runs: trigger, re-run, stop, copy, open. Dialogs only return values."""

import os
import sys
import time
from collections.abc import Callable, Coroutine, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from nodion_tui.config import DEFAULT_API_URL
from nodion_tui.model.run import Run
from nodion_tui.model.runner import Runner
from nodion_tui.model.text.sanitize import sanitize
from nodion_tui.ui.terminal import clipboard

if TYPE_CHECKING:
    from textual.app import App

    from nodion_tui.model.trigger_draft import TriggerDraft
    from nodion_tui.monitor.monitor import Monitor
    from nodion_tui.ui.dashboard.lists.dashboard_lists import DashboardLists
    from nodion_tui.ui.stop.flow import StopFlow
    from nodion_tui.ui.trigger.flow import TriggerFlow

HELD_KEY_SECONDS = 0.6
"""A repeat this soon after the key before it comes from a key that is held down."""
WEB_PAGES = "https://www.nodion.com/"
"""The provider's website; the API reference documents no URL of a single runner or run."""


class RunActions:
    """Actions on the run or the runner under the cursor.

    Args:
        app: shows dialogs and toasts.
        lists: have the monitor, and the runs and the runner to act on.
        show_run: puts the cursor on a run and follows its log.
        start: runs an action that goes on while its dialogs are open.
    """

    def __init__(
        self,
        app: "Callable[[], App[Any]]",
        lists: "DashboardLists",
        show_run: Callable[[Run], None],
        start: Callable[[Coroutine[Any, Any, None]], object],
    ) -> None:
        self._app = app
        self._lists = lists
        self._show_run = show_run
        self._start = start
        self._stop_flow: StopFlow | None = None
        self._repeat_pressed_at = -HELD_KEY_SECONDS

    def availability(self) -> Mapping[str, bool]:
        """Whether the commands that depend on a run or a runner are applicable."""
        run, monitor = self._lists.current_run, self._lists.contents.monitor
        control, runner = (monitor.run_control if monitor else None), self._lists.current_runner
        can_write = control is not None and not (
            control.is_read_only(runner.id) if runner else control.read_only
        )
        marked = self._lists.marked_runs
        is_active = any(not each.is_final for each in marked or ([run] if run else []))
        return {
            "run.stop": is_active and can_write,
            "run.rerun": (run is not None or bool(marked)) and can_write,
            "run.repeat": run is not None and can_write,
            "run.await": is_active,
            "run.copy_id": run is not None or runner is not None,
            "run.trigger": bool(self._lists.contents.runners) and can_write,
        }

    def action_trigger(self) -> None:
        """Open the trigger form; ask for the runner if none is selected."""
        monitor = self._lists.contents.monitor
        if monitor is None or not monitor.runs.runners:
            self._toast("No runner to trigger yet.")
        else:
            self._start(self._trigger(monitor, self._lists.current_runner))

    async def prepare_form(self) -> None:
        """Mount the next trigger form before it is opened, for whatever runner."""
        from nodion_tui.ui.trigger.spare_form import spare_form  # noqa: PLC0415 - as below

        monitor = self._lists.contents.monitor
        runners = monitor.runs.runners if monitor is not None else ()
        if monitor is not None and (runner := next(iter(runners), None)) is not None:
            target = self._trigger_flow(monitor, runner, None).target
            await spare_form(self._app()).prepare(target)

    def open_form(
        self, runner: Runner, run: Run | None = None, draft: "TriggerDraft | None" = None
    ) -> None:
        """Open the trigger form of a runner; filled from a run or a draft if there is one."""
        monitor = self._lists.contents.monitor
        if monitor is not None:
            self._start(self._trigger(monitor, runner, run, draft))

    def action_rerun(self) -> None:
        """Open the trigger form, filled from the run; marked runs are started again together."""
        run, monitor = self._lists.current_run, self._lists.contents.monitor
        marked = self._lists.marked_runs
        if monitor is not None and marked:
            self._start(self._rerun_marked(monitor, marked))
        elif monitor is None or run is None:
            self._toast("Select a run first, then re-run it.")
        else:
            self._start(self._trigger(monitor, _runner_of(run, monitor), run))

    def action_series(self) -> None:
        """Show the results of the runs that were started together."""
        from nodion_tui.ui.trigger.many.series_menu import reopen_series  # noqa: PLC0415 - as above

        self._start(reopen_series(self._app()))

    def action_repeat(self) -> None:
        """Start the run again, unchanged; the form opens where that is not possible."""
        run, monitor = self._lists.current_run, self._lists.contents.monitor
        is_held = time.monotonic() - self._repeat_pressed_at < HELD_KEY_SECONDS
        self._repeat_pressed_at = time.monotonic()
        if monitor is None or run is None:
            self._toast("Select a run first, then repeat it.")
        elif monitor.run_control.is_read_only(run.runner_id):
            subject = monitor.accounts.row_name(run.runner_id) or "This session"
            self._toast(f"{subject} is read-only: no run is started.")
        elif monitor.account_of(run.runner_id).profile.confirm_name or not is_held:
            self._start(self._repeat(monitor, run))

    def action_stop(self) -> None:
        """Ask for confirmation to stop the run, or the marked runs."""
        run, marked = self._lists.current_run, self._lists.marked_runs
        monitor = self._lists.contents.monitor
        if monitor is not None and marked:
            self._start(self._stop_marked(monitor, marked))
        elif monitor is None or run is None:
            self._toast("Select a run first, then stop it.")
        elif run.is_final:
            self._toast(f"This run has already ended: {sanitize(run.status)}.")
        else:
            self._start(self._stop(monitor, (run,)))

    def action_await_end(self) -> None:
        """Tell when the run, or each of the marked runs, ends; or no longer."""
        from nodion_tui.ui.notify.await_end import toggle_awaited  # noqa: PLC0415 - seldom

        monitor, run = self._lists.contents.monitor, self._lists.current_run
        runs = self._lists.marked_runs or ([] if run is None else [run])
        if monitor is None or not runs:
            self._toast("Select a run first, to be notified when it ends.")
        else:
            toggle_awaited(self._app(), monitor, runs)

    def action_copy_id(self) -> None:
        """Copy the id of the run, or of the runner, to the terminal's clipboard."""
        run, runner = self._lists.current_run, self._lists.current_runner
        monitor = self._lists.contents.monitor
        if run is not None:
            kind, copied = "run", run.id
        elif runner is not None and monitor is not None:
            kind, copied = "runner", monitor.account_of(runner.id).service_id(runner.id)
        else:
            return
        if clipboard.copy(self._app(), sanitize(copied)):
            self._toast(f"Sent the {kind}'s id to the clipboard: {sanitize(copied)}")

    def action_open_browser(self) -> None:
        """Open the provider's website, or show its URL where no browser window can open."""
        monitor, runner = self._lists.contents.monitor, self._lists.current_runner
        account = monitor.account_of(runner.id if runner else "") if monitor else None
        if account is None or account.profile.api_url != DEFAULT_API_URL:
            self._toast("This service has no website.")
        elif _has_display():
            self._app().open_url(WEB_PAGES)
        else:
            self._toast(f"No browser window can be opened here: {WEB_PAGES}")

    def update_run(self, run: Run) -> None:
        """Show the other state of a run in the dialogs of a stop that is in progress."""
        if self._stop_flow is not None:
            self._stop_flow.update_run(run)

    async def _trigger(
        self,
        monitor: "Monitor",
        runner: Runner | None,
        run: Run | None = None,
        draft: "TriggerDraft | None" = None,
    ) -> None:
        # The forms are expensive to import and rarely needed: not before the first paint.
        from nodion_tui.ui.trigger.flow import choose_runner  # noqa: PLC0415

        runner = runner or await choose_runner(self._app(), monitor)
        if runner is not None:
            await self._trigger_flow(monitor, runner, run).run(draft)

    async def _repeat(self, monitor: "Monitor", run: Run) -> None:
        await self._trigger_flow(monitor, _runner_of(run, monitor), run).repeat(run)

    def _trigger_flow(self, monitor: "Monitor", runner: Runner, run: Run | None) -> "TriggerFlow":
        from nodion_tui.ui.trigger.flow import TriggerFlow  # noqa: PLC0415 - as above

        return TriggerFlow(self._app(), monitor, runner, run, self._show_run)

    async def _rerun_marked(self, monitor: "Monitor", marked: Sequence[Run]) -> None:
        from nodion_tui.ui.trigger.many.marked_starts import rerun_marked  # noqa: PLC0415 - as above

        if (chosen := await self._of_one_profile(monitor, marked, "re-run")) is None:
            return
        runs, covers = chosen
        place = monitor.account_of(runs[0].runner_id)
        show = self._show_run
        await rerun_marked(self._app(), monitor, place, runs, covers, show, self._unmark)

    async def _stop(self, monitor: "Monitor", runs: Sequence[Run], covers: str = "") -> None:
        from nodion_tui.ui.stop.flow import StopFlow  # noqa: PLC0415 - as above

        stopping = self._stop_flow = StopFlow(self._app(), monitor, runs, covers)
        try:
            await stopping.run()
        finally:
            self._stop_flow = None
            if stopping.confirmed:
                self._unmark(runs)

    async def _stop_marked(self, monitor: "Monitor", marked: Sequence[Run]) -> None:
        if (chosen := await self._of_one_profile(monitor, marked, "stop")) is not None:
            await self._stop(monitor, *chosen)

    async def _of_one_profile(
        self, monitor: "Monitor", marked: Sequence[Run], act: str
    ) -> tuple[Sequence[Run], str] | None:
        """The marked runs, and what they are; of several profiles, those of the chosen one."""
        by_profile: dict[str, list[Run]] = {}
        for run in marked:
            by_profile.setdefault(monitor.accounts.profile_name(run.runner_id), []).append(run)
        if len(by_profile) == 1:
            return marked, self._lists.marks_summary
        from nodion_tui.ui.stop.choose_profile import choose_profile  # noqa: PLC0415 - as above

        name = await choose_profile(self._app(), by_profile, act)
        if name is None:
            return None
        runs = by_profile[name]
        return runs, f"{len(runs)} of {self._lists.marks_summary}"

    def _unmark(self, runs: Sequence[Run]) -> None:
        self._lists.runs.marks.remove({run.key for run in runs})
        if not self._lists.marked_runs:
            self._lists.runs.marks.clear()

    def _toast(self, text: str) -> None:
        self._app().notify(text, markup=False, timeout=4)


def _runner_of(run: Run, monitor: "Monitor") -> Runner:
    return monitor.runs.runner(run.runner_id) or Runner(id=run.runner_id)


def _has_display() -> bool:
    """Whether a browser opens a window, rather than taking over this terminal."""
    display = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    return bool(display) or sys.platform == "darwin"
