"""Paints a row of a log as segments: border, sign, timestamp, text and highlights."""

from collections.abc import Iterable
from dataclasses import dataclass

from rich.segment import Segment
from rich.style import Style

from nodion_tui.ui.log.render.line_styles import LogStyles, translate_signs
from nodion_tui.ui.log.render.line_text import LineSegment, TextRole
from nodion_tui.ui.log.render.sgr import pen_style

_LINE_COLOURED = frozenset({TextRole.TEXT, TextRole.LEVEL})
"""Roles that inherit the colour of their line."""

GAP_SIGN = "┄"
"""Sign of a row after omitted lines."""

_FRAME = 2
"""Columns of the border, left and right."""

CONTINUATION_SIGN = "·"
"""Sign of a continuation row where no timestamps are shown."""

_OWN_TEXT = frozenset({TextRole.NOTE, TextRole.BAD_END, TextRole.FAINT})
"""Roles of the program's own text."""


@dataclass(frozen=True, slots=True)
class Highlight:
    """Highlighted columns of a row's text."""

    start: int
    stop: int
    style: Style


@dataclass(frozen=True, slots=True, kw_only=True)
class LogRow:
    """Everything that determines how a row looks; equal rows are painted once."""

    segments: tuple[LineSegment, ...]
    timestamp: str = ""
    """Padded to the width of its column; empty where timestamps are off."""
    sign: str = " "
    role: TextRole = TextRole.TEXT
    is_cursor: bool = False
    highlights: tuple[Highlight, ...] = ()
    left_border: str = "│"
    right_border: str = "│"


def paint_row(row: LogRow, width: int, styles: LogStyles) -> list[Segment]:
    """Paint a row, exactly `width` columns wide.

    Returns a plain list, as every intermediate Textual strip would have its own caches.
    """
    base = styles.base + styles.cursor if row.is_cursor else styles.base
    ascii_only = styles.ascii_only
    gutter = [
        Segment(
            translate_signs(row.sign, ascii_only=ascii_only),
            base + (styles.timestamp if row.sign in {GAP_SIGN, CONTINUATION_SIGN} else styles.sign),
        )
    ]
    if row.timestamp:
        gutter.append(Segment(f"{row.timestamp} ", base + styles.timestamp))
    body = _highlight(list(_segments(row, base, styles)), row.highlights)
    inner = Segment.adjust_line_length([*gutter, *body], max(width - 2, 0), style=base)
    painted = [
        Segment(
            translate_signs(row.left_border, ascii_only=ascii_only), styles.base + styles.frame
        ),
        *Segment.simplify(inner),
        Segment(
            translate_signs(row.right_border, ascii_only=ascii_only),
            styles.base + (styles.thumb if row.right_border != "│" else styles.frame),
        ),
    ]
    return painted[: max(width, 0)] if width < _FRAME else painted


def _segments(row: LogRow, base: Style, styles: LogStyles) -> Iterable[Segment]:
    for segment in row.segments:
        style = base + styles.roles[segment.role] + pen_style(segment.pen)
        if segment.role in _LINE_COLOURED and not any(segment.pen):
            style += styles.roles[row.role]
        ascii_text = styles.ascii_only and segment.role in _OWN_TEXT
        yield Segment(translate_signs(segment.text, ascii_only=ascii_text), style)


def _highlight(segments: list[Segment], highlights: tuple[Highlight, ...]) -> list[Segment]:
    for highlight in highlights:
        total = sum(segment.cell_length for segment in segments)
        stop = min(highlight.stop, total)
        if highlight.start < stop:
            cuts = [highlight.start, stop, total]
            before, within, *after = Segment.divide(segments, cuts)
            highlighted = Segment.apply_style(within, post_style=highlight.style)
            segments = [*before, *highlighted, *(part for rest in after for part in rest)]
    return segments
