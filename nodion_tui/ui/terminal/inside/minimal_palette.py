"""Textual's command palette, painted like a dialog, which says at once that nothing matches.

Textual 8.2 says so 0.5 s after a search has ended, and hides the list until then: the rows of the
screen below show through under the field.
"""

from collections.abc import Sequence

from rich.align import Align
from rich.text import Text
from textual import events
from textual.command import CommandList, CommandPalette, Provider
from textual.widgets.option_list import Option

from nodion_tui.ui.terminal.inside.minimal_compositor import MinimalCompositor, is_opening
from nodion_tui.ui.terminal.inside.repaint_screen import style_if_needed


class MinimalPalette(CommandPalette):
    """Palette over a screen of which only uncovered and changed parts are painted."""

    def __init__(
        self,
        providers: Sequence[type[Provider]] | None = None,
        *,
        placeholder: str = "",
        id: str | None = None,  # noqa: A002 - Textual's name
    ) -> None:
        super().__init__(providers, placeholder=placeholder, id=id)
        self._compositor = MinimalCompositor()

    def _start_no_matches_countdown(self, search_value: str) -> None:
        """Textual: say that nothing matches, after a while; here at once.

        A timer could also be due while the palette is closed, and look for a list that is gone.
        """
        if search_value:
            words = Align.center(Text("No matches found", style="not bold"))
            option = Option(words, disabled=True, id=self._NO_MATCHES)
            self.query_one(CommandList).add_option(option)
        self._list_visible = bool(search_value)

    async def _on_idle(self, event: events.Idle) -> None:
        """Textual: schedule the next frame, or call what was to be called after it."""
        if is_opening(self):
            event.prevent_default()

    def _on_screen_resume(self, event: events.ScreenResume) -> None:
        """Textual: the palette is shown."""
        style_if_needed(self, event)
