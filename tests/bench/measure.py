"""Results of benchmarks: paired measurements, and targets of their ratios."""

import statistics
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

T = TypeVar("T")

LIMIT = "limit"
"""Peer name of measurements with an absolute limit."""
_PACED_UNITS = frozenset({"ms", "% CPU"})
"""Units of limits that a slower machine misses for that alone."""


@dataclass(frozen=True, slots=True)
class Effort:
    """Effort of a benchmark."""

    rounds: int
    quick: bool

    def of(self, full: int, quick: int) -> int:
        """The size for the full or the quick benchmark."""
        return quick if self.quick else full

    @property
    def each(self) -> range:
        """One number per round."""
        return range(self.rounds)


@dataclass(frozen=True, slots=True)
class Target:
    """Target of the ratio of ours to the peer."""

    limit: float
    at_least: bool = False

    def holds(self, ratio: float) -> bool:
        """Whether a ratio meets the target."""
        return ratio >= self.limit if self.at_least else ratio <= self.limit

    def __str__(self) -> str:
        return f"{'≥' if self.at_least else '≤'} {self.limit:g}"


@dataclass(frozen=True, slots=True)
class Measure:
    """A line of the table."""

    row: str
    """Id of the target, such as P3."""
    what: str
    unit: str
    ours: Sequence[float]
    """One value per round."""
    peer: Sequence[float] = ()
    """Values of the peer in the same rounds; empty without a peer."""
    against: str = LIMIT
    """Name of the peer."""
    target: Target | None = None
    """None: informational."""
    missing: str = ""
    """Why values of ours or of the peer are missing."""
    pace: float = 1.0
    """How slow the machine was, see `pace`; for limits of time."""

    @property
    def ratio(self) -> float | None:
        """Ratio of the medians."""
        if not self.ours or not self.peer or not (peer := statistics.median(self.peer)):
            return None
        return statistics.median(self.ours) / peer

    @property
    def verdict(self) -> str:
        """`holds`, `misses`, or why it is unknown; `at pace`: holds for a machine this slow."""
        if self.missing:
            return self.missing
        if self.target is None or self.ratio is None:
            return "told"
        if self.target.holds(self.ratio):
            return "holds"
        is_paced = self.against == LIMIT and self.unit in _PACED_UNITS
        return "at pace" if is_paced and self.target.holds(self.ratio / self.pace) else "misses"

    def as_json(self) -> dict[str, Any]:
        """The data as JSON."""
        return {
            "row": self.row,
            "what": self.what,
            "unit": self.unit,
            "ours": list(self.ours),
            "peer": list(self.peer),
            "against": self.against,
            "ratio": self.ratio,
            "target": str(self.target) if self.target else None,
            "pace": self.pace,
            "verdict": self.verdict,
        }


def at_most(row: str, what: str, unit: str, ours: Sequence[float], limit: float) -> Measure:
    """A measurement with an absolute limit."""
    return Measure(row, what, unit, ours, (limit,), target=Target(1.0))


def told(row: str, what: str, unit: str, ours: Sequence[float]) -> Measure:
    """A measurement without a target."""
    return Measure(row, what, unit, ours)


def interleaved(effort: Effort, *acts: Callable[[], T]) -> list[list[T]]:
    """Results of each function in every round; the order alternates."""
    gathered: list[list[T]] = [[] for _ in acts]
    for turn in effort.each:
        for place in _turned(len(acts), turn):
            gathered[place].append(acts[place]())
    return gathered


def _turned(count: int, turn: int) -> Iterator[int]:
    return ((place + turn) % count for place in range(count))


def worst_of_a_hundred(figures: Sequence[float]) -> float:
    """The 99th percentile."""
    return statistics.quantiles(figures, n=100)[98]


def worst_of_twenty(figures: Sequence[float]) -> float:
    """The 95th percentile; of fewer than twenty figures the worst."""
    return statistics.quantiles(figures, n=20)[18] if len(figures) >= 20 else max(figures)
