"""How a log is looked at, as a person has set it; it stays when another run is opened."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Self


class TimestampMode(StrEnum):
    """What stands before each line. The order is that in which `T` goes through them."""

    LOCAL = "local"
    UTC = "UTC"
    ELAPSED = "since start"
    OFF = "off"

    @property
    def next(self) -> "TimestampMode":
        """The one after it, round and round."""
        order = list(TimestampMode)
        return order[(order.index(self) + 1) % len(order)]


@dataclass(frozen=True, slots=True, kw_only=True)
class DisplayOptions:
    """What applies to all lines alike."""

    wrap: bool = False
    pretty: bool = True
    """Structured lines as `time level message key=value…`; else as they were sent."""
    timestamps: TimestampMode = TimestampMode.LOCAL

    @classmethod
    def recalled(cls, choices: Mapping[str, str]) -> Self:
        """As they were remembered; what is not known is as it is at first."""
        stamps = choices.get("log.times", "")
        return cls(
            wrap=choices.get("log.wrap") == "on",
            pretty=choices.get("log.pretty") != "off",
            timestamps=TimestampMode(stamps)
            if stamps in set(TimestampMode)
            else TimestampMode.LOCAL,
        )

    def choices(self) -> dict[str, str]:
        """What `recalled` takes."""
        return {
            "log.wrap": "on" if self.wrap else "off",
            "log.pretty": "on" if self.pretty else "off",
            "log.times": self.timestamps.value,
        }
