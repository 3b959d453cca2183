"""All that is known of one run, a label and a value a line."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from nodion_tui.model.run import Run
from nodion_tui.model.runner import Runner, short_id
from nodion_tui.model.sanitize import visible
from nodion_tui.ui.paint import format as cells
from nodion_tui.ui.paint.styled_row import Piece, Row, wrap
from nodion_tui.ui.paint.theme import Glyphs, status_look
from nodion_tui.ui.paint.wrapped_rows import WrappedView

if TYPE_CHECKING:
    from nodion_tui.monitor.insight.failure_groups import Family
    from nodion_tui.monitor.insight.silence import Silence
    from nodion_tui.monitor.insight.usual_duration import Outlook, Usual

_NUMBER = 4


class Facts(NamedTuple):
    """What the pane shows."""

    run: Run
    runner: Runner | None = None
    usual: "Usual | None" = None
    stopping: float | None = None
    """Seconds since a stop was requested that has not been seen done."""
    is_stale: bool = False
    family: "Family | None" = None
    """Failures that look like this one."""
    silence: "Silence | None" = None
    """How long there has been no output, where that is longer than usual."""


class RunDetail(WrappedView):
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
        self._facts: Facts | None = None

    def show(self, facts: Facts | None) -> None:
        """Show a run, or none."""
        other = facts is None or self._facts is None or facts.run.key != self._facts.run.key
        self._facts = facts
        self.update()
        if other:
            self.scroll_to(y=0, animate=False, immediate=True)

    def says(self) -> tuple[object, ...]:
        """The facts, and the time."""
        return self._facts, self._clock()

    def broken(self, width: int) -> Iterator[Row]:
        """Labels in a column as wide as the longest, values beside it."""
        lines = list(self._lines(self._facts)) if self._facts else []
        beside = max((len(label) for label, _ in lines), default=0) + 1
        for label, value in lines:
            yield from _wrap(f"{label:<{beside}}", value, width)

    def _lines(self, facts: Facts) -> Iterator[tuple[str, Row]]:
        from nodion_tui.monitor.insight.usual_duration import outlook  # noqa: PLC0415 - after the first paint

        run, runner, now = facts.run, facts.runner, self._clock()
        yield "status", self._status(facts)
        yield from self._unusual(facts, now)
        yield from self._times(run, now)
        yield from self._usual(outlook(run, facts.usual, now), facts.usual, now)
        yield from self._command(run, runner)
        if run.exit_code is not None:
            look = status_look("failed") if run.exit_code else ""
            yield "exit code", (Piece(str(run.exit_code), look),)
        if runner is not None:
            yield from self._place(run, runner, now)
        yield "run", _plain(run.id)
        yield "runner id", _plain(run.runner_id)

    def _status(self, facts: Facts) -> Row:
        status = facts.run.status
        words = f"{self._glyphs.status(status)} {visible(status)}"
        row = [Piece(words, status_look(status))]
        if facts.stopping is not None:
            since = cells.spell(timedelta(seconds=facts.stopping))
            row.append(Piece(f" stop requested {self._glyphs.dot} {since}", "warning"))
        if facts.is_stale:
            row.append(Piece(" not up to date", "warning"))
        return tuple(row)

    def _times(self, run: Run, now: datetime) -> Iterator[tuple[str, Row]]:
        if run.started_at is not None:
            took = cells.duration(run.duration(now))
            if run.completed_at is None:
                yield "started", _plain(f"{cells.when(run.started_at, now)}, {took}")
            else:
                yield "started", _plain(cells.when(run.started_at, now))
                yield "ended", _plain(f"{cells.when(run.completed_at, now)}, {took}")
        elif run.completed_at is not None:
            yield "ended", _plain(f"{cells.when(run.completed_at, now)}, never started")
        if run.created_at is not None:
            waited = cells.spell(run.queue_time(now))
            if run.started_at is None:
                yield "created", _plain(cells.when(run.created_at, now))
            yield "queued", _plain(waited)

    def _usual(
        self, view: "Outlook | None", usual: "Usual | None", now: datetime
    ) -> Iterator[tuple[str, Row]]:
        if usual is None:
            return
        yield "usual", _plain(f"{cells.compact(usual.p50)} (p50 of {usual.runs})")
        if view is not None and view.slower:
            yield "", (Piece("slower than usual", "warning"),)
        elif view is not None and view.remaining is not None:
            end = cells.when(now + view.remaining, now)
            yield "likely", _plain(f"{end}, in {cells.compact(view.remaining)}")

    def _unusual(self, facts: Facts, now: datetime) -> Iterator[tuple[str, Row]]:
        family, silence = facts.family, facts.silence
        if family is not None:
            what = f"exit {facts.run.exit_code} as" if family.is_guess else "same as"
            since = f" since {cells.since(family.since, now)}" if family.since else ""
            yield "cause", _plain(f"{what} {family.others:,}{since}")
        if silence is not None:
            most = "<=" if self._glyphs.ascii else "≤"
            lasting = f"no output for {cells.spell(silence.lasting)},"
            yield "silent", (Piece(lasting, "warning"),)
            yield "", (Piece(f"usually {most} {cells.spell(silence.usual)}", "warning"),)

    def _command(self, run: Run, runner: Runner | None) -> Iterator[tuple[str, Row]]:
        if run.command is not None:
            yield "command", (Piece("sh -c ", "dim"), Piece(visible(run.command)))
        elif run.argv:
            for number, token in enumerate(run.argv, 1):
                sign = Piece(f"{number:<{_NUMBER}}", "dim")
                yield "argv" if number == 1 else "", (sign, Piece(visible(token)))
        else:
            yield "command", (Piece(cells.RUNNER_DEFAULT, "dim"),)
            if runner is not None and (default := cells.default_command(runner)):
                yield "", (Piece(default),)
        if run.entrypoint is not None:
            yield "entrypoint", _plain(run.entrypoint)
        elif runner is not None and runner.entrypoint is not None:
            own = Piece("runner default ", "dim")
            yield "entrypoint", (own, *_plain(runner.entrypoint))

    def _place(self, run: Run, runner: Runner, now: datetime) -> Iterator[tuple[str, Row]]:
        from nodion_tui.monitor.insight.statistics import cost  # noqa: PLC0415 - after the first paint

        yield "runner", _plain(runner.label)
        if runner.image:
            yield "image", _plain(runner.image)
        if runner.instance_type is not None:
            yield "size", _plain(cells.size(runner.instance_type))
        if runner.region is not None and runner.region.name:
            yield "region", _plain(runner.region.name)
        if spent := cells.price(cost(run, runner, now)):
            yield "cost", _plain(spent)

    def title(self) -> str:
        """What stands in the frame."""
        return f"Run {short_id(visible(self._facts.run.id))}" if self._facts else "Run"


def _plain(text: str) -> Row:
    return (Piece(visible(text)),)


def _wrap(label: str, value: Row, width: int) -> Iterator[Row]:
    """The lines of one value, broken at words where that is possible."""
    head = Piece(label, "dim")
    for line in wrap(value, max(1, width - len(label))):
        yield (head, *line)
        head = Piece(" " * len(label))
