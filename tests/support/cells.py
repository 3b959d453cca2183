"""Cells of a terminal: text, colors and attributes; and differences between two screens."""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple

import pyte
from pyte.modes import IRM
from pyte.screens import Char

_BLANK = Char(" ")
_DIM, _NORMAL, _RESET = 2, 22, 0
_STYLE = re.compile(r"\x1b\[([0-9;]{0,60})m")
_STYLES: dict[tuple[Char, tuple[int, ...]], Char] = {}
"""Style and attributes → the style after them."""


class Cells(pyte.Screen):
    """A pyte screen that also records dim text (SGR 2), as `blink`, which we never use.

    Styles and cells are computed once, as pyte's copy of a style for each cell is slow.
    """

    def draw(self, data: str) -> None:
        """Pyte: write text at the cursor; plain text that fits into the row takes a short way."""
        cursor = self.cursor
        end = cursor.x + len(data)
        if end > self.columns or IRM in self.mode or not (data.isascii() and data.isprintable()):
            super().draw(data)
            return
        charset = self.g1_charset if self.charset else self.g0_charset
        cells = (_cell(character, cursor.attrs) for character in data.translate(charset))
        self.buffer[cursor.y].update(zip(range(cursor.x, end), cells, strict=True))
        self.dirty.add(cursor.y)
        cursor.x = end

    def select_graphic_rendition(self, *attributes: int, **named: object) -> None:
        """Pyte: set colors and attributes for the following text."""
        before = self.cursor.attrs
        after = None if named else _STYLES.get((before, attributes))
        if after is None:
            self._change_style(*attributes, **named)
            if not named:
                _STYLES[before, attributes] = self.cursor.attrs
        else:
            self.cursor.attrs = after

    def _change_style(self, *attributes: int, **named: object) -> None:
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


class CellStream(pyte.Stream):
    """Feeds a screen; styles, which are most of what Rich writes, are not parsed by character."""

    def feed(self, data: str) -> None:
        """Pyte: send text and sequences to the screen."""
        start = 0
        for style in _STYLE.finditer(data):
            super().feed(data[start : style.start()])
            start = style.end()
            if self._taking_plain_text and self.listener is not None:
                numbers = style[1].split(";")
                self.listener.select_graphic_rendition(*(int(each or 0) for each in numbers))
            else:  # It is a part of another sequence.
                super().feed(style[0])
        super().feed(data[start:])


class CellByteStream(pyte.ByteStream, CellStream):  # type: ignore[misc]  # bytes become text
    """The same for bytes, which may arrive in any parts."""


@lru_cache(10_000)
def _cell(character: str, style: Char) -> Char:
    return style._replace(data=character)


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
    CellStream(screen).feed(without_unknown(text.encode()).decode())
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
