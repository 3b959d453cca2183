"""The column of a merged log that names the run of each line, in its colour."""

from collections.abc import Callable

from rich.cells import cell_len

from nodion_tui.monitor.merged.merged_entries import MergedEntries
from nodion_tui.monitor.merged.merged_source import MergedSource
from nodion_tui.ui.log.render.line_text import LineSegment, TextRole
from nodion_tui.ui.paint.styled_row import truncate

_HUES = (
    *(TextRole.RUN_1, TextRole.RUN_2, TextRole.RUN_3),
    *(TextRole.RUN_4, TextRole.RUN_5, TextRole.RUN_6),
)
_BORDER = LineSegment("│ ", role=TextRole.FAINT)
_WIDE_SCREEN = 100
"""Columns from which on names may be long."""
_NARROW_SCREEN = 60
"""Columns below which names leave the room to the text."""
_LONG, _SHORT, _SHORTEST = 24, 15, 9
"""Columns of a name, at most."""


class RunLabels:
    """Short names, padded to the longest of them; see `RowLabels`.

    Args:
        entries: know whose each line is.
        sources: returns the runs.
        columns: returns the columns of the log.
    """

    def __init__(
        self,
        entries: MergedEntries,
        sources: Callable[[], tuple[MergedSource, ...]],
        columns: Callable[[], int],
    ) -> None:
        self._entries = entries
        self._sources = sources
        self._columns = columns
        self._measured: tuple[int, int, int] = (0, -1, 0)

    @property
    def width(self) -> int:
        """Columns of every label, with the line after it."""
        return self._name_width + len(" │ ") if self._sources() else 0

    def label(self, index: int, row: int) -> tuple[LineSegment, ...]:
        """Name and line; the further rows of a line have the line alone."""
        width = self._name_width
        if row:
            return (LineSegment(" " * (width + 1)), _BORDER)
        source, _ = self._entries.source_of(index)
        name = short_name(source, width)
        padded = name + " " * (width + 1 - cell_len(name))
        return (LineSegment(padded, role=_HUES[source.number % len(_HUES)]), _BORDER)

    def is_late(self, index: int) -> bool:
        """Whether an entry came after entries below it."""
        return self._entries.source_of(index)[1].is_late

    @property
    def _name_width(self) -> int:
        sources, columns = self._sources(), self._columns()
        newest = id(sources[-1]) if sources else 0
        if self._measured[:2] != (newest, columns):
            longest = max((cell_len(source.name) for source in sources), default=0)
            self._measured = newest, columns, min(longest, _longest(columns))
        return self._measured[2]


def _longest(columns: int) -> int:
    if columns < _NARROW_SCREEN:
        return _SHORTEST
    return _LONG if columns >= _WIDE_SCREEN else _SHORT


def short_name(source: MergedSource, width: int) -> str:
    """Runner and beginning of the run's id: of a long name, the runner is cut."""
    if cell_len(source.name) <= width:
        return source.name
    runner, _, run = source.name.rpartition(" ")
    run = run[:4]
    return f"{truncate(runner, max(width - len(run) - 1, 1))} {run}"
