"""A row of a log as segments: frame, sign, time, text, and what is lit in it."""

from collections.abc import Iterable
from dataclasses import dataclass

from rich.segment import Segment
from rich.style import Style

from nodion_tui.ui.log.render.line_styles import LogStyles, sign
from nodion_tui.ui.log.render.line_text import LineSegment, TextRole
from nodion_tui.ui.log.render.sgr import pen_style

_OF_THE_LINE = frozenset({TextRole.TEXT, TextRole.LEVEL})
"""Roles that take on the colour of their line."""

GAP = "┄"
"""The sign of a row before which lines are left out."""

_FRAME = 2
"""Columns that the frame takes."""

SAME = "·"
"""The sign of a row that goes on with the line above, where no missing time tells so."""

_OURS = frozenset({TextRole.NOTE, TextRole.BAD_END, TextRole.FAINT})
"""Roles of what we say ourselves."""


@dataclass(frozen=True, slots=True)
class Highlight:
    """Columns of a row's text that are lit."""

    start: int
    stop: int
    style: Style


@dataclass(frozen=True, slots=True, kw_only=True)
class LogRow:
    """All that decides how a row looks; equal rows are painted once."""

    pieces: tuple[LineSegment, ...]
    stamp: str = ""
    """Padded to the width of its column; empty where times are off."""
    sign: str = " "
    role: TextRole = TextRole.TEXT
    cursor: bool = False
    lit: tuple[Highlight, ...] = ()
    left: str = "│"
    right: str = "│"


def paint(row: LogRow, width: int, look: LogStyles) -> list[Segment]:
    """The row, exactly `width` columns wide.

    A plain list, for each of Textual's strips along the way would have caches of its own.
    """
    base = look.base + look.cursor if row.cursor else look.base
    only = look.ascii_only
    gutter = [
        Segment(
            sign(row.sign, ascii_only=only),
            base + (look.stamp if row.sign in {GAP, SAME} else look.sign),
        )
    ]
    if row.stamp:
        gutter.append(Segment(f"{row.stamp} ", base + look.stamp))
    body = _light(list(_segments(row, base, look)), row.lit)
    inner = Segment.adjust_line_length([*gutter, *body], max(width - 2, 0), style=base)
    painted = [
        Segment(sign(row.left, ascii_only=only), look.base + look.frame),
        *Segment.simplify(inner),
        Segment(
            sign(row.right, ascii_only=only),
            look.base + (look.thumb if row.right != "│" else look.frame),
        ),
    ]
    return painted[: max(width, 0)] if width < _FRAME else painted


def _segments(row: LogRow, base: Style, look: LogStyles) -> Iterable[Segment]:
    for piece in row.pieces:
        style = base + look.roles[piece.role] + pen_style(piece.pen)
        if piece.role in _OF_THE_LINE and not any(piece.pen):
            style += look.roles[row.role]
        ours = look.ascii_only and piece.role in _OURS
        yield Segment(sign(piece.text, ascii_only=ours), style)


def _light(segments: list[Segment], lit: tuple[Highlight, ...]) -> list[Segment]:
    for light in lit:
        total = sum(segment.cell_length for segment in segments)
        stop = min(light.stop, total)
        if light.start < stop:
            cuts = [light.start, stop, total]
            before, within, *after = Segment.divide(segments, cuts)
            lit_up = Segment.apply_style(within, post_style=light.style)
            segments = [*before, *lit_up, *(part for rest in after for part in rest)]
    return segments
