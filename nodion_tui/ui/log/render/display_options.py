"""Display options of logs; they persist when another run is opened."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Self


class TimestampMode(StrEnum):
    """Format of the timestamp column. `T` cycles in this order."""

    LOCAL = "local"
    UTC = "UTC"
    ELAPSED = "since start"
    BEFORE = "since line before"
    MARK = "since mark"
    """Since the nearest mark above; lines above the first mark count back from it."""
    OFF = "off"

    @property
    def next(self) -> "TimestampMode":
        """The next mode, cyclically."""
        order = list(TimestampMode)
        return order[(order.index(self) + 1) % len(order)]


@dataclass(frozen=True, slots=True, kw_only=True)
class DisplayOptions:
    """Options for all lines."""

    wrap: bool = False
    pretty: bool = True
    """Whether structured lines are shown as `time level message key=value…`, not as sent."""
    timestamps: TimestampMode = TimestampMode.LOCAL
    public_only: bool = False
    """Whether lines of another `log_level` than the documented one are hidden."""

    @classmethod
    def from_choices(cls, choices: Mapping[str, str]) -> Self:
        """Options from stored choices; unknown values become the default."""
        stamps = choices.get("log.times", "")
        return cls(
            wrap=choices.get("log.wrap") == "on",
            pretty=choices.get("log.pretty") != "off",
            timestamps=TimestampMode(stamps)
            if stamps in set(TimestampMode)
            else TimestampMode.LOCAL,
            public_only=choices.get("log.public") == "on",
        )

    def to_choices(self) -> dict[str, str]:
        """The options as choices to store; see `from_choices`."""
        return {
            "log.wrap": "on" if self.wrap else "off",
            "log.pretty": "on" if self.pretty else "off",
            "log.times": self.timestamps.value,
            "log.public": "on" if self.public_only else "off",
        }
