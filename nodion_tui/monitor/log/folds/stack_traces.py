"""Recognizes stack traces of many languages line by line, for folding.

Traceback (most recent call last):       head, shown
  File "x.py", line 1, in <module>       hidden
    main()                               hidden
ValueError: bad                          the error, shown

Each exception of a chain or of a group has a head of its own, and its last line stays visible. The
margins of exception groups, of Docker Compose and of timestamps may stand before each line.
"""

import re
from collections.abc import Iterable, Sequence
from enum import StrEnum

from nodion_tui.monitor.log.folds.fold import Fold
from nodion_tui.monitor.log.line_start import after_prefixes

MIN_HIDDEN_LINES = 2
"""Shorter traces are not folded."""
_BLOCK = re.compile(
    r"(?:\(most recent call (?:last|first)\)|[Ss]tack (?:back)?trace(?:back)?|Stacktrace"
    r"|CallStack \(from .*\)):\s*$"
)
"""Heads of an indented block: Python, Rust, Lua, Julia, Haskell."""
_EXCEPTION_FOLLOWS = "(most recent call last)"
_LOGURU_FRAME = re.compile(r'File ".*", line \d')
"""Behind a margin `>`: the frame that caught the exception. Empty lines separate the frames."""
_GO = re.compile(r"goroutine \d+ (?:\w+=\S+ )*\[.*\]:\s*$")
_GO_LINE = re.compile(
    r"\t\S|created by \S|\.\.\.|\[originating from goroutine"
    r"|[^\s(]+(?:\(\*?[^\s()]+\)[^\s(]*)?\(.*\)\s*$"
)
"""Functions and their files; a program that goes on logs its next line right behind them."""
_ANY_FRAME = (
    r"[ \t]+at \S"  # Java, JavaScript, .NET, Rust
    r"|[ \t]+(?:\d+: )?from \S+:\d+"  # Ruby
    r"|\S+\.rb:\d+:in ['`].*'$"
    r"|[ \t]+(?:\([\w.-]+ [\d.]+\S*\) )?[\w./-]+\.(?:exs?|erl):\d+: "  # Elixir
    r"|[ \t]+\S.* called at \S+ line \d+"  # Perl
    r"|(?:Re-r|R)aised (?:at|by primitive operation at) .* in file \""  # OCaml
    r"|Called from .* in file \""
)
_FIRST_FRAME = re.compile(rf"{_ANY_FRAME}|[ \t]*(?:#0|0#)\s+\S|PHP\s+1\. ")
_FRAME = re.compile(
    rf"{_ANY_FRAME}|[ \t]*(?:#\d+|\d+#)\s+\S|PHP\s+\d+\. "
    r"|[ \t]*\.\.\. \d+ (?:more|common frames omitted)"
    r"|[ \t]+Suppressed: |[ \t]+- (?:locked|waiting|parking) "
    r"|[ \t]*--- End of (?:inner exception )?stack trace"
)


class _Kind(StrEnum):
    BLOCK = "block"
    FRAMES = "frames"
    GO = "go"


def find_folds(lines: Iterable[str], first: int = 0) -> list[Fold]:
    """The folds of lines (without color escapes); the first line has index `first`."""
    folds: list[Fold] = []
    open_kind: _Kind | None = None
    head, stop, margin = first, first, ""
    may_have_gaps = False
    for index, line in enumerate(lines, first):
        text = after_prefixes(line)
        if may_have_gaps and open_kind is _Kind.BLOCK and not text.strip():
            continue  # hidden only if the next line is one of the trace
        if open_kind is None or not _continues(open_kind, text, margin):
            folds += _fold_if_long(head, stop)
            open_kind, margin = _kind_of_start(text)
            may_have_gaps = _EXCEPTION_FOLLOWS in text
            head = max(index - 1, first) if open_kind is _Kind.FRAMES else index
        stop = index + 1 if open_kind else head
    return folds + _fold_if_long(head, stop)


def trace_at(lines: Sequence[str], index: int, first: int = 0) -> Fold | None:
    """The fold that a line belongs to; the exception after a Python traceback belongs to it."""
    folds = find_folds(lines, first)
    for fold in folds:
        if fold.head <= index < fold.stop:
            return fold
    for fold in folds:
        if index == fold.stop and _EXCEPTION_FOLLOWS in lines[fold.head - first]:
            return fold
    return None


def _kind_of_start(text: str) -> tuple[_Kind | None, str]:
    """The kind of trace that a line begins, and the margin that its other lines may have."""
    if _FIRST_FRAME.match(text):
        return _Kind.FRAMES, ""
    if head := _BLOCK.search(text):
        before = text[: head.start()].removesuffix("Traceback ").removesuffix("Exception Group ")
        return _Kind.BLOCK, before
    return (_Kind.GO if _GO.match(text) else None), ""


def _continues(kind: _Kind, text: str, margin: str) -> bool:
    if kind is _Kind.FRAMES:
        return _FRAME.match(text) is not None
    if kind is _Kind.GO:
        return _GO_LINE.match(text) is not None
    inner = text.removeprefix(margin) if text.startswith(margin) else text
    is_indented = inner[:1] in (" ", "\t") and bool(inner.strip())
    return is_indented or _LOGURU_FRAME.match(inner) is not None


def _fold_if_long(head: int, stop: int) -> list[Fold]:
    return [Fold(head, stop)] if stop - head - 1 >= MIN_HIDDEN_LINES else []
