"""The edges of the dashboard: title and notices above, available commands below."""

import time
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from nodion_tui.ui.chrome.footer_bar import FooterBar
from nodion_tui.ui.chrome.notice_bar import NoticeBar
from nodion_tui.ui.chrome.title_bar import TitleBar
from nodion_tui.ui.commands.command import Command, Scope
from nodion_tui.ui.commands.dispatch import dispatch
from nodion_tui.ui.commands.registry import commands_in, keys_of
from nodion_tui.ui.dashboard.layout import Layout, PaneName
from nodion_tui.ui.dashboard.lists import DashboardLists
from nodion_tui.ui.paint.theme import Glyphs

if TYPE_CHECKING:
    from nodion_tui.config import Profile


class DashboardEdges(DashboardLists):
    """Title bar, notices and footer of the dashboard.

    Args:
        glyphs: the glyph set to draw with.
        keymap: command id → keys, for rebound commands.
        waiting: placeholder text of the lists while there is no monitor.
    """

    def __init__(self, glyphs: Glyphs, keymap: Mapping[str, str], waiting: str) -> None:
        super().__init__(glyphs, waiting)
        self._keymap = keymap
        self._failed_today = 0
        self._title = TitleBar(glyphs, id="title")
        self._notice = NoticeBar(id="notice")
        self._footer = FooterBar(
            self._available_commands, self._key_of, self._run_command, id="footer"
        )

    def update_title(self) -> None:
        """Update the title bar, such as the age of the data."""
        if self.monitor is None:
            return
        from nodion_tui.ui.chrome.title_text import title_text  # noqa: PLC0415 - after first paint

        now = time.monotonic()
        self._title.show(
            title_text(self.monitor, self.visible_runner_ids, self._failed_today, now, self._glyphs)
        )

    def update_edges(self) -> None:
        """Update title bar, notices and footer."""
        if self.monitor is None:
            return
        from nodion_tui.ui.chrome.title_text import notices  # noqa: PLC0415 - after the first paint

        self.update_title()
        self._notice.show(notices(self.monitor, self.runner_id))
        self._footer.update()

    def clear_edges(self, profile: "Profile | None") -> None:
        """Show the profile that is being connected, and nothing of the previous one."""
        from nodion_tui.ui.chrome.title_text import disconnected_title  # noqa: PLC0415 - as above

        self._failed_today = 0
        self._title.show(disconnected_title(profile))
        self._notice.show(())
        self._footer.update()

    def count_failures(self) -> None:
        """Count the runs that have failed today."""
        if self.monitor is not None:
            from nodion_tui.monitor.insight.statistics import failed_today  # noqa: PLC0415 - as above

            runs = self.monitor.runs.all_runs()
            self._failed_today = len(failed_today(runs, now=self.now()))

    def _available_commands(self) -> Sequence[Command]:
        scope: Scope = "log" if self.pane_state.focused is PaneName.LOG else "list"
        scopes: tuple[Scope, ...] = ("app", "dashboard", scope)
        return [command for command in commands_in(scopes) if self._is_available(command)]

    def _is_available(self, command: Command) -> bool:
        """Whether a command is applicable now; the footer shows no others."""
        run = self.current_run
        can_write = self.monitor is not None and not self.monitor.runs.read_only
        availability = {
            "run.stop": run is not None and not run.is_final and can_write,
            "run.rerun": run is not None and can_write,
            "run.trigger": self.current_runner is not None and can_write,
            "pane.detail": self.pane_state.layout is not Layout.WIDE,
            "list.filter": self.pane_state.focused is not PaneName.LOG,
            "app.dashboard": False,
        }
        return availability.get(command.id, True)

    def _key_of(self, command: Command) -> str:
        keys = keys_of(command, self._keymap)
        return keys[0] if keys else ""

    def _run_command(self, command: Command) -> None:
        dispatch(self, command)
