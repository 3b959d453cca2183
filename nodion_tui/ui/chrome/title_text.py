"""Text of the title bar and the notice bar, from the state of the monitor."""

import math
from collections.abc import Iterable, Iterator, Sequence
from urllib.parse import urlsplit

from nodion_tui.config import DEFAULT_API_URL, Profile
from nodion_tui.model import format as cells
from nodion_tui.model.errors import ApiError, KeyRejected, NodionError
from nodion_tui.model.listing import BadRow
from nodion_tui.model.run import RunStatus
from nodion_tui.model.runner import short_id
from nodion_tui.model.sanitize import sanitize
from nodion_tui.monitor.monitor import Monitor
from nodion_tui.monitor.polling.poller import Outage
from nodion_tui.monitor.runs.changes import RUNNER_LIST
from nodion_tui.ui.chrome.title_bar import TitleText
from nodion_tui.ui.session import error_text as errors


def title_text(
    monitor: Monitor, runner_ids: Iterable[str], failed_today: int, now: float
) -> TitleText:
    """Contents of the title bar.

    Args:
        monitor: source of the data.
        runner_ids: runners whose run lists are on the screen; the age of the oldest is shown.
        failed_today: number of runs that have failed since midnight.
        now: the monotonic clock.
    """
    runs, profile = monitor.runs, monitor.profile
    running = sum(
        1 for run in map(runs.run, runs.active) if run and run.status != RunStatus.PENDING
    )
    freshness, is_live = _freshness(monitor, tuple(runner_ids), now)
    return TitleText(
        profile=profile.name,
        project=_project(profile.project, profile.api_url),
        color=profile.color,
        badges=tuple(_badges(monitor)),
        runners=len(runs.runners) if runs.freshness(RUNNER_LIST).fetched_at is not None else None,
        running=running,
        pending=len(runs.active) - running,
        failed_today=failed_today,
        freshness=freshness,
        is_live=is_live,
        clock=_clock(monitor),
    )


def disconnected_title(profile: Profile | None) -> TitleText:
    """Contents of the title bar while a profile, or none, is being connected."""
    if profile is None:
        return TitleText()
    return TitleText(
        profile=profile.name,
        project=_project(profile.project, profile.api_url),
        color=profile.color,
        badges=("read-only",) if profile.read_only else (),
        freshness="not connected",
    )


def notices(monitor: Monitor, runner_id: str) -> Iterator[str]:
    """Persistent problems and missed events, as lines for the notice bar.

    Args:
        monitor: source of the data.
        runner_id: the runner whose runs are on the screen; empty for all.
    """
    runs, outage = monitor.runs, monitor.poller.outage
    if monitor.missed is not None:
        since = cells.time_of_day(monitor.missed.since)
        yield f"While you were away (since {since}): {monitor.missed.text}. Press A for the list."
    if outage is not None and isinstance(outage.error, KeyRejected):
        yield errors.full_text(outage.error)
    if runs.runners_denied is not None:
        yield f"Runner list taken from the configuration: {_answer(runs.runners_denied)}"
    if runs.bad_runners:
        yield _skipped("runner", "", runs.bad_runners)
    error = runs.freshness(runner_id or RUNNER_LIST).error
    if error is not None and outage is None:
        yield errors.full_text(error)
    for runner in runs.runners:
        bad_runs = runs.bad_runs(runner.id)
        if bad_runs and runner_id in {"", runner.id}:
            yield _skipped("run", f" of {sanitize(runner.label)}", bad_runs)


def _clock(monitor: Monitor) -> str:
    """The time; without seconds while polling is paused or nothing runs, to send less."""
    now = monitor.server_now()
    at_rest = monitor.poller.paused or not monitor.runs.active
    return cells.short_date_time(now, now) if at_rest else cells.time_of_day(now)


def _freshness(monitor: Monitor, runner_ids: tuple[str, ...], now: float) -> tuple[str, bool]:
    """How old the oldest list is, or why it is not polled; and whether polling works."""
    poller = monitor.poller
    ages = [monitor.runs.freshness(target).age(now) for target in runner_ids or (RUNNER_LIST,)]
    loaded = [age for age in ages if age is not None]
    oldest = cells.round_age_up(math.ceil(max(loaded, default=0.0)))
    is_stale = oldest >= cells.STALE_SECONDS
    age = f" · data {cells.long_age(oldest)} old" if is_stale else ""
    if poller.outage is not None:
        return _outage(poller.outage, age, now), False
    if poller.paused:
        return f"paused{age}", False
    if not loaded:
        return "connecting", False
    if len(loaded) < len(ages):
        return f"loading {len(loaded)}/{len(ages)}{age}", True
    if not is_stale and not monitor.runs.active:
        return f"checked < {cells.STALE_SECONDS} s ago", True
    return f"checked {oldest} s ago", True


def _outage(outage: Outage, age: str, now: float) -> str:
    wait = max(0, round(outage.retry_at - now))
    since = cells.time_of_day(outage.since)
    retry = f"retry in {wait} s" if wait else "retrying"
    return f"{errors.short_text(outage.error)} since {since}{age} · {retry}"


def _badges(monitor: Monitor) -> Iterator[str]:
    if monitor.run_control.read_only:
        yield "read-only"
    parts = urlsplit(monitor.profile.api_url)
    if parts.scheme == "http" and monitor.profile.allow_http:
        yield "plain http"


def _project(project: str | None, api_url: str) -> str:
    if project:
        return short_id(project) if len(project) == 36 else project
    return "" if api_url == DEFAULT_API_URL else urlsplit(api_url).netloc


def _answer(error: NodionError) -> str:
    if isinstance(error, ApiError):
        return sanitize(f"{error.endpoint} answered {error.status}")
    return errors.full_text(error)


def _skipped(kind: str, owner: str, bad_rows: Sequence[BadRow]) -> str:
    plural = "" if len(bad_rows) == 1 else "s"
    problem = sanitize(bad_rows[0].problem)
    return f"{len(bad_rows)} malformed {kind}{plural}{owner} skipped: {problem}"
