"""Text of the title bar and the notice bar, from the state of the monitor."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from urllib.parse import urlsplit

from nodion_tui.config import DEFAULT_API_URL, Profile
from nodion_tui.model.errors import ApiError, KeyRejected, NodionError
from nodion_tui.model.listing import BadRow
from nodion_tui.model.run import RunKey, RunStatus
from nodion_tui.model.runner import short_id
from nodion_tui.model.text import format as cells
from nodion_tui.model.text.sanitize import sanitize
from nodion_tui.monitor.monitor import Monitor
from nodion_tui.monitor.polling.poller import Outage
from nodion_tui.monitor.runs.changes import RUNNER_LIST
from nodion_tui.ui.chrome.title_bar import Health, TitleText
from nodion_tui.ui.session import error_text as errors

UP_TO_DATE_SECONDS = 10
"""Up to this age, lists are said to be up to date; beyond `STALE_SECONDS`, the age is a warning."""
CLOCK_AHEAD = timedelta(minutes=1)
"""How far ahead of the service's clock a run may be dated before that is said."""


def title_text(
    monitor: Monitor, runner_ids: Iterable[str], failed_today: int, now: float
) -> TitleText:
    """Contents of the title bar.

    Args:
        monitor: source of the data.
        runner_ids: runners whose run lists are on the screen; the age of the oldest is shown.
        failed_today: number of runs that have failed since midnight, without known failures.
        now: the monotonic clock.
    """
    runs, profile = monitor.runs, monitor.profile
    running = sum(
        1 for run in map(runs.run, runs.active) if run and run.status != RunStatus.PENDING
    )
    freshness, health = _freshness(monitor, tuple(runner_ids), now)
    is_complete = all(runs.freshness(runner.id).is_good for runner in runs.runners)
    return TitleText(
        profile=profile.name,
        project=_project(profile.project, profile.api_url),
        color=profile.color,
        badges=tuple(_badges(monitor)),
        runners=len(runs.runners) if runs.freshness(RUNNER_LIST).fetched_at is not None else None,
        running=running,
        polled=len(monitor.streams.quiet.all_not_streamed()),
        pending=len(runs.active) - running,
        failed_today=failed_today,
        overdue=len(monitor.overdue_runners()),
        freshness=freshness,
        health=health,
        bound="" if is_complete else "+",
        active_bound="?" if runs.failing_lists() else "" if is_complete else "+",
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
    yield from _own_notices(monitor)
    if outage is not None and isinstance(outage.error, KeyRejected):
        yield errors.full_text(outage.error)
    for key, error in monitor.run_control.failed_stops.items():
        yield _failed_stop(monitor, key, error)
    if runs.runners_denied is not None:
        yield f"Runner list taken from the configuration: {_answer(runs.runners_denied)}"
    if runs.bad_runners:
        yield _skipped("runner", "", runs.bad_runners)
    if outage is None:
        yield from _failing_lists(monitor, runner_id)
    if ahead := _clock_ahead(monitor):
        yield ahead
    for runner in runs.runners:
        bad_runs = runs.bad_runs(runner.id)
        if bad_runs and runner_id in {"", runner.id}:
            yield _skipped("run", f" of {sanitize(runner.label)}", bad_runs)


def _own_notices(monitor: Monitor) -> Iterator[str]:
    """What happened during an absence, and to a file of the program."""
    if monitor.missed is not None:
        since = cells.time_of_day(monitor.missed.since)
        yield f"While you were away (since {since}): {monitor.missed.text}. Press A for the list."
    if monitor.failures.notice:
        yield sanitize(f"Known failures: {monitor.failures.notice}")


def _failed_stop(monitor: Monitor, key: RunKey, error: NodionError) -> str:
    runner = monitor.runs.runner(key[0])
    name = sanitize(runner.label) if runner else short_id(key[0])
    run = f"run {sanitize(short_id(key[1]))} of {name}"
    return f"Stop of {run}: press X on it to decide. {errors.sending_text(error)}"


def _clock(monitor: Monitor) -> str:
    """The time; without seconds while polling is paused or nothing runs, to send less."""
    now = monitor.server_now()
    at_rest = monitor.poller.paused or not monitor.runs.active
    return cells.short_date_time(now, now) if at_rest else cells.time_of_day(now)


def _freshness(monitor: Monitor, runner_ids: tuple[str, ...], now: float) -> tuple[str, Health]:
    """How old the oldest list is, or why it is not polled or cannot be read."""
    poller, runs = monitor.poller, monitor.runs
    ages = [runs.freshness(target).age(now) for target in runner_ids or (RUNNER_LIST,)]
    loaded = [age for age in ages if age is not None]
    seconds = max(loaded, default=0.0)
    is_old = seconds >= cells.STALE_SECONDS + 1
    age = f" · data {cells.long_age(cells.shown_age(seconds))} old" if is_old else ""
    if poller.outage is not None:
        return _outage(poller.outage, age, now), "trouble"
    if poller.asked_by_hand:
        return f"asking {_lists(len(poller.asked_by_hand))} …", "plain"
    problem = "paused" if poller.paused else _unreadable(monitor)
    if problem or not loaded:
        return f"{problem or 'connecting'}{age}", "trouble"
    if len(loaded) < len(ages):
        return f"reading {len(loaded)} of {_lists(len(ages))}{age}", "good"
    return _checked(seconds, at_rest=not runs.active)


def _checked(seconds: float, *, at_rest: bool) -> tuple[str, Health]:
    """The age of lists that are polled as they should be; seldom another at rest, to send less."""
    if seconds < UP_TO_DATE_SECONDS + 1:
        return "up to date", "good"
    if at_rest and seconds < cells.STALE_SECONDS:
        return f"checked < {cells.STALE_SECONDS} s ago", "plain"
    text = f"checked {cells.long_age(cells.shown_age(seconds))} ago"
    return text, "plain" if seconds < cells.STALE_SECONDS + 1 else "warning"


def _unreadable(monitor: Monitor) -> str:
    """`3 of 20 lists cannot be read: 403`; empty if all can be."""
    runs = monitor.runs
    failing = runs.failing_lists()
    if failing:
        reasons = ", ".join(dict.fromkeys(map(errors.list_reason, failing.values())))
        return f"{len(failing)} of {_lists(len(runs.runners))} cannot be read: {reasons}"
    error = runs.freshness(RUNNER_LIST).error
    return f"runner list cannot be read: {errors.list_reason(error)}" if error else ""


def _failing_lists(monitor: Monitor, runner_id: str) -> Iterator[str]:
    """Why lists on the screen cannot be read, the first of them in full."""
    runs = monitor.runs
    if error := runs.freshness(RUNNER_LIST).error:
        yield f"Runner list: {errors.full_text(error)}"
    failing = runs.failing_lists()
    shown = [each for each in failing if runner_id in {"", each}]
    for each in shown[:1]:
        runner = runs.runner(each)
        more = f" (and {len(shown) - 1} more)" if len(shown) > 1 else ""
        name = sanitize(runner.label) if runner else short_id(each)
        yield f"Runs of {name}{more}: {errors.full_text(failing[each])}"


def _clock_ahead(monitor: Monitor) -> str:
    """That the newest run is dated in the future, so that its ages mean little; else empty."""
    newest = next(iter(monitor.runs.all_runs()), None)
    if newest is None or newest.created_at is None:
        return ""
    ahead = newest.created_at - monitor.server_now()
    if ahead < CLOCK_AHEAD:
        return ""
    return (
        f"Clocks disagree: the newest run is dated {cells.long_age(ahead.total_seconds())} "
        "in the future, so ages and durations are wrong"
    )


def _lists(number: int) -> str:
    return cells.count(number, "list")


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
