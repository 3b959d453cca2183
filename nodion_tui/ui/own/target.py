"""What a command of one's own acts on: the runner, run and log under the cursor of the moment."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import msgspec
from textual.screen import Screen

from nodion_tui.model.own_command import CommandSubject
from nodion_tui.model.run import Run
from nodion_tui.model.runner import Runner

if TYPE_CHECKING:
    from nodion_tui.monitor.monitor import Monitor
    from nodion_tui.ui.dashboard.screen import DashboardScreen
    from nodion_tui.ui.log.open_log import OpenLog


class CommandTarget(msgspec.Struct, frozen=True):
    """What is under the cursor."""

    monitor: "Monitor | None" = None
    runner: Runner | None = None
    run: Run | None = None
    log: "OpenLog | None" = None
    """The log that is shown, if it is that of the run."""

    @property
    def allows_commands(self) -> bool:
        """Whether the profile allows own commands; of several, that of the run or runner."""
        if self.monitor is None:
            return True
        runner_id = self.run.runner_id if self.run else self.runner.id if self.runner else ""
        if runner_id and self.monitor.runs.runner(runner_id) is not None:
            return self.monitor.account_of(runner_id).profile.commands
        return all(account.profile.commands for account in self.monitor.accounts)

    def lacks(self, subject: CommandSubject) -> str:
        """What is missing for a command, as a hint; empty if nothing is."""
        match subject:
            case CommandSubject.RUNNER:
                return "" if self.runner else "Select a runner first."
            case CommandSubject.SELECTION:
                selected = self.log is not None and self.log.annotations.selection is not None
                return "" if selected else "Select lines of the log first: v, or the mouse."
            case _:
                return "" if self.run else "Select a run first."


def find_target(screen: Screen[object], dashboard: "DashboardScreen") -> CommandTarget:
    """What is under the cursor of the mode that is shown.

    Args:
        screen: the screen that is shown.
        dashboard: the first mode.
    """
    monitor = dashboard.monitor
    if monitor is None:
        return CommandTarget()
    from nodion_tui.ui.chrome.mode_screen import ModeScreen  # noqa: PLC0415 - after the first paint

    if isinstance(screen, ModeScreen):
        key, runner_id = screen.body.selected_run, screen.body.selected_runner
        run = monitor.runs.run(key) if key else None
        runner = monitor.runs.runner(runner_id or (key.runner_id if key else ""))
    else:
        run, runner = dashboard.current_run, dashboard.lists.current_runner
    pane = dashboard.log_slot.pane
    log = pane.open_log if pane is not None else None
    shown = log if log is not None and run is not None and log.session.key == run.key else None
    return CommandTarget(monitor, runner, run, shown)


FindTarget = Callable[[], CommandTarget]
