"""Which runners are pinned: they come first, in the list of runners and on the timeline."""

from collections.abc import Callable, Iterable

from msgspec.structs import replace

from nodion_tui.model.runner import Runner
from nodion_tui.monitor.storage.ui_state import UiState


class Pins:
    """The pinned runners of each profile."""

    def __init__(self) -> None:
        self._by_profile: dict[str, tuple[str, ...]] = {}
        self._changed: list[Callable[[], None]] = []
        self.profile = ""
        """Name of the profile whose runners are shown."""

    def subscribe(self, changed: Callable[[], None]) -> None:
        """Call this after each change."""
        self._changed.append(changed)

    def is_pinned(self, runner_id: str) -> bool:
        """Whether a runner comes first."""
        return runner_id in self._pinned

    def toggle(self, runner_id: str) -> bool:
        """Pin a runner, or unpin it; returns whether it is pinned now."""
        pinned = self._pinned
        is_pinned = runner_id in pinned
        kept = tuple(each for each in pinned if each != runner_id)
        self._by_profile[self.profile] = kept if is_pinned else (*kept, runner_id)
        for changed in self._changed:
            changed()
        return not is_pinned

    def ordered(self, runners: Iterable[Runner]) -> tuple[Runner, ...]:
        """The runners, the pinned ones first; else in their own order."""
        pinned = set(self._pinned)
        return tuple(sorted(runners, key=lambda runner: runner.id not in pinned))

    def restore_state(self, state: UiState) -> None:
        """Restore the pins of every profile."""
        self._by_profile = dict(state.pins)
        for changed in self._changed:
            changed()

    def updated_state(self, state: UiState) -> UiState:
        """The state with the pins of every profile."""
        pins = {profile: pinned for profile, pinned in self._by_profile.items() if pinned}
        return replace(state, pins=pins)

    @property
    def _pinned(self) -> tuple[str, ...]:
        return self._by_profile.get(self.profile, ())
