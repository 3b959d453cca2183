"""Screens that are mounted before they are shown.

Textual 8.2 mounts a screen when it is pushed: half of the time in which the trigger form opened.
"""

from typing import Any

from textual.app import App
from textual.screen import Screen
from textual.widget import AwaitMount

from nodion_tui.ui.terminal.inside.remembered_styles import load_sheets


async def mount_ahead(app: App[Any], screen: Screen[Any]) -> bool:
    """Mount a screen with all that is in it, as Textual does when it is opened.

    Returns:
        Whether that was possible.
    """
    load_sheets(screen, app.stylesheet)
    screen._css_update_count = app._css_update_count
    widgets = app._register(app, screen)
    await AwaitMount(screen, widgets)
    return bool(widgets)
