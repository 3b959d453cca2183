"""The frame and the lines of a tile: those of the log pane, in the colour of how the run ended."""

from dataclasses import replace
from typing import Any

from rich.style import Style
from textual import events, on

from nodion_tui.ui.log.border import LogBorder, Tone
from nodion_tui.ui.log.render.line_styles import LogStyles
from nodion_tui.ui.log.view import LogView
from nodion_tui.ui.paint.widget_styles import WidgetStyles
from nodion_tui.ui.terminal.raw_row_widget import RawRowWidget


class _Framed(RawRowWidget):
    """A part whose frame has its own look; the last base, as Textual takes CSS from the first."""

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self._looks = WidgetStyles(self)
        self.frame = ""
        """Name of the look."""

    def set_frame_look(self, look: str) -> None:
        """Give the frame another look."""
        if look != self.frame:
            self.frame = look
            self.refresh()

    def notify_style_update(self) -> None:
        """Textual: the theme has changed."""
        super().notify_style_update()
        self._looks.clear()


class TileEdge(LogBorder, _Framed):
    """An edge whose frame has a look of its own."""

    def _style(self, tone: Tone) -> Style:
        return self._looks.style(self.frame) if tone == "frame" else super()._style(tone)


class TileView(LogView, _Framed, can_focus=False):
    """Lines whose frame has a look of its own; the mouse leaves them in peace until zoomed."""

    is_zoomed = False

    def set_frame_look(self, look: str) -> None:
        """Give the frame another look."""
        if look != self.frame:
            self._stripes.clear()
        super().set_frame_look(look)

    @on(events.MouseDown)
    @on(events.MouseMove)
    @on(events.MouseUp)
    @on(events.Click)
    def _choose_only(self, event: events.MouseEvent) -> None:
        """A click on a small tile chooses it; it must not stop following its end by that."""
        if not self.is_zoomed:
            event.prevent_default()

    def _styles(self) -> LogStyles:
        look = super()._styles()
        frame = self._looks.style(self.frame)
        if look.frame is not frame:
            look = self._look = replace(look, frame=frame)
        return look
