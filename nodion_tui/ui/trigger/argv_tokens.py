"""The tokens of an argv, numbered, exactly as they will be sent."""

from collections.abc import Iterator

from rich.cells import cell_len, get_character_cell_size
from textual.app import RenderResult
from textual.content import Content
from textual.geometry import Size
from textual.reactive import reactive

from nodion_tui.model.sanitize import sanitize
from nodion_tui.ui.dialogs.ascii_signs import AsciiAwareWidget

_GAP = 2


class ArgvTokens(AsciiAwareWidget):
    """Numbered tokens in a row that wraps; what a blank hides is shown."""

    ALLOW_SELECT = False
    DEFAULT_CSS = """
    ArgvTokens { width: 1fr; height: auto; padding: 0 1; display: none; }
    ArgvTokens.-any { display: block; }
    """

    tokens: reactive[tuple[str, ...]] = reactive((), layout=True)

    def _watch_tokens(self, tokens: tuple[str, ...]) -> None:
        self.set_class(bool(tokens), "-any")

    def render(self) -> RenderResult:
        """Textual: its look."""
        return Content("\n").join(wrap_tokens(self.tokens, self.content_size.width))

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Textual: as many rows as the tokens need."""
        del container, viewport
        return len(wrap_tokens(self.tokens, width))


def wrap_tokens(tokens: tuple[str, ...], width: int) -> list[Content]:
    """The tokens as lines of at most `width` cells.

    A token never begins at the end of a line that cannot hold it, unless it is longer than any.
    """
    lines: list[list[Content]] = [[]]
    used = 0
    for number, token in enumerate(tokens, 1):
        label = f"{number} "
        shown, style = _shown(token)
        wanted = len(label) + cell_len(shown)
        if used and used + _GAP + wanted > width:
            lines.append([])
            used = 0
        elif used:
            lines[-1].append(Content(" " * _GAP))
            used += _GAP
        lines[-1].append(Content.styled(label, "$foreground-muted"))
        used += len(label)
        for index, part in enumerate(_cut(shown, used, max(width, len(label) + 2))):
            if index:
                lines.append([])
                used = 0
            lines[-1].append(Content.styled(part, style))
            used += cell_len(part)
    return [Content("").join(line) for line in lines]


def _shown(token: str) -> tuple[str, str]:
    """A token as text, with blanks at its ends made visible, and its style."""
    if not token:
        return "empty", "italic $foreground-muted on $panel"
    text = sanitize(token)
    inner = text.strip(" ")
    left = len(text) - len(text.lstrip(" "))
    right = len(text) - left - len(inner) if inner else 0
    return "␣" * left + inner + "␣" * right, "$foreground on $panel"


def _cut(text: str, used: int, width: int) -> Iterator[str]:
    """Parts of a text that fill lines, the first of which holds `used` cells already."""
    part: list[str] = []
    for character in text:
        size = get_character_cell_size(character)
        if used + size > width:
            yield "".join(part)
            part, used = [], 0
        part.append(character)
        used += size
    yield "".join(part)
