"""The frame and the lines of a tile: those of the log pane, in the colour of how the run ended."""

from dataclasses import replace

from rich.style import Style
from textual import events, on

from nodion_tui.ui.log.look import Look
from nodion_tui.ui.looks import Looks
from nodion_tui.ui.widgets.log_edge import LogEdge, Side, Tone
from nodion_tui.ui.widgets.log_view import LogView


class TileEdge(LogEdge):
    """An edge whose frame has a look of its own."""

    def __init__(self, side: Side) -> None:
        super().__init__(side)
        self._looks = Looks(self)
        self.frame = ""
        """Name of the look."""

    def frame_as(self, look: str) -> None:
        """Give the frame another look."""
        if look != self.frame:
            self.frame = look
            self._styles.pop("frame", None)
            self.refresh()

    def notify_style_update(self) -> None:
        """Textual: the theme has changed."""
        super().notify_style_update()
        self._looks.clear()

    def _style(self, tone: Tone) -> Style:
        if tone == "frame" and tone not in self._styles:
            self._styles[tone] = self._looks.style(self.frame)
        return super()._style(tone)


class TileView(LogView, can_focus=False):
    """Lines whose frame has a look of its own; the mouse leaves them in peace until zoomed."""

    def __init__(self) -> None:
        super().__init__()
        self._looks = Looks(self)
        self.frame = ""
        """Name of the look."""
        self.is_zoomed = False

    def frame_as(self, look: str) -> None:
        """Give the frame another look."""
        if look != self.frame:
            self.frame = look
            self._stripes.clear()
            self.refresh()

    def notify_style_update(self) -> None:
        """Textual: the theme has changed."""
        super().notify_style_update()
        self._looks.clear()

    @on(events.MouseDown)
    @on(events.MouseMove)
    @on(events.MouseUp)
    @on(events.Click)
    def _choose_only(self, event: events.MouseEvent) -> None:
        """A click on a small tile chooses it; it must not stop following its end by that."""
        if not self.is_zoomed:
            event.prevent_default()

    def _styles(self) -> Look:
        look = super()._styles()
        frame = self._looks.style(self.frame)
        if look.frame is not frame:
            look = self._look = replace(look, frame=frame)
        return look
