"""The edges of a screen: title and notices above, available commands below."""

import time
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from nodion_tui.ui.chrome.footer_bar import FooterBar
from nodion_tui.ui.chrome.notice_bar import NoticeBar
from nodion_tui.ui.chrome.title_bar import TitleBar
from nodion_tui.ui.commands.command import Command

if TYPE_CHECKING:
    from nodion_tui.config import Profile
    from nodion_tui.monitor.monitor import Monitor


class ScreenEdges:
    """Title bar, notices and footer of a screen, filled from one monitor at a time.

    Args:
        keymap: command id → keys, for rebound commands.
        commands: the commands that are available now, in any order.
    """

    def __init__(
        self, keymap: Mapping[str, str], commands: Callable[[], Sequence[Command]]
    ) -> None:
        self._failed_today = 0
        self.title = TitleBar()
        self.notices = NoticeBar()
        self.footer = FooterBar(commands, keymap)

    def update_title(self, monitor: "Monitor", runner_ids: Sequence[str]) -> None:
        """Update the title bar, such as the age of the data.

        Args:
            monitor: what is shown.
            runner_ids: the runners on screen, whose lists have that age.
        """
        from nodion_tui.ui.chrome.title_text import title_text  # noqa: PLC0415 - after first paint

        now = time.monotonic()
        self.title.show(title_text(monitor, runner_ids, self._failed_today, now))

    def update(self, monitor: "Monitor", runner_ids: Sequence[str], runner_id: str = "") -> None:
        """Update title bar, notices and footer.

        Args:
            monitor: what is shown.
            runner_ids: as in `update_title`.
            runner_id: the one runner on screen; empty: all runners.
        """
        from nodion_tui.ui.chrome.title_text import notices  # noqa: PLC0415 - after the first paint

        self.update_title(monitor, runner_ids)
        self.notices.show(notices(monitor, runner_id))
        self.footer.update()

    def clear(self, profile: "Profile | None") -> None:
        """Show the profile that is being connected, and nothing of the previous one."""
        from nodion_tui.ui.chrome.title_text import disconnected_title  # noqa: PLC0415 - as above

        self._failed_today = 0
        self.title.show(disconnected_title(profile))
        self.notices.show(())
        self.footer.update()

    def count_failures(self, monitor: "Monitor") -> None:
        """Count the runs that have failed today, but for known failures."""
        from nodion_tui.monitor.insight.statistics import failed_today  # noqa: PLC0415 - as above

        failed = failed_today(monitor.runs.failed_runs(), now=monitor.server_now())
        self._failed_today = monitor.failures.count_new(failed)
