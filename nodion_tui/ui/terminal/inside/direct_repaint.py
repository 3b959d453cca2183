"""Widgets that tell their screen of a repaint at once.

In Textual 8.2, a widget that is to be repainted sends itself a prompt, is idle then, and sends its
screen a message: three turns of the event loop and two tasks for each of the clocks that tick.
"""

from typing import TYPE_CHECKING, Any

from textual.widget import Widget

if TYPE_CHECKING:
    from textual.screen import Screen


class DirectRepaintWidget(Widget):
    """Widget whose repaints its screen knows of as soon as they are asked for."""

    def check_idle(self) -> None:
        """Textual: have what was asked for done soon."""
        if not (self._repaint_required and _tell_screen(self)):
            super().check_idle()


def _tell_screen(widget: Widget) -> bool:
    """Have the screen repaint a widget; False if more than a repaint was asked for."""
    needs_more = (
        widget._layout_required or widget._scroll_required or widget._refresh_styles_required
    )
    if needs_more or not widget.is_mounted or not widget.is_attached:
        return False
    screen: Screen[Any] = widget.screen
    if screen._compositor.root is None:  # it was not laid out yet
        return False
    widget._repaint_required = False
    if widget.display:
        screen._dirty_widgets.add(widget)
        screen.check_idle()
    return True
