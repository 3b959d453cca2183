"""What the title bar and the notice line say, from what the monitor knows."""

import math
from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

from nodion_tui.config import DEFAULT_API_URL, Profile
from nodion_tui.model.errors import ApiError, KeyRejected, NodionError
from nodion_tui.model.listing import BadRow
from nodion_tui.model.run import Run, RunStatus
from nodion_tui.model.runner import short_id
from nodion_tui.model.sanitize import sanitize
from nodion_tui.monitor.monitor import Monitor
from nodion_tui.monitor.polling.poller import Outage
from nodion_tui.monitor.runs.changes import RUNNER_LIST
from nodion_tui.ui.chrome.title_bar import TitleText
from nodion_tui.ui.paint import format as cells
from nodion_tui.ui.paint.theme import Glyphs
from nodion_tui.ui.session import error_text as errors


def title_text(
    monitor: Monitor, runner_ids: Iterable[str], failed_today: int, now: float, glyphs: Glyphs
) -> TitleText:
    """What the title bar says.

    Args:
        monitor: what is known.
        runner_ids: the lists that are on the screen, by runner id; their greatest age is told.
        failed_today: how many runs have failed since midnight.
        now: the monotonic clock.
        glyphs: the signs of the screen.
    """
    runs, profile = monitor.runs, monitor.profile
    running = sum(1 for each in map(runs.run, runs.active) if each and not _is_queued(each))
    link, is_live = _link(monitor, tuple(runner_ids), now, glyphs)
    return TitleText(
        profile=profile.name,
        project=_project(profile.project, profile.api_url),
        color=profile.color,
        badges=tuple(_badges(monitor)),
        runners=len(runs.runners) if runs.freshness(RUNNER_LIST).fetched_at is not None else None,
        running=running,
        pending=len(runs.active) - running,
        failed_today=failed_today,
        freshness=link,
        is_live=is_live,
        clock=_clock(monitor),
    )


def disconnected_title(profile: Profile | None) -> TitleText:
    """What the title bar says while nothing is connected: whose runs are to come."""
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
    """What stays true and ought to be known.

    Args:
        monitor: what is known.
        runner_id: the runner whose runs are on the screen; empty for all.
    """
    runs, trouble = monitor.runs, monitor.poller.outage
    if monitor.missed is not None:
        since = cells.time_of_day(monitor.missed.since)
        yield f"While you were away, since {since}: {monitor.missed.text}. A lists them."
    if trouble is not None and isinstance(trouble.error, KeyRejected):
        yield errors.full_text(trouble.error)
    if runs.runners_denied is not None:
        yield f"Runners are those of the configuration: {_answer(runs.runners_denied)}"
    if runs.bad_runners:
        yield f"{len(runs.bad_runners)} runners are not as documented: {_bad(runs.bad_runners[0])}"
    error = runs.freshness(runner_id or RUNNER_LIST).error
    if error is not None and trouble is None:
        yield errors.full_text(error)
    for runner in runs.runners:
        bad = runs.bad_runs(runner.id)
        if bad and runner_id in {"", runner.id}:
            name = sanitize(runner.label)
            yield f"{len(bad)} runs of {name} are not as documented: {_bad(bad[0])}"


def _clock(monitor: Monitor) -> str:
    """The time; to the minute while nobody looks or nothing runs: then little is sent."""
    moment = monitor.server_now()
    at_rest = monitor.poller.paused or not monitor.runs.active
    return cells.short_date_time(moment, moment) if at_rest else cells.time_of_day(moment)


def _is_queued(run: Run) -> bool:
    return run.status == RunStatus.PENDING


def _link(monitor: Monitor, lists: tuple[str, ...], now: float, glyphs: Glyphs) -> tuple[str, bool]:
    poller = monitor.poller
    ages = [monitor.runs.freshness(target).age(now) for target in lists or (RUNNER_LIST,)]
    known = [age for age in ages if age is not None]
    oldest = cells.round_age_up(math.ceil(max(known, default=0.0)))
    old = (
        f" {glyphs.separator} {cells.long_age(oldest)} old" if oldest >= cells.STALE_SECONDS else ""
    )
    if poller.outage is not None:
        return _trouble(poller.outage, old, now, glyphs), False
    if poller.paused:
        return f"paused{old}", False
    if not known or len(known) < len(ages):
        return (f"loading {len(known)}/{len(ages)}{old}", True) if known else ("connecting", False)
    if oldest < cells.STALE_SECONDS and not monitor.runs.active:
        return f"live < {cells.STALE_SECONDS} s", True
    return f"live {oldest} s", True


def _trouble(trouble: Outage, old: str, now: float, glyphs: Glyphs) -> str:
    wait = max(0, round(trouble.retry_at - now))
    since = cells.time_of_day(trouble.since)
    again = f"retry in {wait} s" if wait else "trying"
    return f"{errors.short_text(trouble.error)} since {since}{old} {glyphs.separator} {again}"


def _badges(monitor: Monitor) -> Iterator[str]:
    if monitor.runs.read_only:
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


def _bad(row: BadRow) -> str:
    return sanitize(row.problem)
