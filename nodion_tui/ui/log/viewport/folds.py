"""Tracebacks that a person has folded: which lines are hidden, and what stands in their place."""

from nodion_tui.monitor.log.buffer import EntryKind, LogBuffer
from nodion_tui.monitor.log.tracebacks import Fold, find_folds

_REACH = 400
"""Entries before and after a line among which its traceback is looked for."""
_HEAD = 1000
"""Bytes of a line that are looked at."""


def fold_at(buffer: LogBuffer, index: int) -> Fold | None:
    """The traceback that an entry belongs to, and be it as its last line, which says why."""
    first, stop = max(buffer.first, index - _REACH), min(buffer.end, index + _REACH)
    texts = [_text(buffer, each) for each in range(first, stop)]
    for fold in find_folds(texts, first):
        if fold.head <= index <= fold.stop:
            return fold
    return None


def _text(buffer: LogBuffer, index: int) -> str:
    entry = buffer.entry(index, _HEAD)
    return entry.body if entry.kind is EntryKind.LINE else ""
