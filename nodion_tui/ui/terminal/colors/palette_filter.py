"""Line filter for terminals of 256 colours: the nearest of those that terminals agree on.

Rich's own conversion, which Textual uses, takes every dark colour of little saturation for a much
stronger one: dark grey blues become navy and teal.
"""

from functools import lru_cache

from rich.color import Color as RichColor
from rich.color import ColorType
from rich.palette import Palette
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.filter import LineFilter

_FIRST = 16
"""The colours below can be changed by the user of a terminal."""
_LEVELS = (0, 95, 135, 175, 215, 255)
_CUBE = [(red, green, blue) for red in _LEVELS for green in _LEVELS for blue in _LEVELS]
_GREYS = [(level, level, level) for level in range(8, 248, 10)]
_COLOURS = Palette([*_CUBE, *_GREYS])
_POSITIONS = {colour: position for position, colour in enumerate([*_CUBE, *_GREYS])}
"""Position of each in the palette: our themes have no others, and a search takes 0.1 ms."""


class PaletteFilter(LineFilter):
    """Replaces true colours by those of the palette."""

    def apply(
        self,
        segments: list[Segment],
        background: Color,  # noqa: ARG002 - Textual's signature
    ) -> list[Segment]:
        """The segments in colours of the palette."""
        return [
            Segment(text, style and _converted(style), control) for text, style, control in segments
        ]


@lru_cache(2048)
def _converted(style: Style) -> Style:
    colours = (style.color, style.bgcolor)
    if not any(colour and colour.type is ColorType.TRUECOLOR for colour in colours):
        return style
    return style + Style.from_color(*map(_nearest, colours))


def palette_hex(number: int) -> str:
    """A colour of the palette, from 16 on, as `#rrggbb`."""
    red, green, blue = _COLOURS[number - _FIRST]
    return f"#{red:02x}{green:02x}{blue:02x}"


def in_palette(color: Color) -> Color:
    """The nearest colour of the palette, as the filter writes it; the terminal's own stay."""
    return color if color.ansi is not None else Color(*_COLOURS[_position(color.rgb)])


def _nearest(colour: RichColor | None) -> RichColor | None:
    if colour is None or colour.triplet is None or colour.type is not ColorType.TRUECOLOR:
        return colour
    return RichColor.from_ansi(_FIRST + _position(colour.triplet))


def _position(colour: tuple[int, int, int]) -> int:
    """Position in the palette of the colour or of its nearest."""
    position = _POSITIONS.get(colour)
    return _COLOURS.match(colour) if position is None else position
