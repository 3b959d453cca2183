"""The key that hides or shows runs of a merged log."""

from collections.abc import Awaitable, Callable, Coroutine, Sequence
from typing import Any

from nodion_tui.monitor.merged.merged_source import MergedSource
from nodion_tui.ui.dialogs.menu import MenuEntry
from nodion_tui.ui.merged.merged_body import MergedBody
from nodion_tui.ui.merged.merged_model import MergedModel

_ONLY, _ALL = "only", "all"


class RunMenu:
    """Lists the runs, with what is known of the completeness of each.

    Args:
        body: has the log.
        choose: asks with a menu of this title.
        start: runs the action that goes on while the menu is open.
    """

    def __init__(
        self,
        body: MergedBody,
        choose: Callable[[str, Sequence[MenuEntry]], Awaitable[str | None]],
        start: Callable[[Coroutine[Any, Any, None]], object],
    ) -> None:
        self._body = body
        self._choose = choose
        self._start = start

    def action_choose_runs(self) -> None:
        """Hide or show runs until Esc."""
        if self._body.model is not None and self._body.model.log.sources:
            self._start(self._choose_runs(self._body.model))

    async def _choose_runs(self, model: MergedModel) -> None:
        current = self._current(model)
        title = "Hide or show runs"
        while (chosen := await self._choose(title, _entries(model, current))) is not None:
            for source in model.log.sources:
                if chosen == str(source.number):
                    model.set_hidden(source, hidden=not source.is_hidden)
                elif chosen == _ALL:
                    model.set_hidden(source, hidden=False)
                elif chosen == _ONLY:
                    model.set_hidden(source, hidden=source is not current)
            self._body.pane.redraw()
            if chosen in {_ALL, _ONLY}:
                return

    def _current(self, model: MergedModel) -> MergedSource | None:
        log = self._body.pane.open_log
        if log is None or not len(log.viewport.entries):
            return None
        return model.log.buffer.source_of(log.viewport.cursor)[0]


def _entries(model: MergedModel, current: MergedSource | None) -> list[MenuEntry]:
    entries = [
        MenuEntry(
            str(number),
            str(source.number),
            f"{'○ hidden' if source.is_hidden else '● shown '} {source.name}",
            f"{model.reading(source).words()}, {source.session.state.lines:,} lines",
        )
        for number, source in enumerate(model.log.sources, 1)
    ]
    if len(entries) > 1 and current is not None:
        entries.append(MenuEntry("o", _ONLY, f"Only {current.name}", "the run of the current line"))
    if any(source.is_hidden for source in model.log.sources):
        entries.append(MenuEntry("a", _ALL, "Show all"))
    return entries
