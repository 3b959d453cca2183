"""The row under the tiles: how many there are, how they are read, and whether there are more."""

from collections.abc import Iterator
from dataclasses import dataclass

from nodion_tui.model.run import RunStatus
from nodion_tui.ui.paint.styled_row import StyledRow, StyledText
from nodion_tui.ui.paint.text_bar import TextBar
from nodion_tui.ui.paint.theme import Glyphs, status_style


@dataclass(frozen=True, slots=True)
class WallStats:
    """What there is to tell of a wall."""

    running: int = 0
    ended: int = 0
    streamed: int = 0
    polled: int = 0
    poll_seconds: float = 0.0
    first: int = 0
    """Place of the first tile on screen, from 0."""
    shown: int = 0
    """Tiles on screen."""
    failure: str = ""
    """Why nothing is read, if that is so."""


class WallStatusBar(TextBar):
    """Figures of a wall.

    Args:
        glyphs: the signs to paint with.
    """

    DEFAULT_CSS = """
    WallStatusBar { background: $panel; }
    """

    def __init__(self, glyphs: Glyphs) -> None:
        super().__init__()
        self._glyphs = glyphs
        self._figures = WallStats()

    def show(self, figures: WallStats) -> None:
        """Tell other figures; only columns that differ are repainted."""
        self._figures = figures
        self.update()

    def pieces(self, width: int) -> StyledRow:
        """The words."""
        del width
        gap = StyledText(f" {self._glyphs.separator} ", "dim")
        row: list[StyledText] = [StyledText(" Wall", "strong")]
        for piece in self._words():
            row += (gap, piece)
        return tuple(row)

    def _words(self) -> Iterator[StyledText]:
        told = self._figures
        if told.failure:
            yield StyledText(told.failure, "trouble")
        sign = self._glyphs.status(RunStatus.RUNNING)
        look = status_style(RunStatus.RUNNING) if told.running else "dim"
        yield StyledText(f"{sign} {told.running} running", look)
        if told.ended:
            yield StyledText(f"{told.ended} ended", "dim")
        if told.shown < told.running + told.ended:
            all_of = told.running + told.ended
            yield StyledText(
                f"tiles {told.first + 1}-{told.first + told.shown} of {all_of}", "warning"
            )
        if told.streamed:
            yield StyledText(f"{told.streamed} streamed", "dim")
        if told.polled:
            yield StyledText(f"{told.polled} polled every {told.poll_seconds:.0f} s", "warning")
