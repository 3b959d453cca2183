"""The looks of the theme as styles to paint with.

Textual's component classes would do the same, but each is a node that is styled anew with every
widget, which is most of the time to the first paint.
"""

from rich.style import Style
from textual.color import Color, ColorParseError
from textual.widget import Widget

from nodion_tui.ui.paint.theme import THEME_STYLES


class WidgetStyles:
    """The styles of one widget, worked out once for each theme and state.

    A row may lie on another look, such as that of the cursor.
    """

    def __init__(self, widget: Widget) -> None:
        self._widget = widget
        self._styles: dict[tuple[str, ...], Style] = {}

    def clear(self) -> None:
        """Forget them, as the theme or the widget's state has changed."""
        self._styles.clear()

    def style(self, *looks: str) -> Style:
        """The widget's own style with these laid over it, one after the other."""
        found = self._styles.get(looks)
        if found is None:
            found = self._styles[looks] = self._make(looks)
        return found

    def _make(self, looks: tuple[str, ...]) -> Style:
        own = self._widget.rich_style
        style = Style.from_color(own.color, own.bgcolor)
        ground = self._widget.background_colors[1]
        for look in filter(None, looks):
            color, behind, words = THEME_STYLES[look]
            text = None
            if behind:
                ground = self._colour(behind, ground)
                style += Style(bgcolor=ground.rich_color)
            if color:
                text = self._colour(color, ground)
                style += Style(color=text.rich_color)
            style += Style.parse(words)
        return style

    def _colour(self, variable: str, ground: Color) -> Color:
        """What a variable of the theme is on this ground; `auto` is what can be read on it."""
        value = self._widget.app.theme_variables.get(variable, "auto")
        name, _, share = value.partition(" ")
        alpha = float(share.rstrip("%")) / 100 if share else 1.0
        if name == "auto":
            return ground + ground.get_contrast_text(alpha)
        try:
            colour = Color.parse(name)
        except ColorParseError:
            return ground.get_contrast_text(1.0)
        return colour if colour.ansi is not None else ground + colour.multiply_alpha(alpha)


def overlay(widget: Widget, component: str) -> Style:
    """What a component class of a widget adds to its own style, for widgets that have some."""
    styles = widget.get_component_styles(component)
    full = styles.rich_style
    colour = full.color if styles.has_rule("color") else None
    ground = full.bgcolor if styles.has_rule("background") else None
    return Style.from_color(colour, ground) + styles.text_style
