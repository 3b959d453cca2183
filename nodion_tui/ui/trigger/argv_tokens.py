"""Numbered list of argv tokens, exactly as they will be sent."""

from collections.abc import Iterator

from rich.cells import cell_len, get_character_cell_size
from textual.app import RenderResult
from textual.content import Content
from textual.geometry import Size
from textual.reactive import reactive
from textual.widget import Widget

from nodion_tui.model.text.sanitize import sanitize

_GAP = 2


class ArgvTokens(Widget):
    """Numbered tokens that wrap like words; leading and trailing spaces are made visible."""

    ALLOW_SELECT = False
    DEFAULT_CSS = """
    ArgvTokens { width: 1fr; height: auto; padding: 0 1; display: none; }
    ArgvTokens.-any { display: block; }
    """

    tokens: reactive[tuple[str, ...]] = reactive((), layout=True)

    def _watch_tokens(self, tokens: tuple[str, ...]) -> None:
        self.set_class(bool(tokens), "-any")

    def render(self) -> RenderResult:
        """Textual: the content."""
        return Content("\n").join(wrap_tokens(self.tokens, self.content_size.width))

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Textual: number of rows that the tokens need."""
        del container, viewport
        return len(wrap_tokens(self.tokens, width))


def wrap_tokens(tokens: tuple[str, ...], width: int) -> list[Content]:
    """Wraps numbered tokens to lines of at most `width` cells.

    A token that does not fit moves to the next line; only a token longer than a line is split.
    """
    lines: list[list[Content]] = [[]]
    used = 0
    for number, token in enumerate(tokens, 1):
        label = f"{number} "
        shown, style = _shown(token)
        needed = len(label) + cell_len(shown)
        if used and used + _GAP + needed > width:
            lines.append([])
            used = 0
        elif used:
            lines[-1].append(Content(" " * _GAP))
            used += _GAP
        lines[-1].append(Content.styled(label, "$foreground-muted"))
        used += len(label)
        for index, piece in enumerate(_split(shown, used, max(width, len(label) + 2))):
            if index:
                lines.append([])
                used = 0
            lines[-1].append(Content.styled(piece, style))
            used += cell_len(piece)
    return [Content("").join(line) for line in lines]


def _shown(token: str) -> tuple[str, str]:
    """Display text of a token, with spaces at its ends made visible, and its style."""
    if not token:
        return "empty", "italic $foreground-muted on $panel"
    text = sanitize(token)
    inner = text.strip(" ")
    leading = len(text) - len(text.lstrip(" "))
    trailing = len(text) - leading - len(inner) if inner else 0
    return "␣" * leading + inner + "␣" * trailing, "$foreground on $panel"


def _split(text: str, used: int, width: int) -> Iterator[str]:
    """Splits a text into pieces that fill lines; `used` cells of the first line are taken."""
    piece: list[str] = []
    for character in text:
        size = get_character_cell_size(character)
        if used + size > width:
            yield "".join(piece)
            piece, used = [], 0
        piece.append(character)
        used += size
    yield "".join(piece)
