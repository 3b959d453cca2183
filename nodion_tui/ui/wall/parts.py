"""The frame and the lines of a tile: those of the log pane, in the colour of how the run ended."""

from dataclasses import replace

from rich.style import Style
from textual import events, on

from nodion_tui.ui.log.look import Look
from nodion_tui.ui.looks import Looks
from nodion_tui.ui.widgets.log_edge import LogEdge, Tone
from nodion_tui.ui.widgets.log_view import LogView


class TileEdge(LogEdge):
    """An edge whose frame has a look of its own."""

    frame = ""
    """Name of the look."""

    def frame_as(self, look: str) -> None:
        """Give the frame another look."""
        if look != self.frame:
            self.frame = look
            self.notify_style_update()
            self.refresh()

    def _style(self, tone: Tone) -> Style:
        if tone == "frame" and tone not in self._styles:
            self._styles[tone] = Looks(self).style(self.frame)
        return super()._style(tone)


class TileView(LogView, can_focus=False):
    """Lines whose frame has a look of its own; the mouse leaves them in peace until zoomed."""

    frame = ""
    """Name of the look."""
    is_zoomed = False

    def frame_as(self, look: str) -> None:
        """Give the frame another look."""
        if look != self.frame:
            self.frame = look
            self.notify_style_update()
            self.refresh()

    @on(events.MouseDown)
    @on(events.MouseMove)
    @on(events.MouseUp)
    @on(events.Click)
    def _choose_only(self, event: events.MouseEvent) -> None:
        """A click on a small tile chooses it; it must not stop following its end by that."""
        if not self.is_zoomed:
            event.prevent_default()

    def _styles(self) -> Look:
        is_new = self._look is None
        look = super()._styles()
        if is_new:
            look = self._look = replace(look, frame=Looks(self).style(self.frame))
        return look
