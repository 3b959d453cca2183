"""The runs of one runner, compared with each response of the service."""

from collections.abc import Collection

from nodion_tui.model.listing import BadRow, Listing, changed_slices
from nodion_tui.model.run import Run
from nodion_tui.monitor.runs.sorted_runs import SortedRuns


class RunnerRuns:
    """All known runs of one runner."""

    __slots__ = ("bad_rows", "by_id", "listing", "order")

    def __init__(self) -> None:
        self.order = SortedRuns()
        self.by_id: dict[str, Run] = {}
        self.listing: Listing[Run] | None = None
        """The response that matches the current state; None if something newer is known."""
        self.bad_rows: tuple[BadRow, ...] = ()
        """Rows of the last response that do not match the API's documentation."""

    def diff(self, listing: Listing[Run]) -> tuple[list[Run], set[str]]:
        """Runs of a response that are new or changed, and ids of known runs that it lacks.

        Where a response follows another, only the range in which the two differ is compared.
        """
        items, current = listing.items, self.by_id
        if self.listing is None:
            changed_range, missing = items, current.keys() - {run.id for run in items}
        else:
            old, new = changed_slices(self.listing.items, items)
            changed_range = items[new]
            missing = {run.id for run in self.listing.items[old]} - {
                run.id for run in changed_range
            }
            if missing:
                missing -= {run.id for run in items}
        different_runs = {run.id: run for run in changed_range if current.get(run.id) != run}
        changed = [
            run for run in different_runs.values() if not is_outdated(run, current.get(run.id))
        ]
        return changed, missing

    def put(self, runs: Collection[Run]) -> list[Run]:
        """Store the newer states of runs; returns the previous states of those that were known."""
        # Assigning alone would keep the old key, and with it a second copy of the id.
        previous = [old for run in runs if (old := self.by_id.pop(run.id, None)) is not None]
        self.by_id |= {run.id: run for run in runs}
        self.order.replace(previous, runs)
        return previous

    def remove(self, run_id: str) -> Run:
        """Remove a run."""
        run = self.by_id.pop(run_id)
        self.order.remove(run)
        return run


def is_outdated(run: Run, current: Run | None) -> bool:
    """Whether a response is older than the known state: a run that has ended never restarts."""
    return current is not None and current.is_final and not run.is_final
