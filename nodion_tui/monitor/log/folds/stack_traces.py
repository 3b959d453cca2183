"""Recognizes tracebacks of Python, Java, JavaScript and Go line by line, for folding.

Traceback (most recent call last):       head, shown
  File "x.py", line 1, in <module>       hidden
    main()                               hidden
ValueError: bad                          the error, shown
"""

import re
from collections.abc import Iterable
from enum import StrEnum

import msgspec

MIN_HIDDEN_LINES = 2
"""Shorter tracebacks are not folded."""
_PYTHON = re.compile(r"Traceback \(most recent call last\):\s*$")
_FIRST_FRAME = re.compile(r"[ \t]+at \S")
_FRAME = re.compile(
    r"[ \t]+at \S|[ \t]*\.\.\. \d+ (?:more|common frames omitted)|[ \t]+Suppressed: "
)
_GO = re.compile(r"goroutine \d+ \[.*\]:\s*$")


class Fold(msgspec.Struct, frozen=True, gc=False):
    """A foldable range: the head is shown, the lines between it and `stop` may be hidden."""

    head: int
    """Index of the line that stays visible."""
    stop: int
    """Index after the last line to hide."""

    @property
    def hidden(self) -> range:
        """Indexes of the lines to hide."""
        return range(self.head + 1, self.stop)


class _Kind(StrEnum):
    PYTHON = "python"
    FRAMES = "frames"
    GO = "go"


def find_folds(lines: Iterable[str], first: int = 0) -> list[Fold]:
    """The folds of lines (without color escapes); the first line has index `first`."""
    folds: list[Fold] = []
    open_kind: _Kind | None = None
    head = stop = first
    for index, text in enumerate(lines, first):
        if open_kind is None or not _continues(open_kind, text):
            folds += _fold_if_long(head, stop)
            open_kind = _kind_of_start(text)
            head = max(index - 1, first) if open_kind is _Kind.FRAMES else index
        stop = index + 1 if open_kind else head
    return folds + _fold_if_long(head, stop)


def _kind_of_start(text: str) -> _Kind | None:
    if _FIRST_FRAME.match(text):
        return _Kind.FRAMES
    if _PYTHON.search(text):
        return _Kind.PYTHON
    return _Kind.GO if _GO.match(text) else None


def _continues(kind: _Kind, text: str) -> bool:
    if kind is _Kind.FRAMES:
        return _FRAME.match(text) is not None
    if kind is _Kind.GO:
        return bool(text.strip())
    return text[:1] in (" ", "\t") and bool(text.strip())


def _fold_if_long(head: int, stop: int) -> list[Fold]:
    return [Fold(head, stop)] if stop - head - 1 >= MIN_HIDDEN_LINES else []
