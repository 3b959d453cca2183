"""Tracebacks of Python, Java, JavaScript and Go, recognised line by line, so that they can fold.

Traceback (most recent call last):       head, stays
  File "x.py", line 1, in <module>       hidden
    main()                               hidden
ValueError: bad                          what went wrong: stays
"""

import re
from collections.abc import Iterable
from enum import StrEnum

import msgspec

MIN_HIDDEN_LINES = 2
"""Fewer lines are not worth a fold."""
_PYTHON = re.compile(r"Traceback \(most recent call last\):\s*$")
_FIRST_FRAME = re.compile(r"[ \t]+at \S")
_FRAME = re.compile(
    r"[ \t]+at \S|[ \t]*\.\.\. \d+ (?:more|common frames omitted)|[ \t]+Suppressed: "
)
_GO = re.compile(r"goroutine \d+ \[.*\]:\s*$")


class Fold(msgspec.Struct, frozen=True, gc=False):
    """Lines that belong together: the head is shown, those between it and `stop` may be hidden."""

    head: int
    """Index of the line that stays."""
    stop: int
    """Index after the last line to hide."""

    @property
    def hidden(self) -> range:
        """Indexes of the lines to hide."""
        return range(self.head + 1, self.stop)


class _Open(StrEnum):
    PYTHON = "python"
    FRAMES = "frames"
    GO = "go"


def find_folds(lines: Iterable[str], first: int = 0) -> list[Fold]:
    """The folds of some lines (without colour escapes), of which the first has index `first`."""
    folds: list[Fold] = []
    open_kind: _Open | None = None
    head = stop = first
    for index, text in enumerate(lines, first):
        if open_kind is None or not _goes_on(open_kind, text):
            folds += _worth(head, stop)
            open_kind = _begins(text)
            head = max(index - 1, first) if open_kind is _Open.FRAMES else index
        stop = index + 1 if open_kind else head
    return folds + _worth(head, stop)


def _begins(text: str) -> _Open | None:
    if _FIRST_FRAME.match(text):
        return _Open.FRAMES
    if _PYTHON.search(text):
        return _Open.PYTHON
    return _Open.GO if _GO.match(text) else None


def _goes_on(kind: _Open, text: str) -> bool:
    if kind is _Open.FRAMES:
        return _FRAME.match(text) is not None
    if kind is _Open.GO:
        return bool(text.strip())
    return text[:1] in (" ", "\t") and bool(text.strip())


def _worth(head: int, stop: int) -> list[Fold]:
    return [Fold(head, stop)] if stop - head - 1 >= MIN_HIDDEN_LINES else []
