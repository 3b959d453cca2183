"""Lets go of closed widgets that Textual would keep; a plain Textual keeps them for a while."""

from typing import TYPE_CHECKING

from nodion_tui.ui.terminal.plain_textual import plain_textual

if TYPE_CHECKING or not plain_textual():
    from nodion_tui.ui.terminal.inside.stale_references import forget_styles, forget_watchers
else:
    from textual.widget import Widget

    def forget_styles() -> None:
        """Leave Textual's cache of styles as it is."""

    def forget_watchers(widget: Widget) -> None:
        """Leave Textual's watchers as they are."""


__all__ = ["forget_styles", "forget_watchers"]
