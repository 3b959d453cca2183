"""Plots of the curves: in the terminal, and as SVG."""

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.text import Text
from textual_plotext.plot import Plot

from tests.bench.curves import Curve

_WIDTH, _HEIGHT = 96, 18


def plot(curve: Curve) -> Text:
    """Sizes on a logarithmic x axis, cost on the y axis."""
    drawn: Any = Plot()  # plotext has no types
    drawn.plotsize(_WIDTH, _HEIGHT)
    drawn.theme("pro")
    drawn.xscale("log")
    drawn.ylim(0, 1.1 * max(max(costs) for costs in curve.series.values()))
    for name, costs in curve.series.items():
        drawn.plot(curve.sizes, costs, marker="braille", label=name)
    drawn.xticks(curve.sizes, [f"{size:,}" for size in curve.sizes])
    drawn.title(_title(curve))
    return Text.from_ansi(drawn.build())


def keep_svg(curves: Sequence[Curve], folder: Path) -> list[Path]:
    """Write an SVG of each curve; returns their paths."""
    folder.mkdir(exist_ok=True)
    files = []
    for curve in curves:
        console = Console(record=True, width=_WIDTH, file=io.StringIO())
        console.print(plot(curve))
        files.append(folder / f"{'-'.join((*curve.unit.split(), curve.name))}.svg")
        console.save_svg(str(files[-1]), title=f"nodion-tui: {_title(curve)}")
    return files


def _title(curve: Curve) -> str:
    return f"{curve.unit} by {curve.name}".strip()
