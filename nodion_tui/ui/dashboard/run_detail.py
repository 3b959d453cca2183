"""All attributes of a run, one label and value per line."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import chain, repeat
from typing import TYPE_CHECKING

import msgspec

from nodion_tui.config import Profile
from nodion_tui.model.exit_code import exit_words
from nodion_tui.model.run import Run, RunStatus
from nodion_tui.model.runner import Runner, short_id
from nodion_tui.model.text import format as cells
from nodion_tui.model.text.sanitize import sanitize
from nodion_tui.model.text.signs import AWAITED_SIGN, POLLED_SIGN, status_sign
from nodion_tui.ui.paint.styled_row import StyledRow, StyledText, row_width, wrap_row
from nodion_tui.ui.paint.theme import status_style
from nodion_tui.ui.paint.widget_styles import profile_style
from nodion_tui.ui.paint.wrapped_row_view import WrappedRowView

if TYPE_CHECKING:
    from nodion_tui.monitor.insight.failure_groups import FailureGroup
    from nodion_tui.monitor.insight.rhythm import Rhythm
    from nodion_tui.monitor.insight.silence import Silence
    from nodion_tui.monitor.insight.typical_duration import DurationEstimate, TypicalDuration

_NUMBER_WIDTH = 4
_WRAPPED_VALUES = 128
"""Wrapped values that are kept."""
_INDENT = 2
"""Columns before a value that stands under its label."""
_MINUTES = timedelta(minutes=2)
"""From this on, a rough duration is a number of minutes."""
LONG_QUEUE = timedelta(seconds=30)
"""A wait from which on it matters when the runner was warmed."""
AVAILABLE = "available"
"""The status of a runner that is as it should be."""


class RunFacts(msgspec.Struct, frozen=True):
    """Contents of the detail pane."""

    run: Run
    runner: Runner | None = None
    typical: "TypicalDuration | None" = None
    stopping: float | None = None
    """Seconds since a stop was requested that is not confirmed yet."""
    is_awaited: bool = False
    """Whether its end will be told."""
    is_stale: bool = False
    known_until: datetime | None = None
    """The server's time until which the state of a stale run is known; None: now."""
    failure_group: "FailureGroup | None" = None
    """Failures with the same cause."""
    unread_failures: int = 0
    """Number of failures that may belong to them: their logs are not read."""
    known: str = ""
    """Since when the cause of a failure is acknowledged, until when, and why; else empty."""
    silence: "Silence | None" = None
    """How long there has been no output, if longer than usual."""
    rhythm: "Rhythm | None" = None
    """How regularly such runs come."""
    is_overdue: bool = False
    """Whether the next of them did not come when it was due."""
    not_streamed: str = ""
    """Why its end is polled for; empty if a stream tells it."""
    is_first_failure: bool = False
    """Whether it is the first run that failed after its runner was changed."""
    runner_id: str = ""
    """Id of the runner as the service knows it; empty: that of the run."""
    profile: Profile | None = None
    """The profile of the run, where there are several."""


class RunDetail(WrappedRowView):
    """The detail pane.

    Args:
        clock: the server's clock, time-zone aware, as of the last update of the lists.
    """

    DEFAULT_CSS = """
    RunDetail {
        padding: 0 0 0 1;
        scrollbar-gutter: stable;
    }
    """

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._facts: RunFacts | None = None
        super().__init__(
            lambda width: detail_rows(self._facts, clock(), width),
            lambda: (self._facts, clock()),
            id="detail",
        )
        self.placeholder = ("No run selected.",)

    def show(self, facts: RunFacts | None) -> None:
        """Show a run, or none; scrolls to the top for another run."""
        is_other_run = facts is None or self._facts is None or facts.run.key != self._facts.run.key
        self._facts = facts
        self.update()
        if is_other_run:
            self.scroll_to(y=0, animate=False, immediate=True)

    def title(self) -> str:
        """Title in the frame."""
        return f"Run {short_id(sanitize(self._facts.run.id))}" if self._facts else "Run"


def detail_rows(facts: RunFacts | None, now: datetime, width: int) -> Iterator[StyledRow]:
    """Labels in a column as wide as the longest one, values wrapped beside it.

    Args:
        facts: what is known of a run; None: no run.
        now: the server's clock.
        width: columns of a row.
    """
    lines = list(_lines(facts, now)) if facts else []
    label_width = max((len(label) for label, _ in lines), default=0) + 1
    for label, value in lines:
        yield from _wrap(f"{label:<{label_width}}", value, width)


def _lines(facts: RunFacts, now: datetime) -> Iterator[tuple[str, StyledRow]]:
    from nodion_tui.monitor.insight.typical_duration import estimate_duration  # noqa: PLC0415 - after the first paint

    run, runner = facts.run, facts.runner
    yield "status", _status_row(facts, now)
    if facts.is_awaited:
        yield "notify", (StyledText(f"{AWAITED_SIGN} when it ends", "strong"),)
    if facts.profile is not None:
        name = f" {sanitize(facts.profile.name)} "
        yield "profile", (StyledText(name, profile_style(facts.profile.color)),)
    yield from _anomaly_lines(facts, now)
    if facts.not_streamed:
        yield "polled", _plain_row(f"{POLLED_SIGN} {facts.not_streamed}")
    yield from _time_lines(run, runner, now, facts.known_until or now)
    yield from _typical_lines(estimate_duration(run, facts.typical, now), facts.typical, now)
    yield from _time_limit_lines(run, runner, facts.typical, now)
    if facts.rhythm is not None:
        yield "rhythm", _rhythm_row(facts.rhythm, now, is_overdue=facts.is_overdue)
    yield from _command_lines(run, runner)
    if run.exit_code is not None:
        style_name = status_style("failed") if run.exit_code else ""
        yield "exit code", (StyledText(exit_words(run.exit_code), style_name),)
    if runner is not None:
        yield from _runner_lines(run, runner, now, is_first_failure=facts.is_first_failure)
        yield "env", (StyledText("not returned by the API", "dim"),)
    yield "run", _plain_row(run.id)
    yield "runner id", _plain_row(facts.runner_id or run.runner_id)


def _status_row(facts: RunFacts, now: datetime) -> StyledRow:
    status = facts.run.status
    words = cells.time_out_words(facts.run, facts.runner) or sanitize(status)
    row = [StyledText(f"{status_sign(status)} {words}", status_style(status))]
    if facts.stopping is not None:
        since = cells.long_duration(timedelta(seconds=facts.stopping))
        row.append(StyledText(f" stop requested · {since}", "warning"))
    if facts.is_stale:
        since = cells.date_time(facts.known_until, now)
        text = f" not checked since {since}" if since else " not checked"
        row.append(StyledText(text, "warning"))
    return tuple(row)


def _time_lines(
    run: Run, runner: Runner | None, now: datetime, known_until: datetime
) -> Iterator[tuple[str, StyledRow]]:
    if run.started_at is not None:
        duration = cells.duration(run.duration(known_until))
        if run.completed_at is None:
            yield "started", _plain_row(f"{cells.date_time(run.started_at, now)}, {duration}")
        else:
            yield "started", _plain_row(cells.date_time(run.started_at, now))
            yield "ended", _plain_row(f"{cells.date_time(run.completed_at, now)}, {duration}")
    elif run.completed_at is not None:
        yield "ended", _plain_row(f"{cells.date_time(run.completed_at, now)}, never started")
    if run.created_at is not None:
        queue_time = run.queue_time(known_until) or timedelta()
        if run.started_at is None:
            yield "created", _plain_row(cells.date_time(run.created_at, now))
        warmed = _warmed(runner, now) if queue_time >= LONG_QUEUE else ""
        yield "queued", _plain_row(cells.long_duration(queue_time) + warmed)


def _warmed(runner: Runner | None, now: datetime) -> str:
    """When the image of a runner was last made ready, beside a long wait."""
    if runner is None or runner.warmed_at is None:
        return ""
    return f", runner warmed {cells.ago_in_words(now - runner.warmed_at)}"


def _typical_lines(
    estimate: "DurationEstimate | None", typical: "TypicalDuration | None", now: datetime
) -> Iterator[tuple[str, StyledRow]]:
    if typical is None:
        return
    yield "median", _plain_row(f"{cells.duration(typical.p50)} ({typical.runs} runs)")
    if estimate is not None and estimate.slower:
        yield "", (StyledText("slower than usual", "warning"),)
    elif estimate is not None and estimate.remaining is not None:
        end = cells.date_time(now + estimate.remaining, now)
        remaining = cells.duration(estimate.remaining)
        yield "ETA", _plain_row(f"{end} in {remaining}")


def _time_limit_lines(
    run: Run, runner: Runner | None, typical: "TypicalDuration | None", now: datetime
) -> Iterator[tuple[str, StyledRow]]:
    """When a running run times out, and whether what is usual takes longer."""
    limit = runner.time_limit if runner else None
    if limit is None or run.started_at is None or run.status != RunStatus.RUNNING:
        return
    end = run.started_at + limit
    wait = cells.rough_duration(end - now) if end > now else "0 s"
    yield "times out", _plain_row(f"{cells.short_date_time(end, now)} in {wait}")
    if typical is not None and typical.p90 > limit:
        usual = cells.rough_duration(typical.p90)
        yield "", (StyledText(f"it takes up to {usual} usually", "warning"),)


def _rhythm_row(rhythm: "Rhythm", now: datetime, *, is_overdue: bool) -> StyledRow:
    since = now - rhythm.last
    # A figure of seconds would change each second.
    last = f", last {cells.rough_duration(since)} ago" if since >= _MINUTES else ""
    every = cells.rough_duration(rhythm.period)
    text = StyledText(f"every {every} ({rhythm.of + 1} runs){last}")
    if not is_overdue:
        return (text,)
    missed = cells.rough_duration(now - rhythm.due_at)
    return (text, StyledText(f", overdue by {missed}", "warning"))


def _anomaly_lines(facts: RunFacts, now: datetime) -> Iterator[tuple[str, StyledRow]]:
    group, silence = facts.failure_group, facts.silence
    if group is not None:
        number = f"{group.other_count + 1:,}"
        if group.is_guess:
            same = f"exit {facts.run.exit_code} in {number} runs of this runner"
        else:
            more = "+" if facts.unread_failures else ""
            same = f"same error in {number}{more} runs"
        since = f" since {cells.short_date_time(group.since, now)}" if group.since else ""
        yield "cause", _plain_row(f"{same}{since}")
    if facts.known:
        yield "known", _plain_row(facts.known)
    if silence is not None:
        silent = f"no output for {cells.long_duration(silence.duration)},"
        typical = f"usually ≤ {cells.long_duration(silence.typical_gap)}"
        yield "silent", (StyledText(silent, "warning"),)
        yield "", (StyledText(typical, "warning"),)


def _command_lines(run: Run, runner: Runner | None) -> Iterator[tuple[str, StyledRow]]:
    if run.command is not None:
        yield "command", (StyledText("sh -c ", "dim"), StyledText(sanitize(run.command)))
    elif run.argv:
        for number, token in enumerate(run.argv, 1):
            sign = StyledText(f"{number:<{_NUMBER_WIDTH}}", "dim")
            yield "argv" if number == 1 else "", (sign, StyledText(sanitize(token)))
    else:
        default = cells.effective_command(run, runner)
        if default != cells.RUNNER_DEFAULT:
            yield "command", (StyledText("(default) ", "dim"), StyledText(default))
        else:
            yield "command", (StyledText(default, "dim"),)
    if run.entrypoint is not None:
        yield "entrypoint", _plain_row(run.entrypoint)
    elif runner is not None and runner.entrypoint is not None:
        default_sign = StyledText("(default) ", "dim")
        yield "entrypoint", (default_sign, *_plain_row(runner.entrypoint))


def _runner_lines(
    run: Run, runner: Runner, now: datetime, *, is_first_failure: bool
) -> Iterator[tuple[str, StyledRow]]:
    from nodion_tui.monitor.insight.statistics import run_cost  # noqa: PLC0415 - after the first paint

    yield "runner", _plain_row(runner.label)
    if runner.status not in {"", AVAILABLE}:
        yield "", (StyledText(sanitize(runner.status), "warning"),)
    if is_first_failure and runner.updated_at is not None:
        changed = f"changed {cells.ago_in_words(now - runner.updated_at)}, first failure since"
        yield "", (StyledText(changed, "warning"),)
    if runner.image:
        yield "image", _plain_row(runner.image)
    if runner.instance_type is not None:
        yield "size", _plain_row(cells.instance_size(runner.instance_type))
    if runner.region is not None and runner.region.name:
        yield "region", _plain_row(runner.region.name)
    if price := cells.price(run_cost(run, runner, now)):
        yield "cost", _plain_row(price)


def _plain_row(text: str) -> StyledRow:
    return (StyledText(sanitize(text)),)


@lru_cache(_WRAPPED_VALUES)
def _wrap(label: str, value: StyledRow, width: int) -> Sequence[StyledRow]:
    """The lines of one value, wrapped at words where possible.

    What fits in a line of its own, but not beside its label, stands under it. Cached, as few values
    of a running run change from one second to the next.
    """
    size = row_width(value)
    if label.strip() and len(label) + size > width >= _INDENT + size:
        return ((StyledText(label, "dim"),), (StyledText(" " * _INDENT), *value))
    lines = wrap_row(value, max(1, width - len(label)))
    heads = chain((StyledText(label, "dim"),), repeat(StyledText(" " * len(label))))
    return tuple((head, *line) for head, line in zip(heads, lines, strict=False))
