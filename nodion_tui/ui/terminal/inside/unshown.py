"""Screens that are mounted and laid out before they are shown.

Textual 8.2 does so when they are pushed: two thirds of the time in which the trigger form opened.
"""

from typing import Any

from textual.app import App
from textual.screen import Screen
from textual.widget import AwaitMount

from nodion_tui.ui.terminal.inside.frame_app import FrameApp
from nodion_tui.ui.terminal.inside.opening import complete
from nodion_tui.ui.terminal.inside.remembered_styles import load_sheets

_PATIENCE = 1.0
"""Seconds for its widgets to be told of their sizes; nobody waits for them."""


async def mount_ahead(app: App[Any], screen: Screen[Any]) -> bool:
    """Mount a screen with all that is in it, as Textual does when it is opened, and lay it out.

    Returns:
        Whether that was possible.
    """
    if isinstance(app, FrameApp) and app.is_ending:
        return False
    load_sheets(screen, app.stylesheet)
    screen._css_update_count = app._css_update_count
    widgets = app._register(app, screen)
    await AwaitMount(screen, widgets)
    await complete(lambda: screen if app.is_running else None, _PATIENCE)
    return bool(widgets)
