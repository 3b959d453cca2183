"""Base screen of the timeline and the wall: monitor, title, notices, footer, and pausing.

A mode has one screen for the lifetime of the program. While it is not active it neither ticks nor
paints; it applies the missed changes when it is resumed.
"""

import time
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.widget import Widget

from nodion_tui.config import Profile
from nodion_tui.monitor.insight.statistics import failed_today
from nodion_tui.monitor.monitor import Monitor
from nodion_tui.monitor.runs.changes import Changes
from nodion_tui.monitor.runs.known_runs import utc_now
from nodion_tui.monitor.storage.ui_state import UiState
from nodion_tui.ui.chrome.footer_bar import FooterBar
from nodion_tui.ui.chrome.notice_bar import NoticeBar
from nodion_tui.ui.chrome.title_bar import TitleBar
from nodion_tui.ui.chrome.title_text import disconnected_title, notices, title_text
from nodion_tui.ui.commands.command import Command, Scope
from nodion_tui.ui.commands.dispatch import dispatch
from nodion_tui.ui.commands.registry import commands_in, keys_of
from nodion_tui.ui.paint.theme import Glyphs
from nodion_tui.ui.session.bridge import ChangeBridge
from nodion_tui.ui.session.messages import DASHBOARD, RunsChanged
from nodion_tui.ui.terminal.compositor import MinimalRepaintScreen

if TYPE_CHECKING:
    from textual.timer import Timer


class ModeScreen(MinimalRepaintScreen):
    """Shows one monitor at a time, which can be replaced.

    Args:
        glyphs: the glyph set to draw with.
        keymap: command id → keys, for rebound commands.
    """

    AUTO_FOCUS = ""
    SCOPES: ClassVar[tuple[Scope, ...]] = ()
    """Scopes whose commands the footer and the palette offer on this screen."""

    def __init__(self, glyphs: Glyphs, keymap: Mapping[str, str]) -> None:
        super().__init__()
        self._glyphs = glyphs
        self._keymap = keymap
        self.monitor: Monitor | None = None
        self._bridge: ChangeBridge | None = None
        self._tick_timer: Timer | None = None
        self.waiting = "Connecting …"
        """Placeholder text while there is no monitor."""
        self._profile: Profile | None = None
        self._failed_today = 0
        self._changed_runner_ids: set[str] = set()
        self._runners_changed = False

    def compose_body(self) -> Iterable[Widget]:
        """The widgets between title and footer."""
        raise NotImplementedError

    def apply_changes(self, runner_ids: AbstractSet[str], *, runners: bool) -> None:
        """Show what has changed; only called while the screen is active.

        Args:
            runner_ids: the runners whose runs have changed.
            runners: whether the list of runners has changed.
        """
        raise NotImplementedError

    def tick(self) -> None:
        """Update what depends on time; called once a second while the screen is active."""
        raise NotImplementedError

    def restart(self) -> None:
        """Reset the screen to the current monitor, which may be None."""
        raise NotImplementedError

    def is_available(self, command: Command) -> bool:  # noqa: ARG002 - for those who override it
        """Whether a command is applicable now; the footer shows no others."""
        return True

    def restore_state(self, state: UiState) -> None:
        """Restore the settings of this mode from the saved state."""

    def updated_state(self, state: UiState) -> UiState:
        """The state with the current settings of this mode."""
        return state

    def compose(self) -> ComposeResult:
        """Textual: title, notices, body, footer."""
        yield TitleBar(self._glyphs)
        yield NoticeBar()
        yield from self.compose_body()
        yield FooterBar(self._available_commands, self._key_of, self._run_command)

    def on_mount(self) -> None:
        """Textual: start the timer."""
        self._tick_timer = self.set_interval(1.0, self._tick)
        self.restart()

    def on_screen_suspend(self) -> None:
        """Textual: pause while another screen is active."""
        if self._tick_timer is not None:
            self._tick_timer.pause()

    def on_screen_resume(self) -> None:
        """Textual: continue, and apply the missed changes."""
        if self._tick_timer is not None:
            self._tick_timer.resume()
        self._apply_pending()

    def attach(self, monitor: Monitor) -> None:
        """Show a monitor, and nothing of the previous one."""
        self.detach()
        self.monitor = monitor
        self._bridge = ChangeBridge(monitor.runs, self)
        self._restart()

    def detach(self, waiting: str = "", profile: Profile | None = None) -> None:
        """Show no monitor.

        Args:
            waiting: placeholder text; empty: as before.
            profile: the profile that is being connected; None: not known.
        """
        self.waiting = waiting or self.waiting
        self._profile = profile
        if self._bridge is not None:
            self._bridge.close()
        self.monitor = self._bridge = None
        self._restart()

    async def action_leave(self) -> None:
        """Switch to the dashboard."""
        await self.app.switch_mode(DASHBOARD)

    def now(self) -> datetime:
        """The server's clock."""
        return self.monitor.server_now() if self.monitor else utc_now()

    @on(RunsChanged)
    def _handle_runs_changed(self) -> None:
        self._collect_changes()
        if self.is_current and (self._changed_runner_ids or self._runners_changed):
            self._apply_pending()

    def _collect_changes(self) -> None:
        """Record only which runners have changed: the screen may be inactive for weeks."""
        changes = self._bridge.take_changes() if self._bridge else Changes()
        self._changed_runner_ids |= {key.runner_id for key in changes.runs | changes.removed}
        self._runners_changed |= changes.runners_changed

    def _apply_pending(self) -> None:
        self._collect_changes()
        runner_ids, self._changed_runner_ids = self._changed_runner_ids, set()
        runners, self._runners_changed = self._runners_changed, False
        self.apply_changes(runner_ids, runners=runners)
        self._count_failures()
        self._update_edges()

    def _restart(self) -> None:
        self._changed_runner_ids, self._runners_changed = set(), False
        if self.is_mounted:
            self.restart()
            self._count_failures()
            self._update_edges()

    def _tick(self) -> None:
        self.tick()
        self._update_edges()

    def _update_edges(self) -> None:
        monitor = self.monitor
        if monitor is not None:
            runner_ids = [runner.id for runner in monitor.runs.runners]
            now = time.monotonic()
            title = title_text(monitor, runner_ids, self._failed_today, now, self._glyphs)
            self.query_one(TitleBar).show(title)
            self.query_one(NoticeBar).show(notices(monitor, ""))
        else:
            self.query_one(TitleBar).show(disconnected_title(self._profile))
            self.query_one(NoticeBar).show(())
        self.query_one(FooterBar).update()

    def _count_failures(self) -> None:
        if self.monitor is not None:
            runs = self.monitor.runs.all_runs()
            self._failed_today = len(failed_today(runs, now=self.now()))

    def _available_commands(self) -> Sequence[Command]:
        scopes = ("app", *self.SCOPES)
        return [command for command in commands_in(scopes) if self.is_available(command)]

    def _key_of(self, command: Command) -> str:
        keys = keys_of(command, self._keymap)
        return keys[0] if keys else ""

    def _run_command(self, command: Command) -> None:
        dispatch(self, command)
