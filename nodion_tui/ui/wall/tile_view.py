"""Lines of a tile, which take the mouse only when the tile is zoomed."""

from textual import events, on

from nodion_tui.ui.log.view import LogView


class TileView(LogView, can_focus=False):
    """Lines of a log; mouse events are ignored unless zoomed."""

    is_zoomed = False

    @on(events.MouseDown)
    @on(events.MouseMove)
    @on(events.MouseUp)
    @on(events.Click)
    def _choose_only(self, event: events.MouseEvent) -> None:
        """A click on a small tile only selects it; the log keeps following its end."""
        if not self.is_zoomed:
            event.prevent_default()
