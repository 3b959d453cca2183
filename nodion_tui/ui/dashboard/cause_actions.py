"""Actions on causes of failures: list them, show one family, acknowledge one."""

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from typing import TYPE_CHECKING, Any

from nodion_tui.model.errors import NodionError, ResourceNotFound
from nodion_tui.model.run import Run, RunStatus
from nodion_tui.model.text.format import count
from nodion_tui.model.text.sanitize import sanitize
from nodion_tui.ui.dashboard.layout import PaneName
from nodion_tui.ui.dashboard.lists.runner_list import ALL
from nodion_tui.ui.session import error_text

if TYPE_CHECKING:
    from textual.app import App

    from nodion_tui.monitor.insight.failure_groups import FailureCause
    from nodion_tui.monitor.monitor import Monitor
    from nodion_tui.ui.dashboard.lists.dashboard_lists import DashboardLists

READ_SECONDS = 10.0
"""How long an acknowledgement waits for the log."""
MAX_PAGES = 100
"""Pages that are read for it; a longer log is to be opened first."""
NOTICE_SECONDS = 0.7
"""Wait without a word until it is said that the log is being read."""
_DIALOG, _QUESTION = "dialog", "question"
"""What wants the logs of failures read: the list of causes, and what asks about one."""
_TOO_LONG = "its log is long. Open it first, then acknowledge it."


class CauseActions:
    """Actions on the cause of the run under the cursor, and on all causes.

    Args:
        app: shows dialogs and toasts.
        lists: have the monitor, the run to act on, and the filter.
        focus_runs: moves the focus to the run list.
        start: runs an action in place of one that goes on.
    """

    def __init__(
        self,
        app: "Callable[[], App[Any]]",
        lists: "DashboardLists",
        focus_runs: Callable[[], None],
        start: Callable[[Coroutine[Any, Any, None]], object],
    ) -> None:
        self._app = app
        self._lists = lists
        self._focus_runs = focus_runs
        self._start = start
        self._update: Callable[[], None] | None = None
        """Shows changes in the dialog that is open; None: none is."""

    def availability(self) -> Mapping[str, bool]:
        """Whether the commands that depend on a run are applicable."""
        run = self._lists.current_run
        return {"run.acknowledge": run is not None and run.status == RunStatus.FAILED}

    def update(self) -> None:
        """Show changes of runs and causes in the dialog on causes that is open."""
        if self._update is not None:
            self._update()

    def action_acknowledge(self) -> None:
        """Acknowledge the cause of the failed run under the cursor, or take that back."""
        run, monitor = self._lists.current_run, self._lists.contents.monitor
        if monitor is None or run is None:
            self._toast("Select a failed run first, then acknowledge its cause.")
        elif run.status != RunStatus.FAILED:
            self._toast("This run has not failed: there is no cause to acknowledge.")
        else:
            self._start(self._acknowledge_run(monitor, run))

    def action_failure_causes(self) -> None:
        """List all failures by cause."""
        monitor = self._lists.contents.monitor
        if monitor is None or not monitor.failures.families():
            self._toast("No run has failed, as far as is known.")
        else:
            self._start(self._list_causes(monitor))

    async def _list_causes(self, monitor: "Monitor") -> None:
        from nodion_tui.ui.causes.causes_dialog import CausesDialog  # noqa: PLC0415 - seldom

        run, names = self._lists.current_run, _names(monitor)
        current = monitor.failures.cause(run) if run else None
        monitor.failures.want(_DIALOG, wanted=True)
        try:
            while True:
                families, clock = monitor.failures.families, monitor.server_now
                dialog = CausesDialog(families, names, clock, current)
                self._update = dialog.update
                choice = await self._app().push_screen_wait(dialog)
                self._update = None
                if choice is None:
                    return
                current = choice.cause
                if not choice.acknowledge:
                    await self._show_family(monitor, choice.cause)
                    return
                await self._decide(monitor, choice.cause)
        finally:
            self._update = None
            monitor.failures.want(_DIALOG, wanted=False)

    async def _show_family(self, monitor: "Monitor", cause: "FailureCause") -> None:
        """Filter the runs by a cause.

        Until the log of a run is read, its cause is its exit code: a filter by that would lose the
        run as soon as it is read.
        """
        family = monitor.failures.family(cause)
        if family is not None and not monitor.failures.is_read(run := family.group.runs[0]):
            await self._read(monitor, run)
            cause = monitor.failures.cause(run) or cause
        self._lists.show_runner(ALL.id)
        of_profile = f" profile:{cause.profile}" if cause.profile else ""
        self._lists.filters.set(PaneName.RUNS, f"cause:{cause.id}{of_profile}")
        self._focus_runs()

    async def _acknowledge_run(self, monitor: "Monitor", run: Run) -> None:
        problem = "" if monitor.failures.is_read(run) else await self._read(monitor, run)
        cause = monitor.failures.cause(run)
        if problem:
            self._toast(f"The cause is not known: {problem}")
        elif cause is not None:
            await self._decide(monitor, cause)

    async def _read(self, monitor: "Monitor", run: Run) -> str:
        """Read the end of the log; returns why that is not possible, or nothing.

        Where the service has no log, the cause is the exit code, and that can be acknowledged.
        """
        notice = self._app().set_timer(
            NOTICE_SECONDS, lambda: self._toast("Reading the log of this run …")
        )
        try:
            async with asyncio.timeout(READ_SECONDS):
                has_ending = await monitor.failure_reader.read(run, MAX_PAGES)
        except TimeoutError:
            return _TOO_LONG
        except ResourceNotFound:
            return ""
        except NodionError as error:
            return error_text.short_text(error)
        else:
            return "" if has_ending else _TOO_LONG
        finally:
            notice.stop()

    async def _decide(self, monitor: "Monitor", cause: "FailureCause") -> None:
        """Ask whether a cause is acknowledged, and do what is decided."""
        from nodion_tui.ui.causes.acknowledge_dialog import AcknowledgeDialog  # noqa: PLC0415 - seldom

        failures, names = monitor.failures, _names(monitor)
        family = failures.family(cause)
        if family is None:
            self._toast("The service lists no failure of this cause any more.")
            return
        is_read = failures.is_read(family.group.runs[0])
        now = monitor.server_now(family.group.runs[0].runner_id)
        unread = failures.unread_count(cause)
        dialog = AcknowledgeDialog(family, names, now, is_read=is_read, unread=unread)

        def update() -> None:
            if (changed := failures.family(cause)) is not None:
                dialog.update(changed, failures.unread_count(cause))

        self._update = update
        failures.want(_QUESTION, wanted=True)
        try:
            decision = await self._app().push_screen_wait(dialog)
        finally:
            self._update = None
            failures.want(_QUESTION, wanted=False)
        if decision is None:
            return
        family = failures.family(cause) or family
        what = count(len(family.group.runs), "failure")
        try:
            if decision.lasts is None:
                await failures.withdraw(cause)
                self._toast(f"No longer acknowledged: {what}.")
            else:
                at = monitor.server_now(family.group.runs[0].runner_id)
                await failures.acknowledge(cause, at=at, lasts=decision.lasts, note=decision.note)
                self._toast(f"Acknowledged: {what}. D lists all causes.")
        except OSError as error:
            reason = error.strerror or str(error)
            self._app().notify(
                f"This counts here and now, but was not saved: {reason}",
                severity="warning",
                timeout=10,
                markup=False,
            )

    def _toast(self, text: str) -> None:
        self._app().notify(text, markup=False, timeout=4)


def _names(monitor: "Monitor") -> Mapping[str, str]:
    """Runner id → sanitized name, with the profile where there are several."""
    return {each.id: sanitize(monitor.label(each.id)) for each in monitor.runs.runners}
