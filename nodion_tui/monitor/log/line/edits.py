"""Text that is edited by moves within a line: overstruck letters, spinners, aligned columns.

The moves are carried out on the characters of one line, as a terminal would. pyte, a complete
terminal emulator, was weighed: it needs fifty times as long for a line, knows a screen of fixed
width, and drops what is overwritten without telling.
"""

import re
import unicodedata
from collections.abc import Iterator
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

from nodion_tui.model.sanitize import HIDDEN_IN_LINES, sanitize
from nodion_tui.monitor.log.line.pen import DEFAULT_PEN, Pen, apply_sgr
from nodion_tui.monitor.log.line.sequences import MOVE, SEQUENCE, SGR, SILENT

_MAX_COLUMNS = 1000
"""Columns that a move reaches at most: no terminal is wider, and padding stays small."""
_HIDDEN = re.compile(f"[{HIDDEN_IN_LINES}]")
_ERASE = re.compile(r"\x1b\[0?[JK]")
_ARGUMENT = re.compile(r"[0-9]+")


class EditedRun(NamedTuple):
    """Adjacent characters of one look."""

    text: str
    pen: Pen
    is_mark: bool


class _Cell(NamedTuple):
    text: str
    pen: Pen
    is_mark: bool = False


_BLANK = _Cell(" ", DEFAULT_PEN)


class EditedLine:
    """The characters of a line after all moves within it.

    Args:
        source: the text as sent, of one state.
        pen: in force at its beginning.
    """

    def __init__(self, source: str, pen: Pen) -> None:
        self.overwritten = False
        """Whether text was replaced by other text."""
        self._cells: list[_Cell] = []
        self._cursor = 0
        self._saved = 0
        self._pen = pen
        self._rewound = self._backspaces = 0
        position = 0
        while position < len(source):
            position = self._read(source, position)

    def runs(self) -> Iterator[EditedRun]:
        """The characters in runs of one look."""
        for (pen, is_mark), cells in groupby(self._cells, key=attrgetter("pen", "is_mark")):
            yield EditedRun("".join(cell.text for cell in cells), pen, is_mark)

    def _read(self, source: str, position: int) -> int:
        """Carry out the character or sequence at a position; the position after it."""
        character = source[position]
        if character not in {"\x1b", "\x08"}:
            hidden = _HIDDEN.match(character) is not None
            self._write(_Cell(sanitize(character) if hidden else character, self._pen, hidden))
            return position + 1
        if sgr := SGR.match(source, position):
            self._pen = apply_sgr(sgr[1], self._pen) or self._pen
            return sgr.end()
        if move := MOVE.match(source, position):
            self._move(move.group())
            return move.end()
        if silent := SILENT.match(source, position):
            if _ERASE.match(silent.group()):
                self._erase(self._cursor, len(self._cells))
            return silent.end()
        sequence = SEQUENCE.match(source, position)
        end = sequence.end() if sequence else position + 1
        for mark in sanitize(source[position:end]):
            self._write(_Cell(mark, self._pen, is_mark=True))
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
                self._cursor += max(count, 1)
            case "D":
                self._cursor = max(0, self._cursor - max(count, 1))
            case "G":
                self._cursor = self._position_of(max(count, 1) - 1)
            case "X":
                self._erase(self._cursor, self._cursor + max(count, 1))
            case "s" | "7":
                self._saved = self._cursor
            case _:
                self._cursor = self._saved
        self._backspaces = 0

    def _write(self, cell: _Cell) -> None:
        self._cells += [_BLANK] * (self._cursor - len(self._cells))
        if self._cursor and unicodedata.category(cell.text[0])[0] == "M" and not cell.is_mark:
            base = self._cells[self._cursor - 1]
            self._cells[self._cursor - 1] = base._replace(text=base.text + cell.text)
            return
        if self._cursor < len(self._cells):
            cell = self._combined(self._cells[self._cursor], cell)
        self._cells[self._cursor : self._cursor + 1] = [cell]
        self._cursor += 1
        self._backspaces = max(0, self._backspaces - 1)

    def _combined(self, old: _Cell, new: _Cell) -> _Cell:
        """What a character over another one shows: overstruck, as in manual pages, or replaced."""
        if self._backspaces and old.text != " ":
            # One backspace is for striking a letter twice, several are for writing anew.
            if old.text == new.text and self._rewound == 1:
                return new._replace(pen=new.pen._replace(bold=True))
            if old.text == "_":
                return new._replace(pen=new.pen._replace(underline=True))
            if new.text == "_":
                return old._replace(pen=old.pen._replace(underline=True))
        self.overwritten |= old.text not in {" ", new.text}
        return new

    def _erase(self, start: int, stop: int) -> None:
        erased = self._cells[start:stop]
        self.overwritten |= any(not cell.text.isspace() for cell in erased)
        if stop >= len(self._cells):
            del self._cells[start:]
        else:
            self._cells[start:stop] = [_BLANK] * len(erased)

    def _position_of(self, column: int) -> int:
        """The index of the character at a column; beyond the end as many more as columns."""
        end = 0
        for index, cell in enumerate(self._cells):
            if end >= column:
                return index
            end += 2 if unicodedata.east_asian_width(cell.text[0]) in "WF" else 1
        return len(self._cells) + max(0, column - end)
