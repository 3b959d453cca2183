"""The column of a merged log that names the run of each line, in its colour."""

from collections.abc import Callable, Collection, Mapping

from rich.cells import cell_len

from nodion_tui.monitor.merged.merged_entries import MergedEntries
from nodion_tui.monitor.merged.merged_source import MergedSource
from nodion_tui.ui.log.render.line_text import LineSegment, TextRole
from nodion_tui.ui.paint.styled_row import truncate, truncate_middle

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
_ID_COLUMNS = 4
"""Columns of the id in a name that is cut."""
_LEAST_RUNNER = 4
"""Columns of a runner, at least, beside a profile that alone tells the names apart."""
_BETWEEN = "·"
"""Stands between runner and profile in a name that is cut."""


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
        self._names: Mapping[str, str] = {}
        """Name of a run → what has room of it."""

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
        name = self._names[source.name]
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
            width = min(longest, _longest(columns))
            self._measured = newest, columns, width
            self._names = short_names([source.name for source in sources], width)
        return self._measured[2]


def _longest(columns: int) -> int:
    if columns < _NARROW_SCREEN:
        return _SHORTEST
    return _LONG if columns >= _WIDE_SCREEN else _SHORT


def short_names(names: Collection[str], width: int) -> Mapping[str, str]:
    """Each name within a width: of a long one, that is kept which tells it from the others.

    A name is runner, profile where there are several, and id: `Backup (staging) 804ae21e`. The id
    is cut to four characters, a profile that is everybody's is left out.
    """
    parts = {name: _parts(name) for name in names}
    runners = {runner for runner, _, _ in parts.values()}
    profiles = {profile for _, profile, _ in parts.values()}
    room = max(width - _ID_COLUMNS - 1, 1)
    profile_room = 0
    if len(profiles) > 1:
        longest = max(map(cell_len, profiles))
        # Equal runners tell nothing apart: what of them is read anyway is their beginning.
        least = _LEAST_RUNNER if len(runners) == 1 else room // 2
        profile_room = min(longest, max(room - least - len(_BETWEEN), room // 2))
    has_profile_only = len(runners) == 1 and 0 < room - profile_room < _LEAST_RUNNER
    runner_room = room - profile_room - (len(_BETWEEN) if profile_room else 0)
    runner_cuts = _distinct_cuts(runners, runner_room)
    profile_cuts = _distinct_cuts(profiles, room if has_profile_only else profile_room)
    return {
        name: name
        if cell_len(name) <= width
        else _joined(
            "" if has_profile_only and profile else runner_cuts[runner],
            profile_cuts[profile] if profile_room else "",
            run[:_ID_COLUMNS],
        )
        for name, (runner, profile, run) in parts.items()
    }


def _parts(name: str) -> tuple[str, str, str]:
    """Runner, profile or nothing, and id of a name."""
    rest, _, run = name.rpartition(" ")
    runner, bracket, profile = rest.rpartition(" (")
    return (runner, profile.removesuffix(")"), run) if bracket else (rest, "", run)


def _joined(runner: str, profile: str, run: str) -> str:
    return f"{_BETWEEN.join(filter(None, (runner, profile)))} {run}"


def _distinct_cuts(texts: Collection[str], columns: int) -> Mapping[str, str]:
    """Each text within the columns, cut where the results differ, if there is such a place."""
    for cut in (truncate, truncate_middle):
        cuts = {text: cut(text, columns) for text in texts}
        if len({*cuts.values()}) == len(cuts):
            return cuts
    return {text: truncate(text, columns) for text in texts}
