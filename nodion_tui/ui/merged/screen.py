"""The screen of the merged log: many runs' logs as one."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import ClassVar

from nodion_tui.monitor.merged.merged_runs import RunChoice
from nodion_tui.ui.chrome.mode_body import HintsChanged
from nodion_tui.ui.chrome.mode_screen import ModeScreen
from nodion_tui.ui.commands.command import Scope
from nodion_tui.ui.commands.delegate import delegate_actions
from nodion_tui.ui.commands.registry import bindings
from nodion_tui.ui.dialogs.menu import Menu, MenuEntry
from nodion_tui.ui.merged.merged_body import MergedBody
from nodion_tui.ui.merged.merged_model import MergedModel
from nodion_tui.ui.merged.run_menu import RunMenu


class MergedScreen(ModeScreen):
    """One log of many runs.

    Args:
        keymap: command id → keys, for rebound commands.
        streams: maximum number of logs that are streamed at once.
        choice: returns the runs that a person wants to see.
    """

    CSS_PATH = Path(__file__).with_suffix(".tcss")
    BINDINGS = bindings("merged")
    SCOPES: ClassVar[tuple[Scope, ...]] = ("merged", "log")

    def __init__(
        self, keymap: Mapping[str, str], *, streams: int, choice: Callable[[], RunChoice]
    ) -> None:
        self.merged = MergedBody(partial(MergedModel, streams=streams), choice)
        """The log."""
        super().__init__(keymap, self.merged)
        start = partial(self.run_worker, group="menu", exclusive=True)
        delegate_actions(self, RunMenu(self.merged, self._choose, start))

    def on_mount(self) -> None:
        """Textual: focus the log."""
        self.merged.pane.view.focus()

    def on_log_view_moved(self) -> None:
        """Textual: what can be done with the log may have changed."""
        self.post_message(HintsChanged())

    async def _choose(self, title: str, entries: Sequence[MenuEntry]) -> str | None:
        return await self.app.push_screen_wait(Menu(title, entries))
