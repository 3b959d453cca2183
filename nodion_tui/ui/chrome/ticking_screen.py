"""Base of the screens that show times."""

from nodion_tui.ui.terminal.door import MinimalRepaintScreen


class TickingScreen(MinimalRepaintScreen[None]):
    """A screen that the app ticks each second, with everything else that depends on time.

    A timer for each part would wake the processor as often, and paint a frame for each.
    """

    def tick(self) -> None:
        """Update what depends on time alone."""
