"""How a text field displays and keeps characters that a terminal executes or does not show."""

import re
from collections.abc import Callable

from rich.highlighter import Highlighter
from rich.text import Text

from nodion_tui.model.text.sanitize import HIDDEN_CHARACTERS, visible_form

_HIDDEN = re.compile(f"[{HIDDEN_CHARACTERS}]")
_CODED = re.compile(f"(?![\t\n])[{HIDDEN_CHARACTERS}]")
_LINE_ENDS = "\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"
"""What Python takes for the end of a line, besides a line feed."""
_CODES = range(0xD800, 0xE000)
_CODE = re.compile("[\ud800-\udfff]")


def with_placeholders(text: str) -> str:
    """Replaces each hidden character but tabs by one visible character; positions stay."""
    return _HIDDEN.sub(_placeholder, text)


class HiddenCharacterCodes:
    """Replaces hidden characters by codes that Textual keeps, each one character and one column.

    Textual's TextArea ends a line at nine characters besides the line feed, and loses them; others
    have no width for it, but are displayed. Codes are lone surrogates, which UTF-8 cannot express.
    They are given in the order of appearance, for 2,048 different characters; further ones are left
    as they are, and put the cursor a column beside them.
    """

    def __init__(self) -> None:
        self._codes: dict[str, str] = {}
        self._characters: dict[str, str] = {}
        self.encode(_LINE_ENDS)

    def encode(self, text: str) -> str:
        """The text with codes, of the same length."""
        return text if text.isascii() and text.isprintable() else _CODED.sub(self._code, text)

    def decode(self, coded: str) -> str:
        """The text that was encoded."""
        return coded if coded.isascii() else _CODE.sub(self._character, coded)

    def _code(self, match: re.Match[str]) -> str:
        character = match.group()
        if character not in self._codes and len(self._codes) < len(_CODES):
            code = chr(_CODES[len(self._codes)])
            self._codes[character], self._characters[code] = code, character
        return self._codes.get(character, character)

    def _character(self, match: re.Match[str]) -> str:
        code = match.group()
        return self._characters.get(code, code)


class DisplayHighlighter(Highlighter):
    """Displays another text of the same length in a Textual Input, by its public interface.

    Args:
        displayed: returns the text.
    """

    def __init__(self, displayed: Callable[[], str]) -> None:
        self._displayed = displayed

    def highlight(self, text: Text) -> None:
        """Rich: change a text that is about to be displayed."""
        text.plain = self._displayed()


def _placeholder(match: re.Match[str]) -> str:
    character = match.group()
    marked = character if character == "\t" else visible_form(character)
    return marked if len(marked) == 1 else "\ufffd"
