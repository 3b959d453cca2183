"""The pollers of all accounts as one: what is asked for goes to the poller of its runner."""

from collections.abc import Callable, Iterable, Sequence
from collections.abc import Set as AbstractSet

from nodion_tui.monitor.polling.poller import Outage, Poller, StreamedRuns


class PollerGroup:
    """Pollers with a budget each.

    Args:
        pollers: at least one.
        poller_of: returns the poller for a runner id.
        is_list: returns whether a target is a runner list, which every poller has.
    """

    def __init__(
        self,
        pollers: Sequence[Poller],
        poller_of: Callable[[str], Poller],
        is_list: Callable[[str], bool],
    ) -> None:
        self._pollers = tuple(pollers)
        self._poller_of = poller_of
        self._is_list = is_list

    @property
    def per_minute(self) -> int:
        """Maximum requests per minute of each poller."""
        return min(poller.per_minute for poller in self._pollers)

    @property
    def paused(self) -> bool:
        """Whether polling is paused."""
        return all(poller.paused for poller in self._pollers)

    @property
    def outage(self) -> Outage | None:
        """Why all polling is waiting; None while any service is reachable."""
        outages = [poller.outage for poller in self._pollers]
        return outages[0] if all(outages) else None

    def outage_of(self, runner_id: str) -> Outage | None:
        """Why the polling of a runner is waiting; None while its service is reachable."""
        return self._poller_of(runner_id).outage

    @property
    def selected(self) -> AbstractSet[str]:
        """The runners under the cursor."""
        return frozenset().union(*(poller.selected for poller in self._pollers))

    def expected_interval(self, target: str) -> float:
        """Seconds between two responses of a list, without errors."""
        return self._poller_of(target).expected_interval(target)

    def set_selected(self, runner_ids: Iterable[str]) -> None:
        """Set the runners under the cursor: their lists are polled first."""
        for poller, ids in self._split(runner_ids):
            poller.set_selected(ids)

    def use_streams(self, streams: StreamedRuns) -> None:
        """As `Poller.use_streams`, for the runs of all pollers."""
        for poller in self._pollers:
            poller.use_streams(streams)

    def update_preferred(self) -> None:
        """React to a change of what streams hold."""
        for poller in self._pollers:
            poller.update_preferred()

    def refresh(self, targets: Iterable[str]) -> None:
        """Poll these lists next, as soon as the budgets allow."""
        for poller, ids in self._split(targets):
            if ids:
                poller.refresh(ids)

    def ask_now(self, targets: Iterable[str]) -> None:
        """Poll these lists at once, also while paused: somebody asked for them."""
        for poller, ids in self._split(targets):
            if ids:
                poller.ask_now(ids)

    def pause(self) -> None:
        """Poll nothing until `resume`."""
        for poller in self._pollers:
            poller.pause()

    def resume(self) -> None:
        """Resume polling; every list is due."""
        for poller in self._pollers:
            poller.resume()

    async def acquire_request(self, runner_id: str) -> None:
        """Wait until a request for a runner fits into the budget of its poller, and count it."""
        await self._poller_of(runner_id).acquire_request()

    def _split(self, targets: Iterable[str]) -> list[tuple[Poller, list[str]]]:
        """Which targets belong to which poller."""
        split: dict[Poller, list[str]] = {poller: [] for poller in self._pollers}
        for target in targets:
            pollers = self._pollers if self._is_list(target) else (self._poller_of(target),)
            for poller in pollers:
                split[poller].append(target)
        return list(split.items())
