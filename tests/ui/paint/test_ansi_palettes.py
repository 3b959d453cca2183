"""What jobs print in colour is readable in the dark and the light themes."""

import pytest
from rich.terminal_theme import TerminalTheme
from textual.color import Color

from nodion_tui.monitor.log.line.pen import Pen
from nodion_tui.ui.log.render.pen_style import pen_style
from nodion_tui.ui.paint.ansi_palettes import DARK, LIGHT
from nodion_tui.ui.paint.theme import THEMES
from nodion_tui.ui.paint.widget_styles import contrast

BACKGROUNDS = [
    (LIGHT if not theme.dark else DARK, Color.parse(theme.background or ""))
    for theme in THEMES
    if not theme.ansi
]


@pytest.mark.parametrize(("palette", "background"), BACKGROUNDS)
@pytest.mark.parametrize("number", range(16))
def test_every_colour_of_a_job_is_readable(
    palette: TerminalTheme, background: Color, number: int
) -> None:
    text = pen_style(Pen(color=number)).color
    if text is not None:  # otherwise that of the theme
        assert text.number is not None
        color = Color(*palette.ansi_colors[text.number])
        assert contrast(color, background) >= 4.5


@pytest.mark.parametrize("palette", [DARK, LIGHT])
@pytest.mark.parametrize("number", range(1, 8))
def test_black_is_readable_on_every_colour(palette: TerminalTheme, number: int) -> None:
    style = pen_style(Pen(color=0, background=number))
    assert style.color is not None
    assert style.color.number == 0
    colors = palette.ansi_colors
    assert contrast(Color(*colors[0]), Color(*colors[number])) >= 4.2
