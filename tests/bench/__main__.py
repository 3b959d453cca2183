"""All performance targets, measured side by side with peers: `python -m tests.bench`.

Prints a table, plots how cost grows with size, and saves both in tests/bench/results/: JSON, and an
SVG for each curve. Ratios within one run are decisive, as machines differ.

Seconds and milliseconds count the wait for a core that another program has, unless the line says
"CPU" or "less waiting for a core": on a busy machine look at these.

Limits in ms and in % of a core hold on the machine on which they were set. "at pace" holds with the
time of one Static's first paint just before the row, over its time there, which is the pace.

    python -m tests.bench --quick            small sizes, few rounds: some ten minutes
    python -m tests.bench --only P5,P12      some of the rows; C are the curves
"""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace

from rich.console import Console

from tests.bench import plots, record, scaling
from tests.bench.curves import ROW as CURVES
from tests.bench.curves import Curve
from tests.bench.measure import Effort, Measure
from tests.bench.pace import pace
from tests.bench.places import FOLDER
from tests.bench.registry import ROWS
from tests.bench.table import console, table


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print and save; 1 if a target is missed or a row cannot be measured."""
    chosen = _parse(arguments)
    effort = Effort(chosen.rounds or (2 if chosen.quick else 5), chosen.quick)
    shown = console()
    measures: list[Measure] = []
    for row in chosen.only:
        if row in ROWS:
            measures += _measured(row, effort, shown)
    curves = _curves(effort, shown) if CURVES in chosen.only else []
    measures += [measure for curve in curves for measure in curve.measures()]
    if len(chosen.only) > 1 or curves:
        shown.print(table(measures))
    shown.print(f"kept in {record.keep(measures, curves, effort)}")
    return int(any(measure.verdict not in {"holds", "at pace", "told"} for measure in measures))


def _measured(row: str, effort: Effort, shown: Console) -> list[Measure]:
    """Report the failure of a row and continue with the others."""
    slow = pace()
    shown.print(f"{row} … pace {slow:.2f}")
    try:
        measures = [replace(each, pace=slow) for each in ROWS[row](effort)]
    except (AssertionError, OSError) as failure:
        shown.print(f"{row}: {failure}", style="red", markup=False)
        return [Measure(row, "could not be measured", "", (), missing="failed")]
    shown.print(table(measures))
    return measures


def _curves(effort: Effort, shown: Console) -> list[Curve]:
    shown.print(f"{CURVES} …")
    curves: list[Curve] = []
    try:
        for curve in scaling.curves(effort):
            curves.append(curve)
            shown.print(plots.plot(curve))
    except (AssertionError, OSError) as failure:  # The curves before it stay.
        shown.print(f"{CURVES}: {failure}", style="red", markup=False)
    for file in plots.keep_svg(curves, FOLDER):
        shown.print(f"drawn in {file}")
    return curves


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    every = [*ROWS, CURVES]
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--quick", action="store_true", help="small sizes, two rounds")
    parser.add_argument("--rounds", type=int, help="5, with --quick 2")
    parser.add_argument(
        "--only",
        type=lambda text: text.split(","),
        default=every,
        help=f"some of {','.join(every)}",
    )
    chosen = parser.parse_args(arguments)
    if unknown := set(chosen.only) - set(every):
        parser.error(f"there is no {', '.join(sorted(unknown))}; there are {', '.join(every)}")
    return chosen


if __name__ == "__main__":
    sys.exit(main())
