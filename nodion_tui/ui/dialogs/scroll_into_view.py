"""Keeps the focused widget visible while a form grows and shrinks around it."""

from collections.abc import Iterable

from textual.widget import Widget
from textual.widgets import TextArea


def scroll_into_view(focused: Widget, containers: Iterable[Widget]) -> None:
    """Scroll just far enough to show a widget; in a text area, the row of its cursor.

    Args:
        focused: the widget, already laid out.
        containers: scrollable containers; those that do not contain the widget are skipped.
    """
    top, bottom = focused.region.y, focused.region.bottom
    if isinstance(focused, TextArea):
        # The field itself may not have scrolled to its cursor yet.
        top = min(max(focused.cursor_screen_offset.y, top), bottom - 1)
        bottom = top + 1
    for container in containers:
        if container in focused.ancestors:
            viewport = container.scrollable_content_region
            offset = min(max(0, bottom - viewport.bottom), top - viewport.y)
            if offset:
                container.scroll_relative(y=offset, animate=False)
