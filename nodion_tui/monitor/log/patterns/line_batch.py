"""Lines as one text in which patterns are looked for."""

from functools import cached_property

_EDITS = "\x1b\b\r"
"""Characters with which a line shows another text than it contains."""


class LineBatch:
    """The bodies of some lines."""

    def __init__(self, text: str) -> None:
        self.text = text
        """All bodies, separated by newlines."""

    @cached_property
    def is_edited(self) -> bool:
        """Whether a line may show something that the text does not contain."""
        return any(character in self.text for character in _EDITS)

    @cached_property
    def is_ascii(self) -> bool:
        """Whether all characters are ASCII."""
        return self.text.isascii()

    @cached_property
    def folded(self) -> str:
        """The text without differences of case."""
        return folded(self.text)


def folded(text: str) -> str:
    """A text without differences of case.

    İ becomes i as in expressions, where the standard folds it to an i with a dot above.
    """
    return text.lower() if text.isascii() else text.casefold().replace("i\u0307", "i")
