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


class NotificationProtocol(StrEnum):
    """Escape sequence with which a terminal shows a desktop notification."""

    NONE = "none"
    OSC9 = "osc9"
    """iTerm2, WezTerm, kitty, Ghostty and others: one text."""
    OSC777 = "osc777"
    """urxvt, foot, VTE of some distributions and others: title and body."""
    OSC99 = "osc99"
    """kitty: title and body (https://sw.kovidgoyal.net/kitty/desktop-notifications)."""


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
    not_for: timedelta | None = None
    """Matches runners of which no run was created for longer; not with `status`, `longer_than`."""
    overdue: bool = False
    """Matches regular runners that did not run when they were due; not with those either."""
    new: bool = False
    """Matches no failures whose cause is acknowledged; without `status`, only failures."""
    tell: frozenset[NotifyChannel] = frozenset({NotifyChannel.TOAST})
    command: tuple[str, ...] = ()
    """Program and arguments; receives the run as JSON on stdin. Empty: no command."""

    @property
    def is_about_silence(self) -> bool:
        """Whether it matches runners that do not run, instead of runs."""
        return self.not_for is not None or self.overdue
