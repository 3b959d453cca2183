"""The key that shows one failed run after the other, from any mode; known failures are left out."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from nodion_tui.model.run_cause import never_known
from nodion_tui.monitor.insight.failure_walk import FailureWalk

if TYPE_CHECKING:
    from nodion_tui.ui.dashboard.screen import DashboardScreen

_ONLY_KNOWN = "No new failure: each has an acknowledged cause. D lists the causes."


class FailureActions:
    """Shows failed runs on the dashboard.

    Args:
        dashboard: has the monitor, and shows the run.
        show_dashboard: leaves another mode.
        toast: says that there is no failure.
    """

    def __init__(
        self,
        dashboard: "DashboardScreen",
        show_dashboard: Callable[[], Awaitable[None]],
        toast: Callable[[str], None],
    ) -> None:
        self._dashboard = dashboard
        self._show_dashboard = show_dashboard
        self._toast = toast
        self._walk = FailureWalk()

    async def action_next_failure(self) -> None:
        """Show the newest new failure at its first error line, or the next older one."""
        monitor, shown = self._dashboard.monitor, self._dashboard.current_run
        runs = monitor.runs.all_runs() if monitor else ()
        is_known = monitor.failures.is_known if monitor else never_known
        new = (run for run in runs if not is_known(run))
        run = self._walk.next(new, shown.key if shown else None)
        if run is None:
            has_known = any(map(is_known, runs))
            self._toast(_ONLY_KNOWN if has_known else "No run has failed, as far as is known.")
        else:
            await self._show_dashboard()
            self._dashboard.show_failure(run)
