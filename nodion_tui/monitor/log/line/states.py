"""The states of a line that is drawn over and over, such as a progress bar.

A carriage return, or a sequence to the same effect, begins a new state. The line shows the last
state that has text: one that is only erased at the end, or blank, would show nothing.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from nodion_tui.monitor.log.line.pen import Pen, apply_sgr
from nodion_tui.monitor.log.line.sequences import CARRIAGE, MOVE, SGR, SGR_OR_SILENT

OVERWRITTEN_MARK = " ␍"
"""Shown after a line whose earlier states were overwritten; no part of its text."""
_EXAMINED_CHARACTERS = 65_536
"""Characters before the end that are examined for states, and before a state for its pen."""
_TERMINATOR = "\r\n"
_WORD = re.compile(r"[^\s\x1b\x08]")
_TEXTLESS = re.compile(f"{SGR_OR_SILENT.pattern}|{CARRIAGE.pattern}|{MOVE.pattern}")


class State(NamedTuple):
    """One state of a line."""

    text: str
    """As sent."""
    pen: Pen
    """In force at its beginning."""
    overwritten: bool = False
    """Whether an earlier state had text."""


def last_state(body: str, pen: Pen) -> State:
    """The state that a line shows; the whole line, if it is not overwritten."""
    body = body.rstrip(_TERMINATOR)
    if "\r" not in body and "\x1b[" not in body:
        return State(body, pen)
    stop = len(body)
    for start, cut in _starts(body):
        if not start or _has_text(body[start:stop]):
            earlier = body[max(0, cut - _EXAMINED_CHARACTERS) : cut]
            return State(body[start:stop], _pen_at(body, start, pen), _has_text(earlier))
        stop = cut
    return State(body, pen)


def line_states(body: str) -> list[str]:
    """All states of a line that have text, in order, as sent; other lines have at most one."""
    return [text for text in _split(body.rstrip(_TERMINATOR)) if _has_text(text)]


def _split(body: str) -> Iterator[str]:
    start = 0
    for cut in CARRIAGE.finditer(body):
        yield body[start : cut.start()]
        start = cut.end()
    yield body[start:]


def _starts(body: str) -> Iterator[tuple[int, int]]:
    """The beginnings of the states from the last one on, each with the end of the one before."""
    examined = max(0, len(body) - _EXAMINED_CHARACTERS)
    cuts = [cut.span() for cut in CARRIAGE.finditer(body, examined)]
    for before, after in reversed(cuts):
        yield after, before
    first = body.rfind("\r", 0, examined)
    yield first + 1, max(first, 0)


def _has_text(text: str) -> bool:
    """Whether anything but blanks, colours and silent sequences is in a text."""
    return bool(_WORD.match(text) or _TEXTLESS.sub("", text[:_EXAMINED_CHARACTERS]).strip())


def _pen_at(body: str, start: int, pen: Pen) -> Pen:
    for sgr in SGR.finditer(body, max(0, start - _EXAMINED_CHARACTERS), start):
        pen = apply_sgr(sgr[1], pen) or pen
    return pen
