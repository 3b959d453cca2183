"""The runs of one runner: compared with each answer of the service, one by one."""

from collections.abc import Iterable

from nodion_tui.model.listing import BadRow, Listing, changed_slices
from nodion_tui.model.run import Run
from nodion_tui.monitor.runs.sorted_runs import SortedRuns


class RunnerRuns:
    """What is known of one runner's runs."""

    __slots__ = ("bad_rows", "by_id", "listing", "order")

    def __init__(self) -> None:
        self.order = SortedRuns()
        self.by_id: dict[str, Run] = {}
        self.listing: Listing[Run] | None = None
        """The answer that this is the state of; None where something newer is known."""
        self.bad_rows: tuple[BadRow, ...] = ()
        """Rows of the last answer that were not as documented."""

    def diff(self, listing: Listing[Run]) -> tuple[list[Run], set[str]]:
        """Runs of an answer that are new or different, and ids of known ones that it lacks.

        Of an answer after an answer only the part is looked at in which they differ.
        """
        items, known = listing.items, self.by_id
        if self.listing is None:
            part, gone = items, known.keys() - {run.id for run in items}
        else:
            old, new = changed_slices(self.listing.items, items)
            part = items[new]
            gone = {run.id for run in self.listing.items[old]} - {run.id for run in part}
            if gone:
                gone -= {run.id for run in items}
        different = {run.id: run for run in part if known.get(run.id) != run}
        changed = [run for run in different.values() if not is_outdated(run, known.get(run.id))]
        return changed, gone

    def put(self, run: Run) -> Run | None:
        """Hold the newer state of a run; the answer is the older one."""
        # A dict keeps the key that it has, and with it the id of the older state a second time.
        known = self.by_id.pop(run.id, None)
        if known is None:
            self.order.add(run)
        else:
            self.order.replace(known, run)
        self.by_id[run.id] = run
        return known

    def put_many(self, runs: Iterable[Run]) -> None:
        """Hold the newer states of so many runs that sorting once is cheaper."""
        self.by_id |= {run.id: run for run in runs}
        self.order.reset(self.by_id.values())

    def remove(self, run_id: str) -> Run:
        """Forget a run."""
        run = self.by_id.pop(run_id)
        self.order.remove(run)
        return run


def is_outdated(run: Run, known: Run | None) -> bool:
    """Whether an answer is older than what is known: no run that has ended comes back to life."""
    return known is not None and known.is_final and not run.is_final
