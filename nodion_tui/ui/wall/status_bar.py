"""The row under the tiles: number of runs, feeds, and pages."""

from collections.abc import Iterator
from dataclasses import dataclass

from nodion_tui.model.run import RunStatus
from nodion_tui.model.text.signs import status_sign
from nodion_tui.ui.paint.styled_row import StyledRow, StyledText, row_width
from nodion_tui.ui.paint.text_bar import TextBar
from nodion_tui.ui.paint.theme import status_style


@dataclass(frozen=True, slots=True)
class WallStats:
    """Contents of the status bar."""

    running: int = 0
    ended: int = 0
    streamed: int = 0
    polled: int = 0
    poll_seconds: float = 0.0
    first: int = 0
    """Index of the first visible tile, from 0."""
    shown: int = 0
    """Number of visible tiles."""
    failure: str = ""
    """Why no log is read; empty if all is well."""


class WallStatusBar(TextBar):
    """The status bar of the wall."""

    DEFAULT_CSS = """
    WallStatusBar { background: $panel; }
    """

    _stats = WallStats()

    def show(self, stats: WallStats) -> None:
        """Show other contents; only columns that differ are repainted."""
        self._stats = stats
        self.update()

    def pieces(self, width: int) -> StyledRow:
        """The parts of the row; the last ones are dropped where it is too narrow."""
        gap = StyledText(" · ", "dim")
        row: StyledRow = (StyledText(" Wall", "strong"),)
        for piece in self._parts():
            longer = (*row, gap, piece)
            if len(row) > 1 and row_width(longer) > width:
                break
            row = longer
        return row

    def _parts(self) -> Iterator[StyledText]:
        stats = self._stats
        if stats.failure:
            yield StyledText(stats.failure, "trouble")
        sign = status_sign(RunStatus.RUNNING)
        style_name = status_style(RunStatus.RUNNING) if stats.running else "dim"
        yield StyledText(f"{sign} {stats.running} running", style_name)
        if stats.ended:
            yield StyledText(f"{stats.ended} ended", "dim")
        if stats.shown < stats.running + stats.ended:
            yield StyledText(_tiles(stats), "warning")
        if stats.streamed:
            where = " on screen" if stats.shown < stats.running + stats.ended else ""
            yield StyledText(f"{stats.streamed} live{where}", "dim")
        if stats.polled:
            yield StyledText(f"{stats.polled} polled every {stats.poll_seconds:.0f} s", "warning")


def _tiles(stats: WallStats) -> str:
    """`tile 1 of 3`, `tiles 1-2 of 3`."""
    first, last = stats.first + 1, stats.first + stats.shown
    which = f"tile {first}" if stats.shown == 1 else f"tiles {first}-{last}"
    return f"{which} of {stats.running + stats.ended}"
