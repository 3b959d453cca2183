"""A row of a log as segments: frame, sign, time, text, and what is lit in it."""

from collections.abc import Iterable
from dataclasses import dataclass

from rich.segment import Segment
from rich.style import Style

from nodion_tui.ui.log.render.line_styles import Look, sign
from nodion_tui.ui.log.render.line_text import Piece, Role
from nodion_tui.ui.log.render.sgr import style_of

_OF_THE_LINE = frozenset({Role.TEXT, Role.LEVEL})
"""Roles that take on the colour of their line."""

GAP = "┄"
"""The sign of a row before which lines are left out."""

_FRAME = 2
"""Columns that the frame takes."""

SAME = "·"
"""The sign of a row that goes on with the line above, where no missing time tells so."""

_OURS = frozenset({Role.NOTE, Role.BAD_END, Role.FAINT})
"""Roles of what we say ourselves."""


@dataclass(frozen=True, slots=True)
class Lit:
    """Columns of a row's text that are lit."""

    start: int
    stop: int
    style: Style


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """All that decides how a row looks; equal rows are painted once."""

    pieces: tuple[Piece, ...]
    stamp: str = ""
    """Padded to the width of its column; empty where times are off."""
    sign: str = " "
    role: Role = Role.TEXT
    cursor: bool = False
    lit: tuple[Lit, ...] = ()
    left: str = "│"
    right: str = "│"


def paint(row: Row, width: int, look: Look) -> list[Segment]:
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


def _segments(row: Row, base: Style, look: Look) -> Iterable[Segment]:
    for piece in row.pieces:
        style = base + look.roles[piece.role] + style_of(piece.pen)
        if piece.role in _OF_THE_LINE and not any(piece.pen):
            style += look.roles[row.role]
        ours = look.ascii_only and piece.role in _OURS
        yield Segment(sign(piece.text, ascii_only=ours), style)


def _light(segments: list[Segment], lit: tuple[Lit, ...]) -> list[Segment]:
    for light in lit:
        total = sum(segment.cell_length for segment in segments)
        stop = min(light.stop, total)
        if light.start < stop:
            cuts = [light.start, stop, total]
            before, within, *after = Segment.divide(segments, cuts)
            lit_up = Segment.apply_style(within, post_style=light.style)
            segments = [*before, *lit_up, *(part for rest in after for part in rest)]
    return segments
