"""Runs that are still to be started by this program, which a quit would leave out."""

from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

if TYPE_CHECKING:
    from textual.app import App

_OF_APPS: "WeakKeyDictionary[App[Any], dict[object, int]]" = WeakKeyDictionary()


def note_unsent(app: "App[Any]", series: object, number: int) -> None:
    """Note how many starts of a series are not sent yet; 0 once it has ended."""
    counts = _OF_APPS.setdefault(app, {})
    if number:
        counts[series] = number
    else:
        counts.pop(series, None)


def unsent_starts(app: "App[Any]") -> int:
    """How many starts of all series are not sent yet."""
    return sum(_OF_APPS.get(app, {}).values())
