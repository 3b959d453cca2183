"""The row under the bars: details of the run under the cursor."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from nodion_tui.model.run import Run
from nodion_tui.model.runner import Runner, short_id
from nodion_tui.model.text import format as cells
from nodion_tui.model.text.sanitize import sanitize
from nodion_tui.model.text.signs import status_sign
from nodion_tui.monitor.timeline.lanes import TimelineBar as RunBar
from nodion_tui.ui.paint.styled_row import StyledRow, StyledText, row_width, truncate
from nodion_tui.ui.paint.text_bar import TextBar
from nodion_tui.ui.paint.theme import status_style

_GAP = " · "
_STATUS_PIECES = 3
"""The first pieces, up to the status, which are cut rather than left out."""


@dataclass(frozen=True, slots=True)
class BarFacts:
    """What the row shows."""

    runner: Runner | None
    bar: RunBar | None
    run: Run | None
    """The run of the bar."""
    now: datetime
    """The server's clock."""
    known_until: datetime
    """Earlier than now for a run that cannot be read, which may have ended meanwhile."""


class BarDetail(TextBar):
    """Details of one run, or of a bar that stands for several."""

    DEFAULT_CSS = """
    BarDetail { background: $panel; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._row: StyledRow = ()

    def show(self, facts: BarFacts) -> None:
        """Show another run, or none."""
        self._row = tuple(_details(facts))
        self.update()

    def pieces(self, width: int) -> StyledRow:
        """The details, truncated to the width."""
        return _truncated(self._row, width)


def _details(facts: BarFacts) -> Iterator[StyledText]:
    runner, bar, run = facts.runner, facts.bar, facts.run
    yield StyledText(" ")
    if runner is None:
        return
    if bar is None or run is None:
        yield StyledText(f"{sanitize(runner.label)} has no run in this time range.", "dim")
        return
    gap = StyledText(_GAP, "dim")
    if bar.runs > 1:
        which = "newest failed one" if run.status == "failed" else "newest"
        yield StyledText(f"{bar.runs} runs, the {which}: ", "dim")
    sign = status_sign(run.status)
    ended = f", exit {run.exit_code}" if run.exit_code is not None else ""
    yield StyledText(f"{sign} {sanitize(run.status)}{ended}", status_style(run.status))
    for text in (
        cells.duration(run.duration(facts.known_until)),
        _time_range(run, facts.now),
        short_id(sanitize(run.id)),
        cells.effective_command(run, runner),
    ):
        if text:
            yield gap
            yield StyledText(text)


def _time_range(run: Run, now: datetime) -> str:
    """Start and end of a run."""
    started_at = run.started_at or run.created_at
    start = cells.date_time(started_at, now)
    if not run.is_final or run.completed_at is None:
        return start
    return f"{start} – {cells.time_of_day(run.completed_at)}"


def _truncated(row: StyledRow, columns: int) -> StyledRow:
    """The pieces that fit; times and id are left out rather than cut."""
    fitted: list[StyledText] = []
    for index, piece in enumerate(row, 1):
        room = columns - row_width(fitted)
        if row_width((piece,)) <= room:
            fitted.append(piece)
            continue
        if index == len(row) or (index <= _STATUS_PIECES and piece.text != _GAP):
            return (*fitted, StyledText(truncate(piece.text, room), piece.style))
        break
    return tuple(fitted[:-1] if fitted and fitted[-1].text == _GAP else fitted)
