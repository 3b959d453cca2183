"""The edges of the dashboard: title and notices above, the commands at hand below."""

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
    """What a screen of lists says of itself.

    Args:
        glyphs: the signs to paint with.
        keymap: command id → keys, for commands that are rebound.
        waiting: what stands in the lists while there is no monitor.
    """

    def __init__(self, glyphs: Glyphs, keymap: Mapping[str, str], waiting: str) -> None:
        super().__init__(glyphs, waiting)
        self._keymap = keymap
        self._failed_today = 0
        self._title = TitleBar(glyphs, id="title")
        self._notice = NoticeBar(id="notice")
        self._footer = FooterBar(self._at_hand, self._key_of, self._perform, id="footer")

    def update_title(self) -> None:
        """Say how old everything is by now."""
        if self.monitor is None:
            return
        from nodion_tui.ui.chrome.title_text import title_text  # noqa: PLC0415 - after first paint

        now = time.monotonic()
        self._title.show(
            title_text(self.monitor, self.visible_runner_ids, self._failed_today, now, self._glyphs)
        )

    def update_edges(self) -> None:
        """Say all there is to say."""
        if self.monitor is None:
            return
        from nodion_tui.ui.chrome.title_text import notices  # noqa: PLC0415 - after the first paint

        self.update_title()
        self._notice.show(notices(self.monitor, self.runner_id))
        self._footer.update()

    def clear_edges(self, profile: "Profile | None") -> None:
        """Say whose runs are to come, and nothing of those that were here."""
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

    def _at_hand(self) -> Sequence[Command]:
        scope: Scope = "log" if self.pane_state.focused is PaneName.LOG else "list"
        return [each for each in commands_in(("app", "dashboard", scope)) if self._offers(each)]

    def _offers(self, command: Command) -> bool:
        """Whether a command makes sense now; those that do not are not in the footer."""
        run = self.current_run
        may_act = self.monitor is not None and not self.monitor.runs.read_only
        offered = {
            "run.stop": run is not None and not run.is_final and may_act,
            "run.rerun": run is not None and may_act,
            "run.trigger": self.current_runner is not None and may_act,
            "pane.detail": self.pane_state.layout is not Layout.WIDE,
            "list.filter": self.pane_state.focused is not PaneName.LOG,
            "app.dashboard": False,
        }
        return offered.get(command.id, True)

    def _key_of(self, command: Command) -> str:
        keys = keys_of(command, self._keymap)
        return keys[0] if keys else ""

    def _perform(self, command: Command) -> None:
        dispatch(self, command)
