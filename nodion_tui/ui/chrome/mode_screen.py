"""What the timeline and the wall have in common: a monitor, a title, notices, a footer, and rest.

A mode is one screen for as long as the program lives. While it is not in front it neither ticks nor
paints, and takes in what it missed when it comes back.
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
    """Shows one monitor in its own way; another one can be put in its place.

    Args:
        glyphs: the signs to paint with.
        keymap: command id → keys, for commands that are rebound.
    """

    AUTO_FOCUS = ""
    SCOPES: ClassVar[tuple[Scope, ...]] = ()
    """Whose commands the footer and the palette offer here."""

    def __init__(self, glyphs: Glyphs, keymap: Mapping[str, str]) -> None:
        super().__init__()
        self._glyphs = glyphs
        self._keymap = keymap
        self.monitor: Monitor | None = None
        self._bridge: ChangeBridge | None = None
        self._ticking: Timer | None = None
        self.waiting = "Connecting …"
        """What stands there while nothing is watched."""
        self._coming: Profile | None = None
        self._failed_today = 0
        self._missed: set[str] = set()
        self._missed_runners = False

    def compose_body(self) -> Iterable[Widget]:
        """What stands between title and footer."""
        raise NotImplementedError

    def apply_changes(self, runner_ids: AbstractSet[str], *, runners: bool) -> None:
        """Show what is different now; only called while in front.

        Args:
            runner_ids: whose runs are different.
            runners: whether the list of runners is.
        """
        raise NotImplementedError

    def tick(self) -> None:
        """A second has passed; only called while in front."""
        raise NotImplementedError

    def restart(self) -> None:
        """Begin anew: another monitor, or none, is watched."""
        raise NotImplementedError

    def is_available(self, command: Command) -> bool:  # noqa: ARG002 - for those who override it
        """Whether a command makes sense now; those that do not are not in the footer."""
        return True

    def restore_state(self, state: UiState) -> None:
        """Look as it is remembered."""

    def updated_state(self, state: UiState) -> UiState:
        """The state with what this mode looks like now."""
        return state

    def compose(self) -> ComposeResult:
        """Textual: title, notices, body, footer."""
        yield TitleBar(self._glyphs)
        yield NoticeBar()
        yield from self.compose_body()
        yield FooterBar(self._at_hand, self._key_of, self._perform)

    def on_mount(self) -> None:
        """Textual: begin to tick."""
        self._ticking = self.set_interval(1.0, self._tick)
        self.restart()

    def on_screen_suspend(self) -> None:
        """Textual: another screen is in front."""
        if self._ticking is not None:
            self._ticking.pause()

    def on_screen_resume(self) -> None:
        """Textual: in front again: take in what was missed."""
        if self._ticking is not None:
            self._ticking.resume()
        self._take_missed()

    def attach(self, monitor: Monitor) -> None:
        """Watch a monitor; nothing of the one before stays on the screen."""
        self.detach()
        self.monitor = monitor
        self._bridge = ChangeBridge(monitor.runs, self)
        self._restart()

    def detach(self, waiting: str = "", profile: Profile | None = None) -> None:
        """Watch nothing.

        Args:
            waiting: what stands there instead.
            profile: whose runs will be there; None: not known.
        """
        self.waiting = waiting or self.waiting
        self._coming = profile
        if self._bridge is not None:
            self._bridge.close()
        self.monitor = self._bridge = None
        self._restart()

    async def action_leave(self) -> None:
        """Back to the dashboard."""
        await self.app.switch_mode(DASHBOARD)

    def now(self) -> datetime:
        """The server's clock."""
        return self.monitor.server_now() if self.monitor else utc_now()

    @on(RunsChanged)
    def _known_changed(self) -> None:
        self._note()
        if self.is_current and (self._missed or self._missed_runners):
            self._take_missed()

    def _note(self) -> None:
        """Remember what was touched, and no more: this screen may rest for weeks."""
        changes = self._bridge.take_changes() if self._bridge else Changes()
        self._missed |= {key.runner_id for key in changes.runs | changes.removed}
        self._missed_runners |= changes.runners_changed

    def _take_missed(self) -> None:
        self._note()
        missed, self._missed = self._missed, set()
        runners, self._missed_runners = self._missed_runners, False
        self.apply_changes(missed, runners=runners)
        self._count_failures()
        self._tell()

    def _restart(self) -> None:
        self._missed, self._missed_runners = set(), False
        if self.is_mounted:
            self.restart()
            self._count_failures()
            self._tell()

    def _tick(self) -> None:
        self.tick()
        self._tell()

    def _tell(self) -> None:
        monitor = self.monitor
        if monitor is not None:
            lists = [runner.id for runner in monitor.runs.runners]
            line = title_text(monitor, lists, self._failed_today, time.monotonic(), self._glyphs)
            self.query_one(TitleBar).show(line)
            self.query_one(NoticeBar).show(notices(monitor, ""))
        else:
            self.query_one(TitleBar).show(disconnected_title(self._coming))
            self.query_one(NoticeBar).show(())
        self.query_one(FooterBar).update()

    def _count_failures(self) -> None:
        if self.monitor is not None:
            runs = self.monitor.runs.all_runs()
            self._failed_today = len(failed_today(runs, now=self.now()))

    def _at_hand(self) -> Sequence[Command]:
        return [each for each in commands_in(("app", *self.SCOPES)) if self.is_available(each)]

    def _key_of(self, command: Command) -> str:
        keys = keys_of(command, self._keymap)
        return keys[0] if keys else ""

    def _perform(self, command: Command) -> None:
        dispatch(self, command)
