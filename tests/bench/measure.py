"""What a benchmark brings: figures side by side, and what their ratio has to be."""

import statistics
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

T = TypeVar("T")

LIMIT = "limit"
"""The peer of what is measured against a figure of ours."""


@dataclass(frozen=True, slots=True)
class Effort:
    """How much time a benchmark may take."""

    rounds: int
    quick: bool

    def of(self, full: int, quick: int) -> int:
        """A size: of the whole benchmark, or of the quick one."""
        return quick if self.quick else full

    @property
    def each(self) -> range:
        """One number a round."""
        return range(self.rounds)


@dataclass(frozen=True, slots=True)
class Target:
    """What the ratio of ours to the peer's has to be."""

    limit: float
    at_least: bool = False

    def holds(self, ratio: float) -> bool:
        """Whether a ratio is as wanted."""
        return ratio >= self.limit if self.at_least else ratio <= self.limit

    def __str__(self) -> str:
        return f"{'≥' if self.at_least else '≤'} {self.limit:g}"


@dataclass(frozen=True, slots=True)
class Measure:
    """One line of the table."""

    row: str
    """Of the targets, such as P3."""
    what: str
    unit: str
    ours: Sequence[float]
    """One figure a round."""
    peer: Sequence[float] = ()
    """What it is measured against, in the same rounds; empty where nothing is."""
    against: str = LIMIT
    """Whose figures those are."""
    target: Target | None = None
    """None: the figure is only told."""
    missing: str = ""
    """Why there are no figures, or none of the peer."""

    @property
    def ratio(self) -> float | None:
        """Median over median."""
        if not self.ours or not self.peer or not (peer := statistics.median(self.peer)):
            return None
        return statistics.median(self.ours) / peer

    @property
    def verdict(self) -> str:
        """`holds`, `misses`, or why there is no telling."""
        if self.missing:
            return self.missing
        if self.target is None or self.ratio is None:
            return "told"
        return "holds" if self.target.holds(self.ratio) else "misses"

    def as_json(self) -> dict[str, Any]:
        """All that is known of it."""
        return {
            "row": self.row,
            "what": self.what,
            "unit": self.unit,
            "ours": list(self.ours),
            "peer": list(self.peer),
            "against": self.against,
            "ratio": self.ratio,
            "target": str(self.target) if self.target else None,
            "verdict": self.verdict,
        }


def at_most(row: str, what: str, unit: str, ours: Sequence[float], limit: float) -> Measure:
    """A figure that has to stay within a limit."""
    return Measure(row, what, unit, ours, (limit,), target=Target(1.0))


def told(row: str, what: str, unit: str, ours: Sequence[float]) -> Measure:
    """A figure without a target."""
    return Measure(row, what, unit, ours)


def interleaved(effort: Effort, *acts: Callable[[], T]) -> list[list[T]]:
    """What each act gives in every round; who begins changes from round to round."""
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
