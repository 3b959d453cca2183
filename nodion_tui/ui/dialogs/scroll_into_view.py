"""What has the focus stays in sight while a form grows and shrinks around it."""

from collections.abc import Iterable

from textual.widget import Widget
from textual.widgets import TextArea


def scroll_into_view(focused: Widget, containers: Iterable[Widget]) -> None:
    """Scroll so far as it takes to see a widget; of a field of several rows, that of its cursor.

    Args:
        focused: is laid out.
        containers: what can be scrolled; those that do not hold it are left alone.
    """
    top, bottom = focused.region.y, focused.region.bottom
    if isinstance(focused, TextArea):
        # The field itself may not have scrolled to its cursor yet.
        top = min(max(focused.cursor_screen_offset.y, top), bottom - 1)
        bottom = top + 1
    for each in containers:
        if each in focused.ancestors:
            seen = each.scrollable_content_region
            below = min(max(0, bottom - seen.bottom), top - seen.y)
            if below:
                each.scroll_relative(y=below, animate=False)
