"""Shows the results of runs that were started together; asks which, if there are several."""

from typing import TYPE_CHECKING, Any

from nodion_tui.ui.dialogs.menu import Menu, MenuEntry
from nodion_tui.ui.trigger.many.series_flow import shown_series

if TYPE_CHECKING:
    from textual.app import App


async def reopen_series(app: "App[Any]") -> None:
    """Show the results of a series, the newest first in the question."""
    shown = shown_series(app)
    if not shown:
        app.notify("No runs were started together.", markup=False, timeout=4)
        return
    chosen = "0"
    if len(shown) > 1:
        entries = [
            MenuEntry(str(index + 1), str(index), series.title, series.summary)
            for index, series in enumerate(shown)
        ]
        answer = await app.push_screen_wait(Menu("Runs started together", entries))
        if answer is None:
            return
        chosen = answer
    await shown[int(chosen)].reopen()
