"""Texts about the cause of failures: what it is, whose failures, and whether it is known."""

from collections.abc import Mapping
from datetime import datetime

from nodion_tui.model.exit_code import exit_words
from nodion_tui.model.runner import short_id
from nodion_tui.model.text.format import ago_in_words, count, short_date_time
from nodion_tui.model.text.sanitize import sanitize
from nodion_tui.monitor.insight.failure_causes import CauseFamily
from nodion_tui.monitor.insight.failure_groups import FailureCause
from nodion_tui.monitor.storage.known_failures import WEEK, KnownFailure, Lasting

MAX_RUNNERS = 2
"""Runners of a family that are named; more are counted."""


def cause_lines(cause: FailureCause, *, is_read: bool) -> str:
    """What the failures share, one line each, sanitized."""
    if cause.shapes:
        return "\n".join(map(sanitize, cause.shapes))
    why = "The log is empty" if is_read else "The log was not read"
    return f"{why}: this means {exit_text(cause)} of this runner."


def exit_text(cause: FailureCause) -> str:
    """The exit code with its meaning, or that there is none."""
    return "no exit code" if cause.exit_code is None else f"exit {exit_words(cause.exit_code)}"


def family_text(
    family: CauseFamily, names: Mapping[str, str], now: datetime, *, is_whole: bool = True
) -> str:
    """How many failures, of which runners, since when: `4 failures of ETL, 12:04 to 14:05`.

    Args:
        family: the failures.
        names: runner id → sanitized name.
        now: the server's clock.
        is_whole: whether all logs are read; others may belong to it: `4+ failures`.
    """
    runs = family.group.runs
    runners = list(dict.fromkeys(run.runner_id for run in runs))
    shown = [names.get(each) or short_id(sanitize(each)) for each in runners[:MAX_RUNNERS]]
    more = len(runners) - MAX_RUNNERS
    whose = ", ".join(shown) + (f" and {more} more" if more > 0 else "")
    last = runs[0].completed_at or runs[0].created_at
    number = count(len(runs), "failure") if is_whole else f"{len(runs):,}+ failures"
    text = f"{number} of {whose}"
    if family.group.since is not None and family.group.other_count:
        text += f", since {short_date_time(family.group.since, now)}"
    return f"{text}, last {ago_in_words(now - last)}" if last is not None else text


def state_text(family: CauseFamily) -> str:
    """`new`, `known`, or `1 new` where an acknowledgement has ended."""
    if not family.new:
        return "known"
    return "new" if family.known is None else f"{family.new:,} new"


def known_text(known: KnownFailure, now: datetime) -> str:
    """Since when a cause is acknowledged, until when, and why; sanitized."""
    text = f"since {short_date_time(known.at, now)}, {until_text(known, now)}"
    return sanitize(f"{text}: {known.note}" if known.note else text)


def until_text(known: KnownFailure, now: datetime) -> str:
    """Until when a cause is acknowledged."""
    if known.lasts is Lasting.FOREVER:
        return "for good"
    if known.lasts is Lasting.SUCCESS:
        return "until the next success"
    end = known.at + WEEK
    return f"until {short_date_time(end, now)}" if now < end else "for 7 days, now over"
