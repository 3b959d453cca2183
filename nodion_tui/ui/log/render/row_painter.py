"""Paints a row of a log as segments: border, sign, timestamp, text and highlights."""

from collections.abc import Iterable
from dataclasses import dataclass

from rich.segment import Segment
from rich.style import Style

from nodion_tui.ui.log.render.line_styles import LogStyles
from nodion_tui.ui.log.render.line_text import LineSegment, TextRole
from nodion_tui.ui.log.render.pen_style import pen_style

_LINE_COLOURED = frozenset({TextRole.TEXT, TextRole.LEVEL})
"""Roles that inherit the colour of their line."""

CURSOR_SIGN = "▌"
"""Sign of the row under the cursor."""
GAP_SIGN = "┄"
"""Sign of a row after omitted lines."""

_PLAIN = Style(bold=False)

_FRAME = 2
"""Columns of the border, left and right."""

PATTERN_SIGN = "•"
"""Sign of a line that a pattern of config.toml lights."""
LATE_SIGN = "↑"
"""Sign of a line that came after lines below it."""

CONTINUATION_SIGN = "·"
"""Sign of a continuation row where no timestamps are shown."""


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
    label: tuple[LineSegment, ...] = ()
    """What stands before the text where a log has the lines of many runs."""
    timestamp: str = ""
    """Padded to the width of its column; empty where timestamps are off."""
    sign: str = " "
    role: TextRole = TextRole.TEXT
    look: frozenset[str] = frozenset()
    """Words of a pattern's look."""
    is_cursor: bool = False
    highlights: tuple[Highlight, ...] = ()
    left_border: str = "│"
    right_border: str = "│"


def paint_row(row: LogRow, width: int, styles: LogStyles) -> list[Segment]:
    """Paint a row, exactly `width` columns wide.

    Returns a plain list, as every intermediate Textual strip would have its own caches.
    """
    base = styles.base + styles.cursor if row.is_cursor else styles.base
    gutter = [Segment(row.sign, base + _sign_style(row.sign, styles))]
    if row.timestamp:
        gutter.append(Segment(f"{row.timestamp} ", base + styles.timestamp))
    gutter += [Segment(segment.text, base + styles.roles[segment.role]) for segment in row.label]
    body = _highlight(list(_segments(row, base, styles)), row.highlights)
    inner = Segment.adjust_line_length([*gutter, *body], max(width - 2, 0), style=base)
    painted = [
        Segment(row.left_border, styles.base + styles.frame),
        *Segment.simplify(inner),
        Segment(
            row.right_border,
            styles.base + (styles.thumb if row.right_border != "│" else styles.frame),
        ),
    ]
    return painted[: max(width, 0)] if width < _FRAME else painted


def _sign_style(sign: str, styles: LogStyles) -> Style:
    if sign == CURSOR_SIGN:
        return styles.cursor_sign
    return styles.timestamp if sign in {GAP_SIGN, CONTINUATION_SIGN} else styles.sign


def _segments(row: LogRow, base: Style, styles: LogStyles) -> Iterable[Segment]:
    look = styles.look(row.look)
    for segment in row.segments:
        style = base + styles.roles[segment.role] + pen_style(segment.pen)
        if segment.role in _LINE_COLOURED and not any(segment.pen):
            style += styles.roles[row.role]
        if segment.role is TextRole.LEVEL and row.role is TextRole.TEXT:
            style += _PLAIN  # What stands out is the level of what went wrong.
        yield Segment(segment.text, style + look)


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
