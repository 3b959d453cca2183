"""What a benchmark brings: figures side by side, and their ratio against the target."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Measure:
    """One row of the table."""

    number: str
    """Of the target, such as P3."""
    what: str
    ours: Sequence[float]
    """One figure a round."""
    peer: Sequence[float]
    """What it is measured against, in the same rounds."""
    unit: str
    target: str
    """The ratio that is wanted, such as `≤ 1.0`."""

    @property
    def ratio(self) -> float:
        """Median over median."""
        return statistics.median(self.ours) / statistics.median(self.peer)

    def __str__(self) -> str:
        ours, peer = statistics.median(self.ours), statistics.median(self.peer)
        spread = f"{min(self.ours):,.3g}–{max(self.ours):,.3g}"
        return (
            f"{self.number:4} {self.what:58} {ours:>12,.4g} {peer:>12,.4g} {self.unit:8}"
            f" ratio {self.ratio:6.3f}  target {self.target:6}  spread {spread}"
        )


def show(measures: Sequence[Measure]) -> None:
    """Print a table."""
    for measure in measures:
        print(measure)
