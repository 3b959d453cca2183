"""Changes the titles in a widget's border, and repaints only the border's row.

Textual repaints the whole widget for a new title, which for a pane is everything in it: 2,040 cells
at 120 × 17, for a title that counts seconds.
"""

from textual.content import Content
from textual.geometry import Region
from textual.widget import Widget


def set_border_titles(widget: Widget, title: Content, subtitle: Content | None) -> None:
    """Change the title and the subtitle of a widget."""
    if title != widget._border_title:
        widget._border_title = title
        _repaint_row(widget, -1)
    if subtitle != widget._border_subtitle:
        widget._border_subtitle = subtitle
        _repaint_row(widget, widget.size.height)


def _repaint_row(widget: Widget, y: int) -> None:
    widget.refresh(Region(-1, y, widget.size.width + 2, 1))
