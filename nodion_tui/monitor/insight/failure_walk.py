"""Goes through the failed runs, from the newest one to older ones."""

from collections.abc import Iterable

from nodion_tui.model.run import Run, RunKey, RunStatus


class FailureWalk:
    """Remembers the failure that was visited last."""

    def __init__(self) -> None:
        self._visited: RunKey | None = None

    def next(self, runs: Iterable[Run], current: RunKey | None) -> Run | None:
        """The newest failed run; the next older one if the last visited one is still shown.

        After the oldest failure, the newest one follows again.

        Args:
            runs: newest first.
            current: the run that is shown; None: none.
        """
        failed = [run for run in runs if run.status == RunStatus.FAILED]
        if not failed:
            return None
        keys = [run.key for run in failed]
        is_repeated = current is not None and current == self._visited and current in keys
        position = (keys.index(current) + 1) % len(failed) if current and is_repeated else 0
        self._visited = keys[position]
        return failed[position]
