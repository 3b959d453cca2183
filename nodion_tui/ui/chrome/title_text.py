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
from nodion_tui.monitor.account import Account
from nodion_tui.monitor.monitor import Monitor
from nodion_tui.monitor.polling.poller import Outage
from nodion_tui.monitor.runs.changes import RUNNER_LIST
from nodion_tui.ui.chrome.title_bar import Health, ProfileName, TitleText, Trouble
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
    several = monitor.accounts if monitor.has_several else ()
    running = sum(
        1 for run in map(runs.run, runs.active) if run and run.status != RunStatus.PENDING
    )
    freshness, health = _freshness(monitor, tuple(runner_ids), now)
    return TitleText(
        profile=profile.name,
        project=_project(profile.project, profile.api_url),
        color=profile.color,
        badges=tuple(_badges(monitor.accounts.first)),
        profiles=tuple(
            ProfileName(account.name, account.profile.color, ", ".join(_badges(account)))
            for account in several
        ),
        troubles=tuple(_troubles(monitor)),
        runners=len(runs.runners) if monitor.is_listed else None,
        running=running,
        polled=len(monitor.streams.quiet.all_not_streamed()),
        pending=len(runs.active) - running,
        failed_today=failed_today,
        overdue=len(monitor.due.runners()),
        freshness=freshness,
        short_freshness=_short_outage(monitor.poller.outage),
        health=health,
        bound="" if runs.is_complete else "+",
        active_bound="?" if runs.failing_lists() else "" if runs.is_complete else "+",
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
    runs = monitor.runs
    yield from _own_notices(monitor)
    for account in monitor.accounts:
        yield from _account_notices(monitor, account)
    for key, error in monitor.run_control.failed_stops.items():
        yield _failed_stop(monitor, key, error)
    for account in monitor.accounts:
        yield from _list_notices(monitor, account)
    yield from _failing_lists(monitor, runner_id)
    if ahead := _clock_ahead(monitor):
        yield ahead
    for each, bad_runs in runs.bad_runs().items():
        if runner_id in {"", each}:
            yield _skipped("run", f" of {sanitize(monitor.label(each))}", bad_runs)
    yield from _shared_runners(monitor)


def _account_notices(monitor: Monitor, account: Account) -> Iterator[str]:
    """What keeps an account from being current, and what to do.

    Nothing as long as nothing is listed: the screen has nothing else, and says it in full.
    """
    outage = account.outage
    if not monitor.is_listed:
        return
    if not monitor.has_several:
        if outage is not None and isinstance(outage.error, KeyRejected):
            yield errors.account_text(account, outage.error)
        return
    error = account.trouble or (outage.error if outage else None)
    if error is not None:
        since = f" since {cells.time_of_day(outage.since)}" if outage else ""
        yield f"{account.name}{since}: {errors.account_text(account, error)}"


def _shared_runners(monitor: Monitor) -> Iterator[str]:
    """That runners are listed by several accounts, and where they are shown."""
    for account in monitor.accounts:
        shared = monitor.runs.runner_lists.shared_with(account.runs.list_key)
        if shared:
            owners = sorted({monitor.accounts.profile_name(runner.id) for runner in shared})
            runners = cells.count(len(shared), "runner")
            yield f"{runners} of {account.name} shown once, under {', '.join(owners)}"


def _list_notices(monitor: Monitor, account: Account) -> Iterator[str]:
    """What is wrong with the runner list of an account."""
    prefix = f"{account.name}: " if monitor.has_several else ""
    listed = monitor.runs.runner_lists[account.runs.list_key]
    if listed.denied is not None:
        answer = _answer(listed.denied)
        if listed.configured:
            yield f"{prefix}Runner list taken from the configuration: {answer}"
        else:
            yield f"{prefix}Runner list refused ({answer}): name runners in NODION_RUNNERS"
    if listed.bad_rows:
        yield f"{prefix}{_skipped('runner', '', listed.bad_rows)}"
    error = monitor.runs.freshness(account.runs.list_key).error
    if error is not None and account.outage is None:
        yield f"{prefix}Runner list: {errors.full_text(error)}"


def _troubles(monitor: Monitor) -> Iterator[Trouble]:
    """The profiles that are not current, where there are several."""
    for account in monitor.accounts if monitor.has_several else ():
        if account.error is not None:
            outage = account.outage
            since = f"since {cells.time_of_day(outage.since)}" if outage else ""
            yield Trouble(account.name, errors.short_text(account.error), since)


def _own_notices(monitor: Monitor) -> Iterator[str]:
    """What happened during an absence, and to a file of the program."""
    if monitor.missed is not None:
        since = cells.time_of_day(monitor.missed.since)
        yield f"While you were away (since {since}): {monitor.missed.text}. Press A for the list."
    if monitor.failures.notice:
        yield sanitize(f"Known failures: {monitor.failures.notice}")


def _failed_stop(monitor: Monitor, key: RunKey, error: NodionError) -> str:
    run = f"run {sanitize(short_id(key[1]))} of {sanitize(monitor.label(key[0]))}"
    return f"Stop of {run}: press X on it to decide. {errors.sending_text(error)}"


def _clock(monitor: Monitor) -> str:
    """The time; without seconds while polling is paused or nothing runs, to send less."""
    now = monitor.server_now()
    at_rest = monitor.poller.paused or not monitor.runs.active
    return cells.short_date_time(now, now) if at_rest else cells.time_of_day(now)


def _freshness(monitor: Monitor, runner_ids: tuple[str, ...], now: float) -> tuple[str, Health]:
    """How old the oldest list is, or why it is not polled or cannot be read."""
    poller, runs = monitor.poller, monitor.runs
    if monitor.has_several and all(account.error for account in monitor.accounts):
        return "", "trouble"  # it is told of each
    fetched_at = runs.fetched_at(_answering_lists(monitor, runner_ids))
    loaded = [moment for moment in fetched_at if moment is not None]
    seconds = max(0.0, now - min(loaded, default=now))
    is_old = seconds >= cells.STALE_SECONDS + 1
    age = f" · data {cells.long_age(cells.shown_age(seconds))} old" if is_old else ""
    if poller.outage is not None:
        return _outage(poller.outage, age, now), "trouble"
    if asked := _asked_lists(monitor):
        return f"asking {_lists(asked)} …", "plain"
    problem = "paused" if poller.paused else _unreadable(monitor)
    if problem or not loaded:
        return f"{problem or 'connecting'}{age}", "trouble"
    if len(loaded) < len(fetched_at):
        return f"reading {len(loaded)} of {_lists(len(fetched_at))}{age}", "good"
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
    failing = _answering_failures(monitor)
    if failing:
        reasons = ", ".join(dict.fromkeys(map(errors.list_reason, failing.values())))
        return f"{len(failing)} of {_lists(len(runs.runners))} cannot be read: {reasons}"
    error = None if monitor.has_several else runs.freshness(RUNNER_LIST).error
    return f"runner list cannot be read: {errors.list_reason(error)}" if error else ""


def _failing_lists(monitor: Monitor, runner_id: str) -> Iterator[str]:
    """Why lists on the screen cannot be read, the first of them in full."""
    failing = _answering_failures(monitor)
    shown = [each for each in failing if runner_id in {"", each}]
    for each in shown[:1]:
        more = f" (and {len(shown) - 1} more)" if len(shown) > 1 else ""
        name = sanitize(monitor.label(each))
        yield f"Runs of {name}{more}: {errors.full_text(failing[each])}"


def _answering_failures(monitor: Monitor) -> dict[str, NodionError]:
    """Runner id → why its list cannot be read, where the service answers."""
    failing = monitor.runs.failing_lists().items()
    return {each: error for each, error in failing if monitor.account_of(each).outage is None}


def _asked_lists(monitor: Monitor) -> int:
    """Lists that were asked for and may answer: of others, trouble is told."""
    accounts = [each for each in monitor.accounts if not (monitor.has_several and each.error)]
    return sum(len(account.poller.asked_by_hand) for account in accounts)


def _answering_lists(monitor: Monitor, runner_ids: Sequence[str]) -> Sequence[str]:
    """The lists whose age counts: where others answer, the trouble of one is told beside it."""
    if not monitor.has_several:
        return runner_ids or (RUNNER_LIST,)
    answering = [each for each in runner_ids if monitor.account_of(each).outage is None]
    lists = [account.runs.list_key for account in monitor.accounts if account.error is None]
    return answering or lists


def _clock_ahead(monitor: Monitor) -> str:
    """That the newest run is dated in the future, so that its ages mean little; else empty."""
    newest = next(iter(monitor.runs.all_runs()), None)
    if newest is None or newest.created_at is None:
        return ""
    ahead = newest.created_at - monitor.server_now(newest.runner_id)
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


def _short_outage(outage: Outage | None) -> str:
    """What is wrong, and since which minute; empty if nothing is."""
    if outage is None:
        return ""
    return f"{errors.short_text(outage.error)} since {cells.time_of_day(outage.since)[:5]}"


def _badges(account: Account) -> Iterator[str]:
    if account.run_control.read_only:
        yield "read-only"
    parts = urlsplit(account.profile.api_url)
    if parts.scheme == "http" and account.profile.allow_http:
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
