"""Text that is edited by moves within a line: overstruck letters, spinners, aligned columns.

The moves are carried out on the characters of one line, as a terminal would. pyte, a complete
terminal emulator, was weighed: it needs some ten times as long for a line, knows a screen of fixed
width, and drops what is overwritten without telling.
"""

import re
import unicodedata
from collections.abc import Iterator
from itertools import groupby
from typing import NamedTuple

from nodion_tui.model.text.sanitize import HIDDEN_IN_LINES, sanitize
from nodion_tui.monitor.log.line.pen import DEFAULT_PEN, Pen, apply_sgr
from nodion_tui.monitor.log.line.sequences import MOVE, SEQUENCE, SGR, SILENT

_MAX_COLUMNS = 1000
"""Columns of a terminal, beyond which no move reaches: none is wider, and padding stays small."""
_HIDDEN = re.compile(f"[{HIDDEN_IN_LINES}]")
_ERASE = re.compile(r"\x1b\[0?[JK]")
_ARGUMENT = re.compile(r"[0-9]+")
_PLAIN = re.compile(r"[\t -~]+")


def _combines(text: str) -> bool:
    return unicodedata.category(text[0])[0] == "M"


class Look(NamedTuple):
    """How a character looks."""

    pen: Pen
    is_mark: bool = False


_BLANK = Look(DEFAULT_PEN)


class EditedLine:
    """The characters of a line after all moves within it.

    Args:
        source: the text as sent, of one state.
        pen: in force at its beginning.
    """

    def __init__(self, source: str, pen: Pen) -> None:
        self.overwritten = False
        """Whether text was replaced by other text."""
        self._texts: list[str] = []
        """Each a character with its combining marks."""
        self._looks: list[Look] = []
        self._cursor = 0
        self._saved = 0
        self._pen = pen
        self._rewound = self._backspaces = 0
        position = 0
        while position < len(source):
            position = self._read(source, position)

    def runs(self) -> Iterator[tuple[str, Look]]:
        """The characters in runs of one look."""
        start = 0
        for look, run in groupby(self._looks):
            end = start + sum(1 for _ in run)
            yield "".join(self._texts[start:end]), look
            start = end

    def _read(self, source: str, position: int) -> int:
        """Carry out the text or sequence at a position; the position after it."""
        if plain := _PLAIN.match(source, position):
            self._write_plain(plain.group())
            return plain.end()
        character = source[position]
        if character not in {"\x1b", "\x08", "\r"}:
            hidden = _HIDDEN.match(character) is not None
            self._write(sanitize(character) if hidden else character, Look(self._pen, hidden))
            return position + 1
        if sgr := SGR.match(source, position):
            self._pen = apply_sgr(sgr[1], self._pen) or self._pen
            return sgr.end()
        if move := MOVE.match(source, position):
            self._move(move.group())
            return move.end()
        if silent := SILENT.match(source, position):
            if _ERASE.match(silent.group()):
                self._erase(self._cursor, len(self._texts))
            return silent.end()
        sequence = SEQUENCE.match(source, position)
        end = sequence.end() if sequence else position + 1
        for mark in sanitize(source[position:end]):
            self._write(mark, Look(self._pen, is_mark=True))
        return end

    def _move(self, move: str) -> None:
        argument = _ARGUMENT.search(move, 2)
        count = min(int(argument.group()) if argument else 1, _MAX_COLUMNS)
        match move[-1]:
            case "\x08":
                self._backspaces += 1
                self._rewound = self._backspaces
                self._cursor = max(0, self._cursor - 1)
                return
            case "C":
                end = max(self._cursor, _MAX_COLUMNS)
                self._cursor = min(self._cursor + max(count, 1), end)
            case "D":
                self._cursor = max(0, self._cursor - max(count, 1))
            case "\r":
                self._cursor = 0
            case "G":
                self._cursor = self._position_of(max(count, 1) - 1)
            case "X":
                self._erase(self._cursor, self._cursor + max(count, 1))
            case "s" | "7":
                self._saved = self._cursor
            case _:
                self._cursor = self._saved
        self._backspaces = 0

    def _write_plain(self, text: str) -> None:
        """Write ASCII text; what is beyond the end all at once."""
        self._pad()
        inside = len(self._texts) - self._cursor
        look = Look(self._pen)
        for character in text[:inside]:
            self._write(character, look)
        if rest := text[inside:]:
            self._texts += rest
            self._looks += [look] * len(rest)
            self._cursor += len(rest)
            self._backspaces = 0

    def _pad(self) -> None:
        """Reach the cursor with blanks."""
        blanks = self._cursor - len(self._texts)
        self._texts += [" "] * blanks
        self._looks += [_BLANK] * blanks

    def _write(self, text: str, look: Look) -> None:
        """Write a character, or a mark."""
        self._pad()
        cursor = self._cursor
        if _combines(text) and cursor and not self._looks[cursor - 1].is_mark:
            self._texts[cursor - 1] += text
            return
        if cursor < len(self._texts):
            text, look = self._combined(text, look)
        self._texts[cursor : cursor + 1] = [text]
        self._looks[cursor : cursor + 1] = [look]
        self._cursor += 1
        self._backspaces = max(0, self._backspaces - 1)

    def _combined(self, text: str, look: Look) -> tuple[str, Look]:
        """What a character over another one shows: overstruck, as in manual pages, or replaced."""
        old, old_look = self._texts[self._cursor], self._looks[self._cursor]
        if self._backspaces and old != " ":
            # One backspace is for striking a letter twice, several are for writing anew.
            if old == text and self._rewound == 1:
                return text, old_look._replace(pen=old_look.pen._replace(bold=True))
            if old == "_" and text != "_":
                return text, look._replace(pen=look.pen._replace(underline=True))
            if text == "_" and old != "_":
                return old, old_look._replace(pen=old_look.pen._replace(underline=True))
        self.overwritten |= old not in {" ", text}
        return text, look

    def _erase(self, start: int, stop: int) -> None:
        erased = self._texts[start:stop]
        self.overwritten |= any(not text.isspace() for text in erased)
        if stop >= len(self._texts):
            del self._texts[start:], self._looks[start:]
        else:
            self._texts[start:stop] = [" "] * len(erased)
            self._looks[start:stop] = [_BLANK] * len(erased)

    def _position_of(self, column: int) -> int:
        """The index of the character at a column; beyond the end as many more as columns."""
        end = 0
        for index, text in enumerate(self._texts):
            if end >= column:
                return index
            end += 2 if unicodedata.east_asian_width(text[0]) in "WF" else 1
        return len(self._texts) + max(0, column - end)
