"""Removes references to closed widgets that Textual keeps.

`StylesCache.get_inner_outer` is cached for the class, and its keys are caches of painted lines
(textual issue 6665). A closed dialog with all its lines would stay in memory until 1,024 other
styles have been used. The app keeps the theme watcher of a removed TextArea, and with it the form,
until the theme changes.
"""

from textual._styles_cache import StylesCache
from textual.widget import Widget


def forget_styles() -> None:
    """Empty Textual's cache of styles."""
    StylesCache.get_inner_outer.cache_clear()


def forget_watchers(widget: Widget) -> None:
    """Remove a widget from the watchers of the app's theme."""
    watchers = getattr(widget.app, "__watchers", {}).get("theme", [])
    watchers[:] = [watcher for watcher in watchers if watcher[0] is not widget]
