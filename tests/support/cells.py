"""Cells of a terminal: text, colors and attributes; and differences between two screens."""

from collections.abc import Iterator
from itertools import groupby
from typing import NamedTuple

import pyte
from pyte.screens import Char

_BLANK = Char(" ")
_DIM, _NORMAL, _RESET = 2, 22, 0


class Cells(pyte.Screen):
    """A pyte screen that also records dim text (SGR 2), as `blink`, which we never use."""

    def select_graphic_rendition(self, *attributes: int, **named: object) -> None:
        """Pyte: set colors and attributes for the following text."""
        super().select_graphic_rendition(*attributes, **named)
        for index, attribute in enumerate(attributes):
            if attribute in {38, 48}:
                return  # The rest are parts of a color, which Rich writes last.
            if attribute == _DIM:
                self.cursor.attrs = self.cursor.attrs._replace(blink=True)
            elif attribute in {_NORMAL, _RESET} or (index == 0 and attribute == _RESET):
                self.cursor.attrs = self.cursor.attrs._replace(blink=False)

    @property
    def cells(self) -> list[list[Char]]:
        """All cells, by row."""
        return [[self.buffer[y][x] for x in range(self.columns)] for y in range(self.lines)]


_QUESTIONS = (b"\x1bP$qm\x1b\\", b"\x1bP+q524742\x1b\\", b"\x1bP+q5463\x1b\\")
"""What the program asks about colours."""


class Difference(NamedTuple):
    """Adjacent cells of a row that differ from the expected ones."""

    y: int
    x: int
    shown: str
    wanted: str
    why: str
    """What differs: the text, or certain attributes."""

    def __str__(self) -> str:
        return f"row {self.y}, column {self.x}: {self.shown!r} for {self.wanted!r} ({self.why})"


def differences(shown: list[list[Char]], wanted: list[list[Char]]) -> list[Difference]:
    """The differences between two screens of the same size."""
    result: list[Difference] = []
    for y, (row, other) in enumerate(zip(shown, wanted, strict=True)):
        result += _of_row(y, row, other)
    return result


def drawn(text: str, columns: int, rows: int) -> list[list[Char]]:
    """The cells of an empty terminal after some text was written to it."""
    screen = Cells(columns, rows)
    pyte.ByteStream(screen).feed(without_unknown(text.encode()))
    return screen.cells


def without_unknown(data: bytes) -> bytes:
    """Remove the sequences that pyte would print as text: keyboard protocol, questions."""
    for sequence in (b"\x1b[>25u", b"\x1b[<u", b"\x1b[?u", *_QUESTIONS):
        data = data.replace(sequence, b"")
    return data


def _of_row(y: int, row: list[Char], other: list[Char]) -> Iterator[Difference]:
    pairs = [(_seen(one), _seen(another)) for one, another in zip(row, other, strict=True)]
    for differs, run in groupby(range(len(pairs)), key=lambda x: pairs[x][0] != pairs[x][1]):
        if differs:
            columns = list(run)
            shown = "".join(pairs[x][0].data for x in columns)
            wanted = "".join(pairs[x][1].data for x in columns)
            yield Difference(y, columns[0], shown, wanted, _why(pairs[columns[0]]))


def _seen(char: Char) -> Char:
    """A character as a person sees it: of a blank, only the background."""
    if char.data != " " or char.reverse or char.underscore or char.strikethrough:
        return char
    return _BLANK._replace(bg=char.bg)


def _why(pair: tuple[Char, Char]) -> str:
    one, other = pair
    return ", ".join(
        f"{name} {getattr(one, name)!r} for {getattr(other, name)!r}"
        for name in one._fields
        if getattr(one, name) != getattr(other, name)
    )
