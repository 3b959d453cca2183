"""Columns and order of the run list, remembered for each profile."""

from typing import TYPE_CHECKING

from nodion_tui.ui.dashboard.lists.ordering import RunOrder

if TYPE_CHECKING:
    from nodion_tui.monitor.storage.ui_state import ListState, UiState

_LIST = "runs"
"""Name of the list in the state; that of a profile has its name behind it."""


class ProfileOrders:
    """Gives the run list the columns and the order that were used last with its profile.

    Args:
        order: of the run list.
    """

    def __init__(self, order: RunOrder) -> None:
        self._order = order
        self._profile = ""
        self._known: dict[str, ListState] = {}

    def attach(self, profile: str) -> None:
        """Use those of a profile; a new one begins with the default."""
        if profile == self._profile:
            return
        self._note()
        self._profile = profile
        self._restore()

    def restore_state(self, state: "UiState") -> None:
        """Restore those of every profile."""
        self._known = {
            name: each for name, each in state.lists.items() if name.partition("@")[0] == _LIST
        }
        self._restore()

    def updated_state(self, state: "UiState") -> "UiState":
        """The state with those of every profile."""
        self._note()
        for name, known in self._known.items():
            state = state.with_list(name, known)
        return state

    @property
    def _name(self) -> str:
        return f"{_LIST}@{self._profile}" if self._profile else _LIST

    def _note(self) -> None:
        self._known[self._name] = self._order.to_save()

    def _restore(self) -> None:
        from nodion_tui.monitor.storage.ui_state import ListState  # noqa: PLC0415 - after the first paint

        # That of no profile is from before there was one for each.
        known = self._known.get(self._name) or self._known.get(_LIST)
        self._order.restore(known or ListState(sort="created"))
