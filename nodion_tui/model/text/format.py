"""Puts values into words: ages, durations, times, command lines, sizes, prices.

Screen, command line, notifications and saved summaries use these forms. External text is returned
sanitized.
"""

import math
from datetime import datetime, timedelta, tzinfo

from nodion_tui.model.log_line import FinalState
from nodion_tui.model.run import Run, RunStatus
from nodion_tui.model.runner import InstanceType, Runner
from nodion_tui.model.text.sanitize import sanitize
from nodion_tui.model.trigger import format_argv

RUNNER_DEFAULT = "runner default"
_MINUTE, _HOUR, _DAY = 60, 3600, 86400
_LEAST_PRICE = 0.0001
_AGES = (
    (_HOUR, _MINUTE, "m"),
    (_DAY, _HOUR, "h"),
    (100 * _DAY, _DAY, "d"),
    (700 * _DAY, 7 * _DAY, "w"),
    (math.inf, 365 * _DAY, "y"),
)
"""Below how many seconds an age has which unit, and the seconds of the unit."""
_UNITS = ((_DAY, "d"), (_HOUR, "h"), (_MINUTE, "min"), (1, "s"))
STALE_SECONDS = 30
"""Seconds from which an age is always shown."""
_STEP = 5
"""Seconds; see `shown_age`."""
_FUTURE_SECONDS = 10
"""Two clocks may differ by less than this without being worth a word."""

_EARLY, _LATE = timedelta(seconds=1), timedelta(minutes=1)
"""How much shorter than its time-out a run may be, as clocks differ, and how much longer, as its
processes get some time to end."""


def duration(span: timedelta | None, step: int = 1) -> str:
    """A duration in clock format: `04:30`, `1:02:03`, `3d 04h`, `120d`; empty for None.

    Args:
        span: a negative one counts as 0.
        step: seconds are rounded down to a multiple of this, which saves repaints.
    """
    if span is None:
        return ""
    seconds = max(0, int(span.total_seconds()))
    seconds -= seconds % max(1, step)
    if seconds < _HOUR:
        return f"{seconds // 60:02}:{seconds % 60:02}"
    if seconds < _DAY:
        return f"{seconds // _HOUR}:{seconds % _HOUR // 60:02}:{seconds % 60:02}"
    if seconds < 100 * _DAY:
        return f"{seconds // _DAY}d {seconds % _DAY // _HOUR:02}h"
    return f"{seconds // _DAY}d"


def short_duration(span: timedelta | None) -> str:
    """Like `duration`, without the leading zero: `4:30`, `0:42`."""
    text = duration(span)
    return text.removeprefix("0")


def long_duration(span: timedelta | None) -> str:
    """A duration with units: `42 s`, `4 min 12 s`, `1 h 02 min`, `3 d 4 h`."""
    if span is None:
        return ""
    seconds = max(0, int(span.total_seconds()))
    if seconds < _MINUTE:
        return f"{seconds} s"
    if seconds < _HOUR:
        return f"{seconds // 60} min {seconds % 60:02} s"
    if seconds < _DAY:
        return f"{seconds // _HOUR} h {seconds % _HOUR // 60:02} min"
    return f"{seconds // _DAY} d {seconds % _DAY // _HOUR} h"


def pause_duration(span: timedelta) -> str:
    """A duration like `long_duration`, with tenths of a second below a minute: `0.3 s`, `42 s`."""
    seconds = max(0.0, span.total_seconds())
    tenths = round(seconds * 10)
    if tenths >= 10 * _MINUTE or tenths % 10 == 0:
        return long_duration(timedelta(seconds=tenths // 10))
    return f"{tenths / 10} s"


def whole_duration(seconds: float) -> str:
    """A duration in the largest unit that makes it a whole number: `90 s`, `2 min`, `6 h`."""
    whole = round(seconds)
    size, unit = next((unit for unit in _UNITS if whole and whole % unit[0] == 0), (1, "s"))
    return f"{whole // size} {unit}" if whole else "0"


def age(span: timedelta) -> str:
    """An age as one figure: `20s`, `5m`, `2h`, `3d`, `15w`, `2y`; seconds in steps of ten.

    What is younger than ten seconds is `now`; what is dated later than now, by a clock that is
    ahead, is `+5m`.
    """
    seconds = int(span.total_seconds())
    if seconds <= -_FUTURE_SECONDS:
        return f"+{age(-span)}"
    if seconds < _MINUTE:
        return f"{seconds // 10 * 10}s" if seconds >= 10 else "now"
    size, unit = next((size, unit) for limit, size, unit in _AGES if seconds < limit)
    return f"{seconds // size}{unit}"


def shown_age(seconds: float) -> int:
    """An age in whole seconds, from five on in steps of five, which saves repaints.

    It is rounded down, as a clock would: 59.9 s is not yet a minute.
    """
    whole = int(seconds)
    return whole if whole < _STEP else whole - whole % _STEP


def long_age(seconds: float) -> str:
    """An age as one figure with unit: `3 s`, `4 min`, `2 h`; rounded down."""
    size, unit = next(
        (unit for unit in ((_HOUR, "h"), (_MINUTE, "min")) if seconds >= unit[0]), (1, "s")
    )
    return f"{int(seconds // size)} {unit}"


def rough_duration(span: timedelta) -> str:
    """A duration as one rounded figure of at least two units: `90 s`, `5 min`, `31 h`, `7 d`."""
    seconds = max(0.0, span.total_seconds())
    for size, unit in _UNITS:
        if seconds >= 2 * size:
            return f"{round(seconds / size)} {unit}"
    return f"{round(seconds)} s"


def ago(span: timedelta) -> str:
    """`age` with `ago`: `5m ago`, `now`; `5m ahead` of a clock that is behind."""
    short = age(span)
    if short.startswith("+"):
        return f"{short[1:]} ahead"
    return short if short == "now" else f"{short} ago"


def ago_in_words(span: timedelta) -> str:
    """`ago` behind a word, such as `changed`: `just now` instead of `now`."""
    text = ago(span)
    return "just now" if text == "now" else text


def time_of_day(moment: datetime, zone: tzinfo | None = None) -> str:
    """The time of day with seconds; None: the local zone."""
    return moment.astimezone(zone).strftime("%H:%M:%S")


def date_time(moment: datetime | None, now: datetime, zone: tzinfo | None = None) -> str:
    """The time of day, or the date if it is not today; empty for None."""
    if moment is None:
        return ""
    local, local_now = moment.astimezone(zone), now.astimezone(zone)
    if local.date() == local_now.date():
        return local.strftime("%H:%M:%S")
    return local.strftime("%b %d %H:%M" if local.year == local_now.year else "%Y-%m-%d %H:%M")


def short_date_time(moment: datetime, now: datetime, zone: tzinfo | None = None) -> str:
    """Like `date_time`, without seconds: `14:05`, `Jan 15 14:05`."""
    local, local_now = moment.astimezone(zone), now.astimezone(zone)
    return (
        local.strftime("%H:%M")
        if local.date() == local_now.date()
        else date_time(moment, now, zone)
    )


def run_command(run: Run) -> str:
    """A run's command on one line: quoted argv, `sh -c …`, or `runner default`."""
    if run.command is not None:
        return sanitize(f"sh -c {run.command}")
    return sanitize(format_argv(run.argv)) if run.argv else RUNNER_DEFAULT


def time_out_words(run: Run | FinalState, runner: Runner | None) -> str:
    """`timed out after 1 h`; empty if something else ended the run, or nothing has.

    The service does not tell it: such a run has failed, has no exit code, and lasted as long as its
    runner lets it.
    """
    limit = runner.time_limit if runner else None
    if limit is None or run.status != RunStatus.FAILED or run.exit_code is not None:
        return ""
    if run.started_at is None or run.completed_at is None:
        return ""
    if not limit - _EARLY <= run.completed_at - run.started_at <= limit + _LATE:
        return ""
    return f"timed out after {whole_duration(limit.total_seconds())}"


def effective_command(run: Run, runner: Runner | None) -> str:
    """What a run executed: its own command, or the runner's default.

    A run does not tell the default it was started with. Where the runner was changed after it,
    the default of today is marked: `now: python3 etl.py`.
    """
    default = default_command(runner) if runner is not None and run.is_default else ""
    if not default or runner is None:
        return run_command(run)
    is_changed = run.created_at and runner.updated_at and runner.updated_at > run.created_at
    return f"now: {default}" if is_changed else default


def default_command(runner: Runner) -> str:
    """A runner's default command; empty if the image defines it."""
    if runner.run_command:
        return sanitize(f"sh -c {runner.run_command}")
    return sanitize(format_argv(runner.argv))


def memory(mebibytes: int) -> str:
    """`512 MiB`, `1 GiB`, `1.5 GiB`."""
    if mebibytes < 1024:
        return f"{mebibytes} MiB"
    return f"{mebibytes / 1024:.3g} GiB"


def count(number: int, noun: str) -> str:
    """A number of things: `1 line`, `48,213 lines`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def data_size(size: int) -> str:
    """The size of a text or file: `640 bytes`, `100 KB`, `2.9 MB`; a KB has 1,024 bytes."""
    if size < 1024:
        return count(size, "byte")
    if size < 1024 * 1024:
        return f"{size // 1024} KB"
    return f"{size / 1024 / 1024:,.1f} MB"


def instance_size(instance: InstanceType) -> str:
    """The size of a container: `Standard S · 1 cpu · 1 GiB`."""
    parts = [sanitize(instance.name or instance.slug)]
    if instance.cpu:
        parts.append(f"{instance.cpu:g} cpu")
    if instance.mem:
        parts.append(memory(instance.mem))
    return " · ".join(part for part in parts if part)


def price(amount: float | None) -> str:
    """The price of a run: `1.25`, `0.0042`, `< 0.0001`; the API names no currency."""
    if amount is None:
        return ""
    if amount >= 0.1:
        return f"{amount:,.2f}"
    if 0 < amount < _LEAST_PRICE:
        return f"< {_LEAST_PRICE}"
    return f"{amount:.4f}" if amount else "0"
