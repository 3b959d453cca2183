"""The first row: whose runs these are, how they stand, and how fresh all of it is."""

from collections.abc import Iterator
from typing import NamedTuple

from rich.style import Style
from textual.color import Color, ColorParseError

from nodion_tui.model.run import RunStatus
from nodion_tui.model.sanitize import sanitize
from nodion_tui.ui.paint import styled_row as rows
from nodion_tui.ui.paint.styled_row import StyledRow, StyledText
from nodion_tui.ui.paint.text_bar import TextBar
from nodion_tui.ui.paint.theme import Glyphs, status_style

_GAP = "   "
_CLOCK_COLUMNS = len("14:05:31")
"""Kept while the seconds are left out, so that nothing moves."""


class TitleText(NamedTuple):
    """What the title bar says."""

    profile: str = ""
    project: str = ""
    """Project, host or machine; empty if there is nothing to say."""
    color: str | None = None
    """What the profile wears, as in its configuration."""
    badges: tuple[str, ...] = ()
    """Short warnings that stay, such as `read-only`."""
    runners: int | None = None
    running: int = 0
    pending: int = 0
    failed_today: int = 0
    freshness: str = ""
    """How fresh things are, in a few words."""
    is_live: bool = False
    clock: str = ""


class TitleBar(TextBar):
    """The title bar; what there is no room for goes, the counts before the link.

    Args:
        glyphs: the signs to paint with.
        id: Textual's.
    """

    DEFAULT_CSS = """
    TitleBar {
        background: $panel;
        color: $foreground;
    }
    """

    def __init__(self, glyphs: Glyphs, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._glyphs = glyphs
        self._headline = TitleText()

    def show(self, headline: TitleText) -> None:
        """Say something else; only columns that differ are repainted."""
        repaint_all = headline.color != self._headline.color
        self._headline = headline
        if repaint_all:
            self.refresh()
        else:
            self.update()

    def pieces(self, width: int) -> StyledRow:
        """The row, with what there is room for."""
        for left, middle, right in self._versions():
            room = width - _columns(left) - _columns(right)
            if room >= _columns(middle) + len(_GAP):
                gap = room - _columns(middle)
                before = min(len(_GAP) * 2, gap // 2)
                return (
                    *left,
                    StyledText(" " * before),
                    *middle,
                    StyledText(" " * (gap - before)),
                    *right,
                )
        return (*self._who(short=True), StyledText(" "), *self._link())

    def style_of(self, *looks: str) -> Style:
        """The style of a piece; the profile wears its own colours."""
        style = super().style_of(*looks)
        if "strong" in looks and (own := self._own_colour()):
            text = own.get_contrast_text(1.0)
            style += Style.from_color(text.rich_color, own.rich_color)
        return style

    def _own_colour(self) -> Color | None:
        try:
            return Color.parse(self._headline.color) if self._headline.color else None
        except ColorParseError:
            return None

    def _versions(self) -> Iterator[tuple[StyledRow, StyledRow, StyledRow]]:
        """From everything to the least that makes sense."""
        clock = self._clock()
        counts, active = self._counts(), self._counts(only_alive=True)
        yield self._who(), counts, (*self._link(), *clock)
        yield self._who(), active, (*self._link(), *clock)
        yield self._who(short=True), active, (*self._link(), *clock)
        yield self._who(short=True), active, self._link()
        yield self._who(short=True), (), self._link()

    def _who(self, *, short: bool = False) -> StyledRow:
        line = self._headline
        row = [StyledText(" "), StyledText("nodion", "name"), StyledText("  ")] if not short else []
        row.append(StyledText(f" {sanitize(line.profile)} ", "strong"))
        if line.project and not short:
            row.append(StyledText(f"{self._glyphs.project_arrow} {sanitize(line.project)} ", "dim"))
        row += [StyledText(f" {badge} ", "badge") for badge in line.badges]
        return tuple(row)

    def _counts(self, *, only_alive: bool = False) -> StyledRow:
        line = self._headline
        row: list[StyledText] = []
        if line.runners is not None and not only_alive:
            row.append(StyledText(f"{line.runners} runner{'' if line.runners == 1 else 's'}"))
        for number, status, word in (
            (line.running, RunStatus.RUNNING, "running"),
            (0 if only_alive else line.pending, RunStatus.PENDING, "pending"),
            (line.failed_today, RunStatus.FAILED, "failed today"),
        ):
            if number:
                row += [StyledText(_GAP)] if row else []
                short = word.split()[0] if only_alive else word
                text = f"{self._glyphs.status(status)} {number} {short}"
                row.append(StyledText(text, status_style(status)))
        return tuple(row)

    def _link(self) -> StyledRow:
        line = self._headline
        if not line.freshness:
            return ()
        sign = self._glyphs.live if line.is_live else self._glyphs.offline
        look = "good" if line.is_live else "trouble"
        return (StyledText(f"{sign} {line.freshness} ", look),)

    def _clock(self) -> StyledRow:
        clock = self._headline.clock
        return (StyledText(f"  {clock:>{_CLOCK_COLUMNS}} ", "dim"),) if clock else ()


def _columns(row: StyledRow) -> int:
    return rows.row_width(row)
