"""The newest run of a runner, and whether another one was due since."""

from datetime import datetime
from typing import NamedTuple

from nodion_tui.model.run import Run


class LastRun(NamedTuple):
    """The newest run of a runner."""

    run: Run
    checked_at: datetime
    """Until when no newer run is known to exist, on the service's clock."""
    overdue_at: datetime | None = None
    """Since when the next run of a regular runner is overdue; None: it is not."""
