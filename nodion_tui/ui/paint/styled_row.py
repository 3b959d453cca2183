"""Rows of a screen as values: texts with looks, cut to a width, compared by column."""

from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from rich.cells import cell_len, chop_cells, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip


class StyledText(NamedTuple):
    """A text of one look."""

    text: str
    style: str = ""
    """A component class of the widget that shows it; empty: the widget's own style."""


StyledRow = tuple[StyledText, ...]


class FittedRow(NamedTuple):
    """All that decides how a row of the screen looks; equal lines look the same."""

    pieces: StyledRow
    under: tuple[str, ...] = ()
    """Looks that lie under those of all pieces, such as that of the cursor."""


def text_width(text: str) -> int:
    """Columns that a visible text takes.

    Rich keeps thousands of texts and their widths; times and ages are new each second.
    """
    return len(text) if text.isascii() else cell_len(text)


def row_width(row: Iterable[StyledText]) -> int:
    """Columns that a row takes."""
    return sum(text_width(piece.text) for piece in row)


def truncate(text: str, columns: int, sign: str = "…") -> str:
    """The text in at most so many columns; `sign` stands where something was cut away."""
    if len(text) <= columns and text_width(text) <= columns:
        return text
    if columns <= 0:
        return ""
    return set_cell_size(text, columns - 1).rstrip() + sign


def pad(text: str, columns: int, *, right: bool = False, ellipsis: str = "…") -> str:
    """The text in exactly so many columns, at their left or right end."""
    short = truncate(text, columns, ellipsis)
    space = " " * (columns - text_width(short))
    return space + short if right else short + space


def fit_row(row: Iterable[StyledText], columns: int) -> StyledRow:
    """The row in exactly so many columns: cropped, or filled with spaces."""
    fitted: list[StyledText] = []
    left = columns
    for piece in row:
        size = text_width(piece.text)
        if size > left:
            fitted.append(StyledText(set_cell_size(piece.text, left), piece.style))
            return tuple(fitted)
        fitted.append(piece)
        left -= size
    if left:
        fitted.append(StyledText(" " * left))
    return tuple(fitted)


def wrap_row(row: Iterable[StyledText], columns: int) -> Iterable[StyledRow]:
    """The row on as many lines as it takes, broken at words where that is possible."""
    lines: list[list[StyledText]] = [[]]
    left = columns
    for text, look in row:
        for word in _words(text, columns):
            kept = word
            if text_width(word) > left and lines[-1]:
                lines.append([])
                left, kept = columns, word.lstrip(" ")
            lines[-1].append(StyledText(kept, look))
            left -= text_width(kept)
    return map(tuple, lines)


def changed(old: FittedRow, new: FittedRow) -> tuple[int, int] | None:
    """The columns from the first difference to the last, of lines of one width; None if alike."""
    if old == new:
        return None
    if old.under != new.under:
        return 0, max(row_width(old.pieces), row_width(new.pieces))
    return _changed(old.pieces, new.pieces)


def to_strip(line: FittedRow, style_of: Callable[..., Style]) -> Strip:
    """The line as a strip of the screen; neighbours of one look become one segment.

    Args:
        line: what to paint.
        style_of: gives the style of looks that lie on each other, the lowest first.
    """
    return Strip(
        [
            Segment("".join(piece.text for piece in pieces), style_of(*line.under, look))
            for look, pieces in groupby(line.pieces, key=itemgetter(1))
        ],
        row_width(line.pieces),
    )


def _changed(old: StyledRow, new: StyledRow) -> tuple[int, int] | None:
    alike = _alike(old, new)
    left = row_width(new[:alike])
    before, after = _cells(old[alike:]), _cells(new[alike:])
    if len(before) != len(after):
        return 0, left + max(len(before), len(after))
    pairs = zip(before, after, strict=True)
    different = [column for column, (one, other) in enumerate(pairs, left) if one != other]
    return (different[0], different[-1] + 1) if different else None


def _words(text: str, columns: int) -> Iterator[str]:
    """The words, each with the space before it; what is longer than a line is chopped."""
    for number, word in enumerate(text.split(" ")):
        if text_width(word) <= columns:
            yield f" {word}" if number else word
        else:
            yield from _chopped(word, columns)


def _chopped(word: str, columns: int) -> Iterator[str]:
    """A long word in parts: an id or a path breaks at its signs where they are near the edge."""
    while text_width(word) > columns and len(word) > 1:
        # A character that is wider than the line stands alone, to be cropped.
        part = next(iter(chop_cells(word, columns)), "") or word[0]
        ends = (end for end in range(len(part), len(part) // 2, -1))
        end = next(
            (end for end in ends if word[end - 1] in "-/_" or word[end:][:1] == "-"), len(part)
        )
        yield word[:end]
        word = word[end:]
    yield word


def _alike(old: StyledRow, new: StyledRow) -> int:
    """How many pieces at the start need no look: all that are alike but the last with a column.

    A combining mark that is different may stand in its last one.
    """
    last = 0
    for place, (one, other) in enumerate(zip(old, new, strict=False)):
        if one != other:
            break
        last = place if text_width(one.text) else last
    return last


def _cells(row: StyledRow) -> list[tuple[str, str]]:
    """Each column's text and look; of a wide character the second column's text is empty."""
    cells: list[tuple[str, str]] = []
    for text, look in row:
        if text.isascii():
            cells.extend((character, look) for character in text)
            continue
        for character in text:
            size = text_width(character)
            if size:
                cells += [(character, look), ("", look)][:size]
            elif cells:
                cells[-1] = (cells[-1][0] + character, look)
    return cells
