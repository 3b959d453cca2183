"""Frame and lines of a tile: widgets of the log pane in the color of the run's status."""

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
    """Gives the frame its own style; must be the last base, as Textual takes CSS from the first."""

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self._looks = WidgetStyles(self)
        self.frame = ""
        """Name of the style."""

    def set_frame_look(self, look: str) -> None:
        """Set the style of the frame."""
        if look != self.frame:
            self.frame = look
            self.refresh()

    def notify_style_update(self) -> None:
        """Textual: the theme has changed."""
        super().notify_style_update()
        self._looks.clear()


class TileEdge(LogBorder, _Framed):
    """An edge whose frame has its own style."""

    def _style(self, tone: Tone) -> Style:
        return self._looks.style(self.frame) if tone == "frame" else super()._style(tone)


class TileView(LogView, _Framed, can_focus=False):
    """Lines whose frame has its own style; mouse events are ignored unless zoomed."""

    is_zoomed = False

    def set_frame_look(self, look: str) -> None:
        """Set the style of the frame."""
        if look != self.frame:
            self._painted_rows.clear()
        super().set_frame_look(look)

    @on(events.MouseDown)
    @on(events.MouseMove)
    @on(events.MouseUp)
    @on(events.Click)
    def _choose_only(self, event: events.MouseEvent) -> None:
        """A click on a small tile only selects it; the log keeps following its end."""
        if not self.is_zoomed:
            event.prevent_default()

    def _styles(self) -> LogStyles:
        look = super()._styles()
        frame = self._looks.style(self.frame)
        if look.frame is not frame:
            look = self._log_styles = replace(look, frame=frame)
        return look
