"""Resolves the theme's named styles to Rich styles for a widget.

Textual's component classes would do the same, but each is a node that is restyled with every
widget, which would dominate the time to the first paint.
"""

from rich.style import Style
from textual.color import Color, ColorParseError
from textual.widget import Widget

from nodion_tui.ui.paint.theme import THEME_STYLES


class WidgetStyles:
    """Cache of one widget's Rich styles, valid for one theme and widget state.

    Styles are combined, such as that of a text with that of the cursor row.
    """

    def __init__(self, widget: Widget) -> None:
        self._widget = widget
        self._styles: dict[tuple[str, ...], Style] = {}

    def clear(self) -> None:
        """Clear the cache after the theme or the widget's state has changed."""
        self._styles.clear()

    def style(self, *names: str) -> Style:
        """The widget's own style combined with these styles, in order."""
        style = self._styles.get(names)
        if style is None:
            style = self._styles[names] = self._create(names)
        return style

    def _create(self, names: tuple[str, ...]) -> Style:
        own = self._widget.rich_style
        style = Style.from_color(own.color, own.bgcolor)
        background = self._widget.background_colors[1]
        for name in filter(None, names):
            color, behind, words = THEME_STYLES[name]
            text = None
            if behind:
                background = self._colour(behind, background)
                style += Style(bgcolor=background.rich_color)
            if color:
                text = self._colour(color, background)
                style += Style(color=text.rich_color)
            style += Style.parse(words)
        return style

    def _colour(self, variable: str, background: Color) -> Color:
        """The colour of a theme variable on this background; `auto` is a readable contrast."""
        value = self._widget.app.theme_variables.get(variable, "auto")
        name, _, share = value.partition(" ")
        alpha = float(share.rstrip("%")) / 100 if share else 1.0
        if name == "auto":
            return background + background.get_contrast_text(alpha)
        try:
            colour = Color.parse(name)
        except ColorParseError:
            return background.get_contrast_text(1.0)
        return colour if colour.ansi is not None else background + colour.multiply_alpha(alpha)
