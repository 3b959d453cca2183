"""The cells of a terminal: text, colours and attributes, and how two screens differ."""

from collections.abc import Iterator
from itertools import groupby
from typing import NamedTuple

import pyte
from pyte.screens import Char

_DIM, _NORMAL, _RESET = 2, 22, 0


class Cells(pyte.Screen):
    """A screen of pyte that also knows dim text (SGR 2), told as pyte's `blink`: we never blink."""

    def select_graphic_rendition(self, *attributes: int, **named: object) -> None:
        """Pyte: colours and attributes of what is written from now on."""
        super().select_graphic_rendition(*attributes, **named)
        for place, attribute in enumerate(attributes):
            if attribute in {38, 48}:
                return  # What follows are parts of a colour; Rich writes those last.
            if attribute == _DIM:
                self.cursor.attrs = self.cursor.attrs._replace(blink=True)
            elif attribute in {_NORMAL, _RESET} or (place == 0 and attribute == _RESET):
                self.cursor.attrs = self.cursor.attrs._replace(blink=False)

    @property
    def cells(self) -> list[list[Char]]:
        """Every cell, row by row."""
        return [[self.buffer[y][x] for x in range(self.columns)] for y in range(self.lines)]


class Difference(NamedTuple):
    """Neighbouring cells of a row that are not as they are to be."""

    y: int
    x: int
    shown: str
    wanted: str
    why: str
    """What differs: text, or which attributes."""

    def __str__(self) -> str:
        return f"row {self.y}, column {self.x}: {self.shown!r} for {self.wanted!r} ({self.why})"


def differences(shown: list[list[Char]], wanted: list[list[Char]]) -> list[Difference]:
    """Where two screens of one size differ."""
    found: list[Difference] = []
    for y, (row, other) in enumerate(zip(shown, wanted, strict=True)):
        found += _of_row(y, row, other)
    return found


def drawn(text: str, columns: int, rows: int) -> list[list[Char]]:
    """The cells of an empty terminal after something was written on it."""
    screen = Cells(columns, rows)
    pyte.ByteStream(screen).feed(without_unknown(text.encode()))
    return screen.cells


def without_unknown(data: bytes) -> bytes:
    """Leave out the keyboard-protocol sequences that pyte would print as text."""
    for sequence in (b"\x1b[>25u", b"\x1b[<u", b"\x1b[?u"):
        data = data.replace(sequence, b"")
    return data


def _of_row(y: int, row: list[Char], other: list[Char]) -> Iterator[Difference]:
    pairs = list(zip(row, other, strict=True))
    for differs, run in groupby(range(len(pairs)), key=lambda x: pairs[x][0] != pairs[x][1]):
        if differs:
            columns = list(run)
            shown = "".join(pairs[x][0].data for x in columns)
            wanted = "".join(pairs[x][1].data for x in columns)
            yield Difference(y, columns[0], shown, wanted, _why(pairs[columns[0]]))


def _why(pair: tuple[Char, Char]) -> str:
    one, other = pair
    return ", ".join(
        f"{name} {getattr(one, name)!r} for {getattr(other, name)!r}"
        for name in one._fields
        if getattr(one, name) != getattr(other, name)
    )
