"""What the rows of runs show beside the runs themselves."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import msgspec

from nodion_tui.model.run_cause import CauseOf, no_cause
from nodion_tui.model.runner import unknown_runner
from nodion_tui.ui.dashboard.lists.run_cells import profile_columns

if TYPE_CHECKING:
    from nodion_tui.config import Profile
    from nodion_tui.model.run import Run, RunKey
    from nodion_tui.model.runner import Runner
    from nodion_tui.monitor.monitor import Monitor


class RowFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of runs; the defaults are for a list without a monitor."""

    is_stale: "Callable[[Run], bool]" = lambda _run: False
    """Whether the data of a run is outdated."""
    known_until: Callable[[str], datetime] = lambda _runner_id: datetime.now(UTC)
    """The server's time until which the state of an outdated run is known."""
    is_polled: "Callable[[RunKey], bool]" = lambda _key: False
    """Whether the end of a running run is polled for, as it has no stream."""
    is_stopping: "Callable[[RunKey], bool]" = lambda _key: False
    """Whether a stop was requested that is not confirmed yet."""
    is_awaited: "Callable[[Run], bool]" = lambda _run: False
    """Whether the end of a run will be told."""
    cause_of: CauseOf = no_cause
    """The cause of a failed run."""
    runner_of: "Callable[[str], Runner | None]" = unknown_runner
    """The runner with an id, which has the default command."""
    profile_of: "Callable[[str], Profile | None]" = lambda _runner_id: None
    """The profile that a row of this runner names; None where there is only one."""
    profile_width: int = 0
    """Columns of the longest profile name; 0: rows name none."""
    clock_skew: Callable[[str], timedelta] = lambda _runner_id: timedelta()
    """How far the clock of a runner's service is ahead of that of the list."""


def facts_from(monitor: "Monitor") -> RowFacts:
    """What a monitor knows of its runs."""
    quiet, control = monitor.streams.quiet, monitor.run_control
    return RowFacts(
        is_stale=monitor.is_stale,
        known_until=monitor.known_until,
        is_polled=lambda key: quiet.not_streamed(key) is not None,
        is_stopping=lambda key: control.seconds_since_stop(key) is not None,
        is_awaited=monitor.is_awaited,
        cause_of=monitor.failures.of,
        runner_of=monitor.runs.runner,
        profile_of=monitor.accounts.row_profile,
        profile_width=profile_columns(account.profile for account in monitor.accounts),
        clock_skew=monitor.accounts.clock_skew,
    )
