"""The run that a run is compared with."""

from collections.abc import Sequence

from nodion_tui.model.run import Run, RunStatus


def last_good(run: Run, runs: Sequence[Run]) -> Run | None:
    """The newest succeeded run before a run, else the newest that is not the run itself.

    Args:
        run: the run to compare.
        runs: of the same runner, newest first.
    """
    succeeded = [
        other for other in runs if other.status == RunStatus.SUCCEEDED and other.key != run.key
    ]
    earlier = (other for other in succeeded if _created(other) < _created(run))
    return next(earlier, succeeded[0] if succeeded else None)


def _created(run: Run) -> float:
    return run.created_at.timestamp() if run.created_at else 0.0
