"""How cost grows with what there is: it must not. What is visible and what is new may cost.

Each curve is measured in both ways: calls of the product's functions, which are the same on every
machine, and time of a core, which counts what C code and Textual do as well.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tests.bench.measure import Measure, Target

ROW = "C"
MS_CPU = "ms CPU"
FLAT = Target(1.2)
"""Cost at the largest size over that at the base."""
_TOLD_APART = 0.5
"""Milliseconds; what takes less is lost in what painting nothing takes, and counts as this."""


@dataclass(frozen=True)
class Curve:
    """What some things cost, by size."""

    name: str
    """Of what there is more and more, such as `lines`."""
    unit: str
    """Of the cost."""
    sizes: Sequence[int]
    series: Mapping[str, Sequence[float]]
    """The things by name, each with a cost for every size."""
    base: int | None = None
    """The size from which on the cost is to be the same, for then the screen is full and what is
    kept short is long; None where it may grow."""

    def as_json(self) -> dict[str, Any]:
        """All that is known of it."""
        return {
            "name": self.name,
            "unit": self.unit,
            "sizes": list(self.sizes),
            "series": {name: list(costs) for name, costs in self.series.items()},
        }

    def measures(self) -> list[Measure]:
        """The end of the curve against the size from which on it is to be flat."""
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
