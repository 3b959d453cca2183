"""Text with a hanging indent: wrapped lines begin below the text, not below its sign."""

from textual.content import Content
from textual.css.styles import RulesMap
from textual.strip import Strip
from textual.style import Style
from textual.visual import RenderOptions, Visual


class HangingText(Visual):
    """A sign on the first line, and a text of one or more lines to the right of it.

    Args:
        sign: such as the key of a menu's entry, with the space after it; never wrapped.
        text: wrapped in the columns that are left, unless the style forbids it.
    """

    def __init__(self, sign: Content, text: Content) -> None:
        self._sign, self._text = sign, text

    def render_strips(
        self, width: int, height: int | None, style: Style, options: RenderOptions
    ) -> list[Strip]:
        """Textual: the lines, of `width` columns or less."""
        columns = self._sign.cell_length
        if not columns:
            return self._text.render_strips(width, height, style, options)
        first = self._sign.render_strips(columns, 1, style, options)
        blank = Strip.blank(columns, style.rich_style)
        lines = self._text.render_strips(self._room(width), height, style, options)
        return [
            Strip.join([first[0] if number == 0 else blank, line])
            for number, line in enumerate(lines)
        ]

    def get_optimal_width(self, rules: RulesMap, container_width: int) -> int:
        """Textual: the columns of the longest line."""
        room = self._room(container_width)
        return self._sign.cell_length + self._text.get_optimal_width(rules, room)

    def get_height(self, rules: RulesMap, width: int) -> int:
        """Textual: the number of lines in `width` columns."""
        return self._text.get_height(rules, self._room(width))

    def _room(self, width: int) -> int:
        return max(width - self._sign.cell_length, 1)
