"""Shows the results of runs that are being started together; asks which, if there are several."""

from typing import TYPE_CHECKING, Any

from nodion_tui.ui.dialogs.menu import Menu, MenuEntry
from nodion_tui.ui.trigger.many.series_flow import living_series

if TYPE_CHECKING:
    from textual.app import App


async def reopen_series(app: "App[Any]") -> None:
    """Show the results of a series that is not closed yet, the newest first in the question."""
    living = living_series(app)
    if not living:
        app.notify("No runs are being started together.", markup=False, timeout=4)
        return
    chosen = "0"
    if len(living) > 1:
        entries = [
            MenuEntry(str(index + 1), str(index), series.title, series.summary)
            for index, series in enumerate(living)
        ]
        answer = await app.push_screen_wait(Menu("Runs being started", entries))
        if answer is None:
            return
        chosen = answer
    living[int(chosen)].reopen()
