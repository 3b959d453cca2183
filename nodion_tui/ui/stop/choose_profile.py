"""Asks which of several profiles is meant: stops and re-runs of several runs never span two."""

from collections.abc import Mapping, Sequence

from textual.app import App

from nodion_tui.model.run import Run
from nodion_tui.model.text.format import count
from nodion_tui.ui.dialogs.menu import Menu, MenuEntry


async def choose_profile(
    app: App[object], by_profile: Mapping[str, Sequence[Run]], act: str = "stop"
) -> str | None:
    """The profile whose runs are meant; None: none of them. Nothing is sent.

    Args:
        app: shows the menu.
        by_profile: profile → the marked runs that are its own.
        act: what shall be done with them.
    """
    entries = [
        MenuEntry(str(number), name, f"Those of {name}", _active(runs))
        for number, (name, runs) in enumerate(by_profile.items(), 1)
    ]
    title = f"Marked runs are of {len(by_profile)} profiles; a {act} is for one. Which?"
    return await app.push_screen_wait(Menu(title, entries))


def _active(runs: Sequence[Run]) -> str:
    ended = sum(run.is_final for run in runs)
    return count(len(runs), "run") + (f", {ended} already ended" if ended else "")
