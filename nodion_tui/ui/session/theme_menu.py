"""The menu of themes: this program's own come first, whose contrasts are checked."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from textual.app import App

from nodion_tui.ui.paint.theme import THEMES

if TYPE_CHECKING:
    from nodion_tui.ui.dialogs.menu import MenuEntry

_WORDS = {
    "nodion-dark": "dark",
    "nodion-light": "light",
    "nodion-contrast": "high contrast",
    "nodion-ansi": "the terminal's own colours",
}
"""What the own themes are, by name."""


class ThemeMenu:
    """Asks for a theme, and uses it.

    Args:
        app: has the themes.
    """

    def __init__(self, app: App[Any]) -> None:
        self._app = app

    def action_choose_theme(self) -> None:
        """Show the menu."""
        self._app.run_worker(self._choose(), group="menu", exclusive=True)

    async def _choose(self) -> None:
        from nodion_tui.ui.dialogs.menu import Menu  # noqa: PLC0415 - seldom

        entries = theme_entries(self._app.available_themes, self._app.theme)
        menu = Menu("Theme", entries, highlighted=self._app.theme)
        chosen = await self._app.push_screen_wait(menu)
        if chosen is not None:
            self._app.theme = chosen


def theme_entries(available: Iterable[str], current: str) -> "list[MenuEntry]":
    """The themes, the own ones first."""
    from nodion_tui.ui.dialogs.menu import MenuEntry  # noqa: PLC0415 - seldom

    own = [theme.name for theme in THEMES]
    names = [*own, *sorted(set(available) - set(own))]
    return [
        MenuEntry(str(number), name, name, ", ".join(_details(name, current)))
        for number, name in enumerate(names, 1)
    ]


def _details(name: str, current: str) -> Iterable[str]:
    if name in _WORDS:
        yield _WORDS[name]
    if name == current:
        yield "current"
