"""Sort order and columns of the run list, chosen in menus."""

from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from nodion_tui.model.run import Run
from nodion_tui.model.run_cause import CauseOf, no_cause
from nodion_tui.ui.dashboard.lists.columns import COLUMN_LETTERS, ColumnName

if TYPE_CHECKING:
    from nodion_tui.monitor.storage.ui_state import ListState
    from nodion_tui.ui.dialogs.menu import MenuEntry

SORTS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "created": ("n", "Creation time"),
        "status": ("s", "Status"),
        "runner": ("r", "Runner"),
        "profile": ("o", "Profile"),
        "started": ("a", "Start time"),
        "queue": ("w", "Queue time"),
        "time": ("t", "Duration"),
        "exit": ("e", "Exit code"),
        "cause": ("u", "Cause"),
        "command": ("c", "Command"),
        "entrypoint": ("p", "Entrypoint"),
        "id": ("i", "ID"),
    }
)
"""Sort keys with their letters and titles in the menu."""
_DIRECTIONS = ("descending", "ascending")
_AUTOMATIC = "automatic"
_ACTIVE_FIRST = "active-first"


def active_first(runs: Sequence[Run], active: Sequence[Run]) -> Sequence[Run]:
    """The active runs, then the others; the same sequence if it begins with them.

    Args:
        runs: newest first.
        active: those of them that have not ended, newest first.
    """
    if all(run is other for run, other in zip(active, runs, strict=False)):
        return runs
    ordered, rest = list(active), 0
    for position in map(runs.index, active):
        ordered += runs[rest:position]
        rest = position + 1
    return [*ordered, *runs[rest:]]


class RunOrder:
    """Sort order and columns of the run list.

    Args:
        changed: called after each change.
    """

    def __init__(self, changed: Callable[[], None]) -> None:
        self._changed = changed
        self.sort = "created"
        """A key of `SORTS`."""
        self.descending = True
        self.active_first = True
        """Whether, newest first, the runs that have not ended are before all others."""
        self.columns: frozenset[ColumnName] = frozenset()
        """Empty: automatic, by width."""

    def apply(
        self,
        runs: Sequence[Run],
        *,
        now: datetime,
        names: Mapping[str, str],
        active: Sequence[Run] = (),
        cause_of: CauseOf = no_cause,
        profile_of: Callable[[str], str] = lambda _runner_id: "",
    ) -> Sequence[Run]:
        """The runs, given newest first, in the chosen order.

        Args:
            runs: newest first.
            now: the server's clock.
            names: runner id → displayed name.
            active: those of the runs that have not ended.
            cause_of: returns the cause of a failed run.
            profile_of: returns the name of the profile for a runner id.
        """
        if self.sort == "created" and self.descending:
            return active_first(runs, active) if self.active_first else runs
        from nodion_tui.monitor.runs.sort import SortColumn, sort_runs  # noqa: PLC0415 - seldom

        return sort_runs(
            runs,
            SortColumn(self.sort),
            descending=self.descending,
            now=now,
            names=names,
            cause_of=cause_of,
            profile_of=profile_of,
        )

    def hidden(self, shown: Callable[[], AbstractSet[ColumnName]]) -> str:
        """The order in words, if it is not the default and no heading of the list shows it.

        Args:
            shown: the columns that the list shows.
        """
        if self.sort == "created":
            return "" if self.descending else "oldest first"
        return "" if self.sort in shown() else f"by {SORTS[self.sort][1].lower()}"

    def toggle_active_first(self) -> None:
        """Put the runs that have not ended before all others, or where they belong by time."""
        self.active_first = not self.active_first
        self._changed()

    def sort_by(self, name: str) -> None:
        """Sort by a column; a second time reverses the order."""
        self.descending = not self.descending if name == self.sort else True
        self.sort = name
        self._changed()

    def choose_columns(self, names: AbstractSet[ColumnName]) -> None:
        """Choose columns; empty: automatic, by width."""
        self.columns = frozenset(names)
        self._changed()

    def restore(self, state: "ListState | None") -> None:
        """Restore order and columns from a saved state; unknown names are ignored."""
        if state is None:
            return
        if state.sort in SORTS:
            self.sort, self.descending = state.sort, state.descending
        self.active_first = state.active_first
        self.choose_columns({name for name in COLUMN_LETTERS if name in state.columns})

    def to_save(self) -> "ListState":
        """The state that `restore` takes."""
        from nodion_tui.monitor.storage.ui_state import ListState  # noqa: PLC0415 - after the first paint

        columns = tuple(sorted(self.columns))
        return ListState(columns, self.sort, self.descending, self.active_first)


class OrderMenus:
    """Menus to choose the order and the columns.

    Args:
        order: gets what is chosen.
        shown: the columns that the list shows.
        ask: shows a menu with a title; returns the id of the chosen entry, or None.
        start: runs a menu, in place of one that is open.
    """

    def __init__(
        self,
        order: RunOrder,
        shown: Callable[[], AbstractSet[ColumnName]],
        ask: "Callable[[str, Sequence[MenuEntry]], Awaitable[str | None]]",
        start: Callable[[Coroutine[Any, Any, None]], object],
    ) -> None:
        self._order = order
        self._shown = shown
        self._ask = ask
        self._start = start

    def action_sort(self) -> None:
        """Choose the sort order in a menu."""
        self._start(self._choose_sort())

    def action_columns(self) -> None:
        """Choose columns in a menu, one after the other, until Esc."""
        self._start(self._choose_columns())

    async def _choose_sort(self) -> None:
        from nodion_tui.ui.dialogs.menu import MenuEntry  # noqa: PLC0415 - seldom

        order = self._order
        direction, other = _DIRECTIONS if order.descending else reversed(_DIRECTIONS)
        names = SORTS.keys() - ({"profile"} - self._shown() - {order.sort})
        entries = [
            MenuEntry(letter, name, title, f"{direction}; again: {other}" * (name == order.sort))
            for name, (letter, title) in SORTS.items()
            if name in names
        ]
        state = "on" if order.active_first else "off"
        entries.append(MenuEntry("f", _ACTIVE_FIRST, "Running and pending first", state))
        chosen = await self._ask("Sort runs", entries)
        if chosen == _ACTIVE_FIRST:
            order.toggle_active_first()
        elif chosen is not None:
            order.sort_by(chosen)

    async def _choose_columns(self) -> None:
        while chosen := await self._ask("Columns", self._column_entries()):
            column = next((name for name in COLUMN_LETTERS if name == chosen), None)
            self._order.choose_columns(self._columns ^ {column} if column else frozenset())

    @property
    def _columns(self) -> AbstractSet[ColumnName]:
        return self._order.columns or self._shown() - {"age"}

    def _column_entries(self) -> "list[MenuEntry]":
        from nodion_tui.ui.dialogs.menu import MenuEntry  # noqa: PLC0415 - seldom

        details = dict.fromkeys(self._columns, "shown")
        if "age" in self._shown():
            details["started"] = "shown as AGE"
        entries = [
            MenuEntry(letter, name, name.upper(), details.get(name, ""))
            for name, letter in COLUMN_LETTERS.items()
        ]
        state = "" if self._order.columns else "on"
        return [*entries, MenuEntry("a", _AUTOMATIC, "Automatic (by width)", state)]
