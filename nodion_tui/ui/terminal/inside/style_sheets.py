"""Parses style sheets before what they style is opened.

Textual parses the styles of a class when its first widget is mounted: 10 ms of the first trigger
form were this.
"""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from textual.app import App
from textual.screen import Screen
from textual.widget import Widget

_Source = tuple[tuple[str, str], str, bool, int, str]
"""Where it is from, its text, whether it has defaults, its rank among these, and its scope."""


async def parse_styles(app: App[Any], package: str) -> None:
    """Parse, in a thread, the sheets of the widgets and screens that a package has loaded."""
    stylesheet, theme = app.stylesheet, app.theme
    sources = [
        source
        for kind in dict.fromkeys(_kinds(Widget))
        if kind.__module__.startswith(f"{package}.")
        for source in _sources(kind)
        if source[0] not in stylesheet.source
    ]

    def parse() -> None:
        for place, css, is_default, rank, scope in sources:
            stylesheet._parse_rules(css, place, is_default, rank, scope)

    await asyncio.to_thread(parse)
    if app.theme != theme or app.stylesheet is not stylesheet:
        stylesheet._parse_cache.clear()  # it may have colours of the theme before
        return
    for place, css, is_default, rank, scope in sources:
        stylesheet.add_source(css, place, is_default, rank, scope)
    stylesheet.parse()


def _kinds(base: type[Widget]) -> Iterator[type[Widget]]:
    """All classes below one, those that others are based on first."""
    for kind in base.__subclasses__():
        yield kind
        yield from _kinds(kind)


def _sources(kind: type[Widget]) -> Iterator[_Source]:
    """The sheets of a class, as Textual takes them when a widget of it is mounted."""
    if issubclass(kind, Screen) and isinstance(kind.CSS_PATH, Path):
        path = str(kind.CSS_PATH)
        yield (path, ""), Path(path).read_text(encoding="utf-8"), False, 0, ""
    for place, css, rank, scope in kind.__new__(kind)._get_default_css():
        yield place, css, True, rank, scope
