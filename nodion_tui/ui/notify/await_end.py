"""Asks to be told when runs end, from any mode."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from nodion_tui.model.run import Run
from nodion_tui.model.runner import short_id
from nodion_tui.model.text.format import count
from nodion_tui.model.text.sanitize import sanitize
from nodion_tui.model.text.signs import AWAITED_SIGN

if TYPE_CHECKING:
    from textual.app import App

    from nodion_tui.monitor.monitor import Monitor


def toggle_awaited(app: "App[Any]", monitor: "Monitor", runs: Sequence[Run]) -> None:
    """Tell of the end of these runs, or no longer if all of them are awaited; says which.

    Runs that have ended are left out.
    """
    active = [run for run in runs if not run.is_final]
    if not active:
        first = f"This run has already ended: {sanitize(runs[0].status)}."
        text = first if len(runs) == 1 else "These runs have already ended."
    else:
        is_on = monitor.awaited.toggle([run.key for run in active])
        ids = short_id(sanitize(active[0].id))
        what = (
            f"run {ids} ends" if len(active) == 1 else f"each of {count(len(active), 'run')} ends"
        )
        if is_on:
            text = f"{AWAITED_SIGN} You will be notified when {what}."
        else:
            text = f"You will not be notified when {what}."
    app.notify(text, timeout=4, markup=False)
