"""Curves as a table in the terminal and as an SVG plot."""

import math
from collections.abc import Callable, Iterator, Sequence
from html import escape
from pathlib import Path

from rich import box
from rich.table import Table
from rich.text import Text

from tests.bench.curves import Curve

_LEVELS = "▁▂▃▄▅▆▇█"
_COLORS = ("#1263b0", "#b8263a", "#1c7a45", "#8f5f00", "#6247c4", "#20262f")
_WIDTH, _HEIGHT, _LEFT, _RIGHT, _TOP, _BOTTOM = 960, 400, 80, 270, 50, 50
"""Pixels; the last four are margins, and the series are named in the right one."""


def plot(curve: Curve) -> Table:
    """A line for each series: its course, and its cost at each size."""
    table = Table(title=_title(curve), box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("")
    table.add_column("")
    for size in curve.sizes:
        table.add_column(f"{size:,}", justify="right", no_wrap=True)
    top = _top(curve)
    for name, costs in curve.series.items():
        course = "".join(_LEVELS[int(cost / top * (len(_LEVELS) - 1))] for cost in costs)
        table.add_row(Text(name), course, *(f"{cost:.3g}" for cost in costs))
    return table


def keep_svg(curves: Sequence[Curve], folder: Path) -> list[Path]:
    """Write an SVG of each curve; returns their paths."""
    folder.mkdir(exist_ok=True)
    files = []
    for curve in curves:
        files.append(folder / f"{'-'.join((*curve.unit.split(), curve.name))}.svg")
        files[-1].write_text(svg(curve), encoding="utf-8")
    return files


def svg(curve: Curve) -> str:
    """Sizes on a logarithmic x axis, cost on the y axis."""
    first, last = math.log(curve.sizes[0]), math.log(curve.sizes[-1])
    width, height, top = _WIDTH - _LEFT - _RIGHT, _HEIGHT - _TOP - _BOTTOM, _top(curve)

    def x(size: float) -> float:
        return round(_LEFT + width * (math.log(size) - first) / ((last - first) or 1), 1)

    def y(cost: float) -> float:
        return round(_HEIGHT - _BOTTOM - height * cost / top, 1)

    view, font = f"0 0 {_WIDTH} {_HEIGHT}", 'font-family="sans-serif" font-size="13"'
    parts = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{view}" {font}>',
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="white"/>',
        _text(_LEFT, _TOP / 2, f"nodion-tui: {_title(curve)}", "start"),
        *_grid(curve, x, y, top),
        *_lines(curve, x, y),
        "</svg>",
    )
    return "\n".join(parts) + "\n"


_Scale = Callable[[float], float]


def _grid(curve: Curve, x: _Scale, y: _Scale, top: float) -> Iterator[str]:
    for quarter in range(5):
        cost = top * quarter / 4
        yield (
            f'<path d="M{_LEFT} {y(cost)}H{_WIDTH - _RIGHT}" stroke="#dddddd" stroke-width="1"/>'
        )
        yield _text(_LEFT - 8, y(cost) + 4, f"{cost:.3g}", "end")
    for size in curve.sizes:
        yield _text(x(size), _HEIGHT - _BOTTOM / 2, f"{size:,}", "middle")


def _lines(curve: Curve, x: _Scale, y: _Scale) -> Iterator[str]:
    for number, (name, costs) in enumerate(curve.series.items()):
        color = _COLORS[number % len(_COLORS)]
        points = [(x(size), y(cost)) for size, cost in zip(curve.sizes, costs, strict=True)]
        path = " ".join(f"{left},{down}" for left, down in points)
        yield f'<polyline points="{path}" fill="none" stroke="{color}" stroke-width="2"/>'
        yield from (
            f'<circle cx="{left}" cy="{down}" r="3" fill="{color}"/>' for left, down in points
        )
        yield _text(_WIDTH - _RIGHT + 16, _TOP + 20 * number + 4, name, "start", color)


def _text(x: float, y: float, text: str, anchor: str, color: str = "#20262f") -> str:
    return f'<text x="{x}" y="{y}" text-anchor="{anchor}" fill="{color}">{escape(text)}</text>'


def _top(curve: Curve) -> float:
    return 1.1 * max(map(max, curve.series.values())) or 1.0


def _title(curve: Curve) -> str:
    return f"{curve.unit} by {curve.name}".strip()
