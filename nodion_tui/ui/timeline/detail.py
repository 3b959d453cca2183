"""The row under the bars: the run under the cursor, in words."""

from collections.abc import Iterator
from datetime import datetime, tzinfo

from nodion_tui.model.run import Run
from nodion_tui.model.runner import Runner, short_id
from nodion_tui.model.sanitize import visible
from nodion_tui.monitor.timeline.lanes import Bar as RunBar
from nodion_tui.ui.paint import format as cells
from nodion_tui.ui.paint.bar import Bar
from nodion_tui.ui.paint.styled_row import Piece, Row, cut, width
from nodion_tui.ui.paint.theme import Glyphs, status_look


class BarDetail(Bar):
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
        self._words: Row = ()

    def show(
        self, runner: Runner | None, bar: RunBar | None, run: Run | None, now: datetime
    ) -> None:
        """Tell of another run, or of none."""
        self._words = tuple(self._tell(runner, bar, run, now))
        self.update()

    def pieces(self, width: int) -> Row:
        """The words, the last ones cut off."""
        return _fitted(self._words, width, self._glyphs.cut)

    def _tell(
        self, runner: Runner | None, bar: RunBar | None, run: Run | None, now: datetime
    ) -> Iterator[Piece]:
        yield Piece(" ")
        if runner is None:
            return
        if bar is None or run is None:
            yield Piece(f"{visible(runner.label)} has no run in this time.", "dim")
            return
        gap = Piece(f" {self._glyphs.dot} ", "dim")
        if bar.runs > 1:
            which = "newest that failed" if run.status == "failed" else "newest"
            yield Piece(f"{bar.runs} runs, the {which}: ", "dim")
        sign = self._glyphs.status(run.status)
        ended = f", exit {run.exit_code}" if run.exit_code is not None else ""
        yield Piece(f"{sign} {visible(run.status)}{ended}", status_look(run.status))
        for text in (
            cells.duration(run.duration(now)),
            _span(run, now, self._zone),
            short_id(visible(run.id)),
            cells.command(run),
        ):
            if text:
                yield gap
                yield Piece(text)


def _span(run: Run, now: datetime, zone: tzinfo | None) -> str:
    """From when to when."""
    begun = run.started_at or run.created_at
    start = cells.when(begun, now, zone)
    if not run.is_final or run.completed_at is None:
        return start
    return f"{start} – {cells.clock(run.completed_at, zone)}"


def _fitted(row: Row, columns: int, sign: str) -> Row:
    fitted: list[Piece] = []
    for piece in row:
        room = columns - width(fitted)
        fitted.append(Piece(cut(piece.text, room, sign), piece.look))
        if fitted[-1].text != piece.text:
            break
    return tuple(fitted)
