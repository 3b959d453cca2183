"""Sort order and columns of the run list, chosen in a menu."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import TYPE_CHECKING

from textual import work

from nodion_tui.model.run import Run
from nodion_tui.ui.dashboard.columns import COLUMN_LETTERS, ColumnName
from nodion_tui.ui.dashboard.filters import ListFilters
from nodion_tui.ui.dashboard.layout import PaneName

if TYPE_CHECKING:
    from nodion_tui.monitor.storage.ui_state import ListState
    from nodion_tui.ui.dialogs.menu import MenuEntry

SORTS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "created": ("n", "Creation time"),
        "status": ("s", "Status"),
        "runner": ("r", "Runner"),
        "started": ("a", "Start time"),
        "queue": ("w", "Queue time"),
        "time": ("t", "Duration"),
        "exit": ("e", "Exit code"),
        "command": ("c", "Command"),
        "entrypoint": ("p", "Entrypoint"),
        "id": ("i", "ID"),
    }
)
"""Sort keys with their letters and titles in the menu."""
_AUTOMATIC = "automatic"


class ListOrdering(ListFilters):
    """Order and columns of the run list."""

    def __init__(self) -> None:
        super().__init__()
        self.sort = "created"
        """A key of `SORTS`."""
        self.descending = True
        self.chosen_columns: frozenset[ColumnName] = frozenset()
        """Empty: automatic, by width."""

    def ordered(
        self, runs: Sequence[Run], *, now: datetime, names: Mapping[str, str]
    ) -> Sequence[Run]:
        """The runs, given newest first, in the chosen order."""
        if self.sort == "created" and self.descending:
            return runs
        from nodion_tui.monitor.runs.sort import SortColumn, sort_runs  # noqa: PLC0415 - seldom

        return sort_runs(
            runs, SortColumn(self.sort), descending=self.descending, now=now, names=names
        )

    def sort_by(self, name: str) -> None:
        """Sort by a column; a second time reverses the order."""
        self.descending = not self.descending if name == self.sort else True
        self.sort = name
        self.refresh_list(PaneName.RUNS)

    def restore_order(self, state: "ListState | None") -> None:
        """Restore order and columns from a saved state; unknown names are ignored."""
        if state is None:
            return
        self.chosen_columns = frozenset(name for name in COLUMN_LETTERS if name in state.columns)
        if state.sort in SORTS:
            self.sort, self.descending = state.sort, state.descending
        self.refresh_list(PaneName.RUNS)

    def order_to_save(self) -> "ListState":
        """The state that `restore_order` takes."""
        from nodion_tui.monitor.storage.ui_state import ListState  # noqa: PLC0415 - after the first paint

        return ListState(tuple(sorted(self.chosen_columns)), self.sort, self.descending)

    @work(group="menu", exclusive=True)
    async def action_sort(self) -> None:
        """Choose the sort order in a menu."""
        from nodion_tui.ui.dialogs.menu import Menu, MenuEntry  # noqa: PLC0415 - seldom

        direction = "descending" if self.descending else "ascending"
        choices = [
            MenuEntry(letter, name, title, f"{direction}, again reverses" * (name == self.sort))
            for name, (letter, title) in SORTS.items()
        ]
        chosen = await self.app.push_screen_wait(Menu("Sort runs", choices))
        if chosen is not None:
            self.sort_by(chosen)

    @work(group="menu", exclusive=True)
    async def action_columns(self) -> None:
        """Choose columns in a menu, one after the other, until Esc."""
        from nodion_tui.ui.dialogs.menu import Menu  # noqa: PLC0415 - seldom

        while chosen := await self.app.push_screen_wait(Menu("Columns", self._column_choices())):
            column = next((name for name in COLUMN_LETTERS if name == chosen), None)
            shown = self.chosen_columns or self.shown_columns()
            self.chosen_columns = shown ^ {column} if column else frozenset()
            self.refresh_list(PaneName.RUNS)

    def shown_columns(self) -> frozenset[ColumnName]:
        """The columns that fit."""
        raise NotImplementedError

    def _column_choices(self) -> "list[MenuEntry]":
        from nodion_tui.ui.dialogs.menu import MenuEntry  # noqa: PLC0415 - seldom

        shown = self.chosen_columns or self.shown_columns()
        entries = [
            MenuEntry(letter, name, name.upper(), "shown" if name in shown else "")
            for name, letter in COLUMN_LETTERS.items()
        ]
        state = "" if self.chosen_columns else "on"
        return [*entries, MenuEntry("a", _AUTOMATIC, "Automatic (by width)", state)]
