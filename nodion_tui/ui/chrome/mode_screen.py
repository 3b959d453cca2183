"""Screen of the timeline and of the wall: title, notices, body, footer, and pausing.

A mode has one screen for the lifetime of the program. While it is not active it neither ticks nor
paints; it applies the missed changes when it is resumed.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult

from nodion_tui.config import Profile
from nodion_tui.ui.chrome.edges import ScreenEdges
from nodion_tui.ui.chrome.mode_body import HintsChanged, ModeBody
from nodion_tui.ui.chrome.ticking_screen import TickingScreen
from nodion_tui.ui.commands.command import Command, Scope
from nodion_tui.ui.commands.registry import commands_in, own_commands
from nodion_tui.ui.session.bridge import ChangeBridge
from nodion_tui.ui.session.messages import DASHBOARD, RunsChanged
from nodion_tui.ui.session.watcher import CONNECTING

if TYPE_CHECKING:
    from nodion_tui.monitor.monitor import Monitor


class ModeScreen(TickingScreen):
    """Shows one monitor at a time, which can be replaced.

    Args:
        keymap: command id → keys, for rebound commands.
        body: what is shown between title and footer.
    """

    AUTO_FOCUS = ""
    SCOPES: ClassVar[tuple[Scope, ...]] = ()
    """Scopes whose commands the footer and the palette offer on this screen."""

    def __init__(self, keymap: Mapping[str, str], body: ModeBody) -> None:
        super().__init__()
        self.body = body
        self._edges = ScreenEdges(keymap, self._available_commands)
        self._watched: ChangeBridge | None = None
        self._placeholder = CONNECTING
        self._profile: Profile | None = None

    def compose(self) -> ComposeResult:
        """Textual: title, notices, body, footer."""
        yield self._edges.title
        yield self._edges.notices
        yield from self.body.widgets()
        yield self._edges.footer

    def on_mount(self) -> None:
        """Textual: show the monitor that was attached before."""
        self.watch(self, "focused", self._follow_focus, init=False)
        self._restart()

    def on_unmount(self) -> None:
        """Textual: the app ends."""
        self.body.pause()

    def on_screen_suspend(self) -> None:
        """Textual: pause while another mode is active; below a dialog everything goes on."""
        if self in self.app.screen_stack:
            return
        self.body.pause()

    def on_screen_resume(self) -> None:
        """Textual: apply the missed changes."""
        self._show_changes()

    def attach(self, monitor: "Monitor") -> None:
        """Show a monitor, and nothing of the previous one."""
        self._watch(ChangeBridge(monitor, self))

    def detach(self, placeholder: str, profile: Profile) -> None:
        """Show no monitor.

        Args:
            placeholder: text to show instead.
            profile: the profile that is being connected.
        """
        self._placeholder, self._profile = placeholder, profile
        self._watch(None)

    def tick(self) -> None:
        """Update what depends on time; does nothing while a dialog is above."""
        if self.app.screen is self:
            self.body.tick()
            self.update_edges()

    def update_edges(self) -> None:
        """Update title, notices and footer."""
        if self._watched is None:
            self._edges.clear(self._profile)
        else:
            monitor = self._watched.monitor
            self._edges.update(monitor, [runner.id for runner in monitor.runs.runners])

    async def action_leave(self) -> None:
        """Leave one level; at the top level switch to the dashboard."""
        if not self.body.leave():
            await self.app.switch_mode(DASHBOARD)

    @on(RunsChanged)
    def _show_changes(self) -> None:
        if self._watched is not None:
            # Also while another mode is active, which may be for weeks: no changes pile up.
            self.body.note_changes(self._watched.take_changes())
        if self.is_current:
            self.body.update()
            self._update_counts()

    def _watch(self, watched: ChangeBridge | None) -> None:
        if self._watched is not None:
            self._watched.close()
        self._watched = watched
        if self.is_mounted:
            self._restart()

    def _restart(self) -> None:
        self.body.restart(self._watched.monitor if self._watched else None, self._placeholder)
        self._update_counts()

    def _update_counts(self) -> None:
        """Update the edges, and the number of failures, which is counted only after changes."""
        if self._watched is not None:
            self._edges.count_failures(self._watched.monitor)
        self.update_edges()

    @on(HintsChanged)
    def _follow_focus(self) -> None:
        if self.is_current:  # also told while the program ends
            self._edges.footer.update()

    def _has_effect(self, command: Command) -> bool:
        """Whether a command of the app does anything; others are judged by the body."""
        monitor = self._watched.monitor if self._watched else None
        is_walk = command.id == "app.next_failure"
        return not is_walk or (monitor is not None and monitor.failures.has_new)

    def _available_commands(self) -> Sequence[Command]:
        if typed := self.body.typed_keys():
            return typed
        return [
            self.body.worded(command)
            for command in (*commands_in(("app", *self.SCOPES)), *own_commands(self.app))
            if self.body.is_available(command) and self._has_effect(command)
        ]
