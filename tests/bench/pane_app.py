"""A log pane alone in a terminal, for measuring: `python -m tests.bench.pane_app URL`; s begins."""

import sys
from typing import ClassVar

from textual.app import App, ComposeResult
from textual.binding import BindingType
from textual.screen import Screen

from nodion_tui.api.client import NodionClient
from nodion_tui.config import Profile, Secret
from nodion_tui.model.run import Run, RunKey
from nodion_tui.monitor.logsession import LogSession
from nodion_tui.monitor.logsource import ClientLogs
from nodion_tui.ui.repaint import TightCompositor
from nodion_tui.ui.theme import DEFAULT_THEME, THEMES
from nodion_tui.ui.widgets.log_pane import LogPane

KEY = RunKey("runner", "run-0000")


class PaneScreen(Screen[None]):
    """As the dashboard paints."""

    def __init__(self) -> None:
        super().__init__()
        self._compositor = TightCompositor()

    def compose(self) -> ComposeResult:
        """Nothing but the pane."""
        yield LogPane()


class PaneApp(App[None]):
    """The pane, and a key that opens the log."""

    BINDINGS: ClassVar[list[BindingType]] = [("s", "begin", "Begin")]

    def __init__(self, url: str) -> None:
        super().__init__()
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = DEFAULT_THEME
        self._client = NodionClient(Profile(api_url=url, key=Secret("none")))

    def get_default_screen(self) -> PaneScreen:
        """Textual: the first screen."""
        return PaneScreen()

    def on_mount(self) -> None:
        """Keys go to the log."""
        self.call_after_refresh(self._focus)

    def _focus(self) -> None:
        self.screen.query_one(LogPane).view.focus()

    def action_begin(self) -> None:
        """Open the log."""
        session = LogSession(KEY, ClientLogs(lambda: self._client), max_bytes=2**34)
        run = Run(id=KEY.run_id, runner_id=KEY.runner_id, status="running")
        self.screen.query_one(LogPane).show(session, run)


if __name__ == "__main__":
    PaneApp(sys.argv[1]).run()
