"""Notification rules of config.toml: which runs to report, and how."""

from datetime import timedelta
from enum import StrEnum

import msgspec


class NotifyChannel(StrEnum):
    """Channel of a notification."""

    TOAST = "toast"
    """A toast in a corner of the screen."""
    BELL = "bell"
    DESKTOP = "desktop"
    """A desktop notification, if the terminal supports it."""


class NotifyRule(msgspec.Struct, frozen=True):
    """One rule; a condition that is not set always matches."""

    name: str = ""
    """Shown with the run and passed to the command."""
    runner: str = "*"
    """Pattern of the runner's name or id, case-insensitive: `*` any text, `?` any character."""
    status: frozenset[str] = frozenset()
    """Matching statuses. Empty: any final status; with `longer_than`, any status."""
    longer_than: timedelta | None = None
    """Matches runs with a longer duration."""
    tell: frozenset[NotifyChannel] = frozenset({NotifyChannel.TOAST})
    command: tuple[str, ...] = ()
    """Program and arguments; receives the run as JSON on stdin. Empty: no command."""
