"""All that is known of one run, a label and a value a line."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from nodion_tui.model.run import Run
from nodion_tui.model.runner import Runner, short_id
from nodion_tui.model.sanitize import sanitize
from nodion_tui.ui.paint import format as cells
from nodion_tui.ui.paint.styled_row import StyledRow, StyledText, wrap_row
from nodion_tui.ui.paint.theme import Glyphs, status_style
from nodion_tui.ui.paint.wrapped_row_view import WrappedRowView

if TYPE_CHECKING:
    from nodion_tui.monitor.insight.failure_groups import FailureGroup
    from nodion_tui.monitor.insight.silence import Silence
    from nodion_tui.monitor.insight.typical_duration import DurationEstimate, TypicalDuration

_NUMBER = 4


class RunFacts(NamedTuple):
    """What the pane shows."""

    run: Run
    runner: Runner | None = None
    typical: "TypicalDuration | None" = None
    stopping: float | None = None
    """Seconds since a stop was requested that has not been seen done."""
    is_stale: bool = False
    failure_group: "FailureGroup | None" = None
    """Failures that look like this one."""
    silence: "Silence | None" = None
    """How long there has been no output, where that is longer than usual."""


class RunDetail(WrappedRowView):
    """The detail pane.

    Args:
        glyphs: the signs to paint with.
        clock: the server's clock, aware, as of when the lists were worked out.
        id: Textual's.
    """

    DEFAULT_CSS = """
    RunDetail {
        padding: 0 1;
        scrollbar-gutter: stable;
    }
    """

    def __init__(
        self,
        glyphs: Glyphs,
        clock: Callable[[], datetime],
        *,
        id: str | None = None,  # noqa: A002 - Textual's name
    ) -> None:
        super().__init__(id=id)
        self._glyphs = glyphs
        self._clock = clock
        self._facts: RunFacts | None = None

    def show(self, facts: RunFacts | None) -> None:
        """Show a run, or none."""
        other = facts is None or self._facts is None or facts.run.key != self._facts.run.key
        self._facts = facts
        self.update()
        if other:
            self.scroll_to(y=0, animate=False, immediate=True)

    def content_key(self) -> tuple[object, ...]:
        """The facts, and the time."""
        return self._facts, self._clock()

    def wrapped_rows(self, width: int) -> Iterator[StyledRow]:
        """Labels in a column as wide as the longest, values beside it."""
        lines = list(self._lines(self._facts)) if self._facts else []
        beside = max((len(label) for label, _ in lines), default=0) + 1
        for label, value in lines:
            yield from _wrap(f"{label:<{beside}}", value, width)

    def _lines(self, facts: RunFacts) -> Iterator[tuple[str, StyledRow]]:
        from nodion_tui.monitor.insight.typical_duration import estimate_duration  # noqa: PLC0415 - after the first paint

        run, runner, now = facts.run, facts.runner, self._clock()
        yield "status", self._status(facts)
        yield from self._unusual(facts, now)
        yield from self._times(run, now)
        yield from self._usual(estimate_duration(run, facts.typical, now), facts.typical, now)
        yield from self._command(run, runner)
        if run.exit_code is not None:
            look = status_style("failed") if run.exit_code else ""
            yield "exit code", (StyledText(str(run.exit_code), look),)
        if runner is not None:
            yield from self._place(run, runner, now)
        yield "run", _plain(run.id)
        yield "runner id", _plain(run.runner_id)

    def _status(self, facts: RunFacts) -> StyledRow:
        status = facts.run.status
        words = f"{self._glyphs.status(status)} {sanitize(status)}"
        row = [StyledText(words, status_style(status))]
        if facts.stopping is not None:
            since = cells.long_duration(timedelta(seconds=facts.stopping))
            row.append(StyledText(f" stop requested {self._glyphs.separator} {since}", "warning"))
        if facts.is_stale:
            row.append(StyledText(" not up to date", "warning"))
        return tuple(row)

    def _times(self, run: Run, now: datetime) -> Iterator[tuple[str, StyledRow]]:
        if run.started_at is not None:
            took = cells.duration(run.duration(now))
            if run.completed_at is None:
                yield "started", _plain(f"{cells.date_time(run.started_at, now)}, {took}")
            else:
                yield "started", _plain(cells.date_time(run.started_at, now))
                yield "ended", _plain(f"{cells.date_time(run.completed_at, now)}, {took}")
        elif run.completed_at is not None:
            yield "ended", _plain(f"{cells.date_time(run.completed_at, now)}, never started")
        if run.created_at is not None:
            waited = cells.long_duration(run.queue_time(now))
            if run.started_at is None:
                yield "created", _plain(cells.date_time(run.created_at, now))
            yield "queued", _plain(waited)

    def _usual(
        self, view: "DurationEstimate | None", usual: "TypicalDuration | None", now: datetime
    ) -> Iterator[tuple[str, StyledRow]]:
        if usual is None:
            return
        yield "usual", _plain(f"{cells.short_duration(usual.p50)} (p50 of {usual.runs})")
        if view is not None and view.slower:
            yield "", (StyledText("slower than usual", "warning"),)
        elif view is not None and view.remaining is not None:
            end = cells.date_time(now + view.remaining, now)
            yield "likely", _plain(f"{end}, in {cells.short_duration(view.remaining)}")

    def _unusual(self, facts: RunFacts, now: datetime) -> Iterator[tuple[str, StyledRow]]:
        family, silence = facts.failure_group, facts.silence
        if family is not None:
            what = f"exit {facts.run.exit_code} as" if family.is_guess else "same as"
            since = f" since {cells.short_date_time(family.since, now)}" if family.since else ""
            yield "cause", _plain(f"{what} {family.other_count:,}{since}")
        if silence is not None:
            most = "<=" if self._glyphs.ascii else "≤"
            lasting = f"no output for {cells.long_duration(silence.duration)},"
            yield "silent", (StyledText(lasting, "warning"),)
            yield (
                "",
                (
                    StyledText(
                        f"usually {most} {cells.long_duration(silence.typical_gap)}", "warning"
                    ),
                ),
            )

    def _command(self, run: Run, runner: Runner | None) -> Iterator[tuple[str, StyledRow]]:
        if run.command is not None:
            yield "command", (StyledText("sh -c ", "dim"), StyledText(sanitize(run.command)))
        elif run.argv:
            for number, token in enumerate(run.argv, 1):
                sign = StyledText(f"{number:<{_NUMBER}}", "dim")
                yield "argv" if number == 1 else "", (sign, StyledText(sanitize(token)))
        else:
            yield "command", (StyledText(cells.RUNNER_DEFAULT, "dim"),)
            if runner is not None and (default := cells.default_command(runner)):
                yield "", (StyledText(default),)
        if run.entrypoint is not None:
            yield "entrypoint", _plain(run.entrypoint)
        elif runner is not None and runner.entrypoint is not None:
            own = StyledText("runner default ", "dim")
            yield "entrypoint", (own, *_plain(runner.entrypoint))

    def _place(self, run: Run, runner: Runner, now: datetime) -> Iterator[tuple[str, StyledRow]]:
        from nodion_tui.monitor.insight.statistics import run_cost  # noqa: PLC0415 - after the first paint

        yield "runner", _plain(runner.label)
        if runner.image:
            yield "image", _plain(runner.image)
        if runner.instance_type is not None:
            yield "size", _plain(cells.instance_size(runner.instance_type))
        if runner.region is not None and runner.region.name:
            yield "region", _plain(runner.region.name)
        if spent := cells.price(run_cost(run, runner, now)):
            yield "cost", _plain(spent)

    def title(self) -> str:
        """What stands in the frame."""
        return f"Run {short_id(sanitize(self._facts.run.id))}" if self._facts else "Run"


def _plain(text: str) -> StyledRow:
    return (StyledText(sanitize(text)),)


def _wrap(label: str, value: StyledRow, width: int) -> Iterator[StyledRow]:
    """The lines of one value, broken at words where that is possible."""
    head = StyledText(label, "dim")
    for line in wrap_row(value, max(1, width - len(label))):
        yield (head, *line)
        head = StyledText(" " * len(label))
