"""Growth of cost with the amount of data, which must be flat: only visible and new data may cost.

Each curve is measured twice: calls of the product's functions, which are the same on every machine,
and CPU time, which includes C code and Textual.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tests.bench.measure import Measure, Target

ROW = "C"
MS_CPU = "ms CPU"
FLAT = Target(1.2)
"""Ratio of the cost at the largest size to that at the base."""
_TOLD_APART = 0.5
"""Milliseconds; smaller costs are lost in the noise of an empty paint, and count as this."""


@dataclass(frozen=True)
class Curve:
    """Costs of some operations, by size."""

    name: str
    """What the size counts, such as `lines`."""
    unit: str
    """Unit of the cost."""
    sizes: Sequence[int]
    series: Mapping[str, Sequence[float]]
    """The operations by name, each with a cost for every size."""
    base: int | None = None
    """The size from which on the cost must be flat, as the screen and all bounded lists are full;
    None if it may grow."""

    def as_json(self) -> dict[str, Any]:
        """The data as JSON."""
        return {
            "name": self.name,
            "unit": self.unit,
            "sizes": list(self.sizes),
            "series": {name: list(costs) for name, costs in self.series.items()},
        }

    def measures(self) -> list[Measure]:
        """Ratio of the last cost to that at the size from which on it must be flat."""
        large, first = self.sizes[-1], self.sizes.index(self.base or self.sizes[0])
        least = _TOLD_APART if self.unit == MS_CPU else 0.0
        return [
            Measure(
                ROW,
                f"{what} at {large:,} {self.name}",
                self.unit,
                (max(costs[-1], least),),
                (max(costs[first], least),),
                f"at {self.sizes[first]:,}",
                FLAT if self.base else None,
            )
            for what, costs in self.series.items()
        ]
