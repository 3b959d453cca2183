"""When should a person be told of a run, and how? A rule of config.toml as a value."""

from datetime import timedelta
from enum import StrEnum

import msgspec


class NotifyChannel(StrEnum):
    """How a person is told."""

    TOAST = "toast"
    """In a corner of the screen."""
    BELL = "bell"
    DESKTOP = "desktop"
    """A notification of the desktop, where the terminal passes it on."""


class NotifyRule(msgspec.Struct, frozen=True):
    """One rule; what it leaves out does not matter to it."""

    name: str = ""
    """Told with the run, and given to the command."""
    runner: str = "*"
    """Pattern of the runner's name or id: `*` any text, `?` any character; case does not matter."""
    status: frozenset[str] = frozenset()
    """Any of these. Empty: it has ended; with `longer_than`, it has ended or goes on."""
    longer_than: timedelta | None = None
    """Its duration is longer than this."""
    tell: frozenset[NotifyChannel] = frozenset({NotifyChannel.TOAST})
    command: tuple[str, ...] = ()
    """Program and arguments; gets the run as JSON on stdin. Empty: none."""
