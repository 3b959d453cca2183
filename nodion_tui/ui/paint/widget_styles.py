"""Resolves the theme's named styles to Rich styles for a widget.

Textual's component classes would do the same, but each is a node that is restyled with every
widget, which would dominate the time to the first paint.
"""

from collections.abc import Mapping

from rich.segment import Segment
from rich.style import Style
from textual.color import Color, ColorParseError
from textual.widget import Widget

from nodion_tui.ui.paint.theme import THEME_STYLES, ThemeStyle
from nodion_tui.ui.terminal.colors.palette_filter import in_palette
from nodion_tui.ui.terminal.row_segments import RowSegments

PROFILE_STYLE = "profile:"
"""Beginning of the name of a profile's style; its colour, if it has one, is the rest."""
_DEFAULT_COLOUR = -1
"""Textual's number of the terminal's own colour."""
_BLACK, _WHITE = Color(0, 0, 0), Color(255, 255, 255)


class WidgetStyles:
    """Cache of one widget's Rich styles, valid for one theme and widget state.

    Styles are combined, such as that of a text with that of the cursor row.

    Args:
        widget: widget whose own style lies under all others.
        styles: the named styles.
    """

    def __init__(self, widget: Widget, styles: Mapping[str, ThemeStyle] = THEME_STYLES) -> None:
        self._widget = widget
        self._theme_styles = styles
        self._styles: dict[tuple[str, ...], Style] = {}
        self._background: Color | None = None

    def clear(self) -> None:
        """Clear the cache after the theme or the widget's state has changed."""
        self._styles.clear()
        self._background = None

    def filtered(self, segments: list[Segment], width: int) -> RowSegments:
        """Segments of the widget, of this width together, after the app's line filters."""
        if self._background is None:
            self._background = self._widget.background_colors[1]
        for line_filter in self._widget.get_line_filters():
            segments = line_filter.apply(segments, self._background)
        return RowSegments(tuple(segments), width)

    def style(self, *names: str) -> Style:
        """The widget's own style combined with these styles, in order; empty names are skipped."""
        style = self._styles.get(names)
        if style is None:
            style = self._styles[names] = self._create(names)
        return style

    def _create(self, names: tuple[str, ...]) -> Style:
        variables = self._widget.app.theme_variables
        style, background = base_style(self._widget), self._widget.background_colors[1]
        for name in filter(None, names):
            if name.startswith(PROFILE_STYLE):
                style += self._profile_style(name.removeprefix(PROFILE_STYLE))
                continue
            below = background
            overlay, background = resolve(self._theme_styles[name], variables, below)
            # Which colours of a palette are readable on which other is up to the terminal.
            is_kept = background is below and _is_palette(below)
            style += overlay.without_color if is_kept else overlay
        return style

    def _profile_style(self, colour: str) -> Style:
        """The name of a profile, on its colour as in the title bar."""
        try:
            color = Color.parse(colour) if colour else None
        except ColorParseError:
            color = None
        if color is None:
            return Style(bold=True)
        if self._widget.app.console.color_system == "256":
            color = in_palette(color)
        return Style.from_color(readable_on(color).rich_color, color.rich_color) + Style(bold=True)


def profile_style(color: str | None) -> str:
    """Name of the style for the name of a profile with this configured colour."""
    return f"{PROFILE_STYLE}{color or ''}"


def readable_on(background: Color) -> Color:
    """Black or white, whichever has more contrast: at least 4.5:1, as WCAG asks of text."""
    return max((_BLACK, _WHITE), key=lambda text: contrast(text, background))


def contrast(one: Color, other: Color) -> float:
    """Contrast of two opaque colours as WCAG 2.2 defines it, 1 to 21."""
    dark, light = sorted(map(_luminance, (one, other)))
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: Color) -> float:
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in colour.normalized
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def base_style(widget: Widget) -> Style:
    """The widget's own colours."""
    own = widget.rich_style
    return Style.from_color(own.color, own.bgcolor)


def resolve(
    style: ThemeStyle, variables: Mapping[str, str], background: Color
) -> tuple[Style, Color]:
    """What a named style changes on a background, and the background that it leaves.

    Args:
        style: the named style.
        variables: the theme's variables.
        background: colour under the style.
    """
    behind = text = None
    if style.background:
        is_mixed = style.unmixed not in variables
        variable, opacity = (style.background, style.opacity) if is_mixed else (style.unmixed, 1.0)
        behind = background = _colour(variables, variable, background, opacity)
    if style.color:
        text = _colour(variables, style.color, background)
    if behind is not None and _is_palette(behind) and (text is None or not _is_palette(text)):
        text = Color.parse("ansi_black")  # the terminal's palette has no shades
    colours = Style.from_color(
        text.rich_color if text else None, behind.rich_color if behind else None
    )
    words = Style.parse(style.style)
    if behind is not None and behind.ansi == _DEFAULT_COLOUR:
        words += Style(bold=True)  # on the terminal's own ground, nothing else lifts it off
    return colours + words, background


def _colour(
    variables: Mapping[str, str], variable: str, background: Color, opacity: float = 1.0
) -> Color:
    """The colour of a theme variable on this background; `auto` is a readable contrast."""
    name, _, percent = variables.get(variable, "auto").partition(" ")
    alpha = opacity * (float(percent.rstrip("%")) / 100 if percent else 1.0)
    try:
        colour = None if name == "auto" else Color.parse(name)
    except ColorParseError:
        colour = None
    if colour is None:
        return background + background.get_contrast_text(alpha)
    return background + colour.multiply_alpha(alpha)


def _is_palette(colour: Color) -> bool:
    """Whether it is a colour of the terminal's palette, and not its default."""
    return colour.ansi is not None and colour.ansi != _DEFAULT_COLOUR
