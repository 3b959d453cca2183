"""Prints the table of a benchmark."""

import statistics
from collections.abc import Iterable, Sequence

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from tests.bench.measure import Measure

_LOOKS = {"holds": "green", "at pace": "green", "misses": "bold red", "told": "dim"}
_WIDTH = 150
"""Width if the output is not a terminal."""


def console() -> Console:
    """Console for tables and plots."""
    shown = Console(highlight=False)
    return shown if shown.is_terminal else Console(highlight=False, width=_WIDTH)


def table(measures: Iterable[Measure]) -> Table:
    """A table with one line per measurement."""
    made = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    made.add_column("row")
    made.add_column("what", ratio=1)
    for name in ("median", "spread", "against", "its median", "ratio", "target"):
        made.add_column(name, justify="right", no_wrap=True)
    made.add_column("verdict")
    for each in measures:
        made.add_row(*_cells(each))
    return made


def _cells(measure: Measure) -> Sequence[str | Text]:
    ratio = measure.ratio
    return (
        measure.row,
        Text(measure.what),
        f"{_median(measure.ours)} {measure.unit}",
        _spread(measure.ours),
        measure.against if measure.peer else "",
        _median(measure.peer),
        "" if ratio is None else f"{ratio:.3g}",
        "" if measure.target is None else str(measure.target),
        Text(measure.verdict, _LOOKS.get(measure.verdict, "yellow")),
    )


def _median(figures: Sequence[float]) -> str:
    return _short(statistics.median(figures)) if figures else ""


def _spread(figures: Sequence[float]) -> str:
    if len(figures) < 2:
        return ""
    return f"{_short(min(figures))}–{_short(max(figures))}"


def _short(figure: float) -> str:
    return f"{figure:,.0f}" if abs(figure) >= 1000 else f"{figure:.3g}"
