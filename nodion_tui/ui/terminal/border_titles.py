"""Changes the titles in a widget's border; a plain Textual repaints the whole widget for one."""

from typing import TYPE_CHECKING

from nodion_tui.ui.terminal.plain_textual import plain_textual

if TYPE_CHECKING or not plain_textual():
    from nodion_tui.ui.terminal.inside.border_rows import set_border_titles
else:
    from textual.content import Content
    from textual.widget import Widget

    def set_border_titles(widget: Widget, title: Content, subtitle: Content | None) -> None:
        """Change the title and the subtitle of a widget."""
        if widget.border_title != title.markup:
            widget.border_title = title
        if widget.border_subtitle != (subtitle and subtitle.markup):
            widget.border_subtitle = subtitle


__all__ = ["set_border_titles"]
