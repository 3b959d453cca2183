"""The row under the bars: the run under the cursor, in words."""

from collections.abc import Iterator
from datetime import datetime, tzinfo

from nodion_tui.model.run import Run
from nodion_tui.model.runner import Runner, short_id
from nodion_tui.model.sanitize import sanitize
from nodion_tui.monitor.timeline.lanes import TimelineBar as RunBar
from nodion_tui.ui.paint import format as cells
from nodion_tui.ui.paint.styled_row import StyledRow, StyledText, row_width, truncate
from nodion_tui.ui.paint.text_bar import TextBar
from nodion_tui.ui.paint.theme import Glyphs, status_style


class BarDetail(TextBar):
    """One run in words, or what a bar of several stands for.

    Args:
        glyphs: the signs to paint with.
        zone: what local time means; None: the zone of this machine.
        id: Textual's.
    """

    DEFAULT_CSS = """
    BarDetail { background: $panel; }
    """

    def __init__(
        self,
        glyphs: Glyphs,
        zone: tzinfo | None = None,
        *,
        id: str | None = None,  # noqa: A002 - Textual's name
    ) -> None:
        super().__init__(id=id)
        self._glyphs = glyphs
        self._zone = zone
        self._words: StyledRow = ()

    def show(
        self, runner: Runner | None, bar: RunBar | None, run: Run | None, now: datetime
    ) -> None:
        """Tell of another run, or of none."""
        self._words = tuple(self._tell(runner, bar, run, now))
        self.update()

    def pieces(self, width: int) -> StyledRow:
        """The words, the last ones cut off."""
        return _fitted(self._words, width, self._glyphs.ellipsis)

    def _tell(
        self, runner: Runner | None, bar: RunBar | None, run: Run | None, now: datetime
    ) -> Iterator[StyledText]:
        yield StyledText(" ")
        if runner is None:
            return
        if bar is None or run is None:
            yield StyledText(f"{sanitize(runner.label)} has no run in this time.", "dim")
            return
        gap = StyledText(f" {self._glyphs.separator} ", "dim")
        if bar.runs > 1:
            which = "newest that failed" if run.status == "failed" else "newest"
            yield StyledText(f"{bar.runs} runs, the {which}: ", "dim")
        sign = self._glyphs.status(run.status)
        ended = f", exit {run.exit_code}" if run.exit_code is not None else ""
        yield StyledText(f"{sign} {sanitize(run.status)}{ended}", status_style(run.status))
        for text in (
            cells.duration(run.duration(now)),
            _span(run, now, self._zone),
            short_id(sanitize(run.id)),
            cells.run_command(run),
        ):
            if text:
                yield gap
                yield StyledText(text)


def _span(run: Run, now: datetime, zone: tzinfo | None) -> str:
    """From when to when."""
    begun = run.started_at or run.created_at
    start = cells.date_time(begun, now, zone)
    if not run.is_final or run.completed_at is None:
        return start
    return f"{start} – {cells.time_of_day(run.completed_at, zone)}"


def _fitted(row: StyledRow, columns: int, sign: str) -> StyledRow:
    fitted: list[StyledText] = []
    for piece in row:
        room = columns - row_width(fitted)
        fitted.append(StyledText(truncate(piece.text, room, sign), piece.style))
        if fitted[-1].text != piece.text:
            break
    return tuple(fitted)
