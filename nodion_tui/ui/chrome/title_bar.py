"""The first row: profile, run counts, and the age of the data."""

from collections.abc import Iterator
from typing import Literal

import msgspec
from rich.style import Style
from textual.color import Color, ColorParseError

from nodion_tui.model.run import RunStatus
from nodion_tui.model.text.sanitize import sanitize
from nodion_tui.model.text.signs import OVERDUE_SIGN, status_sign
from nodion_tui.ui.paint.styled_row import StyledRow, StyledText, row_width, truncate
from nodion_tui.ui.paint.text_bar import TextBar
from nodion_tui.ui.paint.theme import status_style
from nodion_tui.ui.paint.widget_styles import profile_style, readable_on
from nodion_tui.ui.terminal.colors.palette_filter import in_palette

Health = Literal["good", "plain", "warning", "trouble"]
"""How far the data can be trusted: current, of late, old, or not checked as it should be."""
_GAP = "   "
_CLOCK_COLUMNS = len("14:05:31")
"""Reserved also while the seconds are left out, so that nothing moves."""
_AGE_COLUMNS = len("◉ checked 10 s ago ")
"""Reserved also for a shorter age, so that neither place nor words of the counts change with it."""


class ProfileName(msgspec.Struct, frozen=True):
    """One of several profiles, as the title bar names it."""

    name: str
    color: str | None = None
    """As in its configuration."""
    note: str = ""
    """A persistent short warning, such as `read-only`."""


class Trouble(msgspec.Struct, frozen=True):
    """Why one of several profiles is not current."""

    name: str
    why: str
    """Two or three words."""
    since: str = ""
    """Time of day, with a word before it; empty: not known."""


class TitleText(msgspec.Struct, frozen=True):
    """Contents of the title bar."""

    profile: str = ""
    project: str = ""
    """Project, host or machine; may be empty."""
    color: str | None = None
    """Color of the profile, as in its configuration."""
    badges: tuple[str, ...] = ()
    """Persistent short warnings, such as `read-only`."""
    profiles: tuple[ProfileName, ...] = ()
    """The profiles, in place of `profile`, where there are several."""
    troubles: tuple[Trouble, ...] = ()
    """The profiles that are not current, where there are several."""
    runners: int | None = None
    running: int = 0
    polled: int = 0
    """How many of the running ones have no stream, so that their end is polled for."""
    pending: int = 0
    failed_today: int = 0
    overdue: int = 0
    """Runners that did not run when they were due."""
    freshness: str = ""
    """Age of the data, or state of the connection."""
    short_freshness: str = ""
    """The same in fewer words, for a narrow window; empty: there are none."""
    health: Health = "trouble"
    bound: str = ""
    """After sums: `+` if a list has not been read yet, so that there may be more."""
    active_bound: str = ""
    """After the runs that have not ended: also `?` if a list cannot be read any more."""
    clock: str = ""


class TitleBar(TextBar):
    """The title bar; parts that do not fit are dropped, the counts before the freshness."""

    DEFAULT_CSS = """
    TitleBar {
        background: $panel;
        color: $foreground;
    }
    """

    def __init__(self) -> None:
        super().__init__(id="title")
        self._contents = TitleText()

    def show(self, title: TitleText) -> None:
        """Show other contents; only columns that differ are repainted."""
        repaint_all = title.color != self._contents.color
        self._contents = title
        if repaint_all:
            self.refresh()
        else:
            self.update()

    def pieces(self, width: int) -> StyledRow:
        """The row, with the parts that fit."""
        for left, middle, right in self._variants():
            room = width - row_width(left) - row_width(right)
            if room >= row_width(middle) + len(_GAP):
                gap = room - row_width(middle)
                left_gap = min(len(_GAP) * 2, gap // 2)
                return (
                    *left,
                    StyledText(" " * left_gap),
                    *middle,
                    StyledText(" " * (gap - left_gap)),
                    *right,
                )
        row = (*self._profile_part(short=True), StyledText(" "))
        *parts, last = self._freshness_part(3, short=True) or (StyledText(""),)
        room = width - row_width(row) - row_width(parts)
        return (*row, *parts, StyledText(truncate(last.text.rstrip(), room), last.style))

    def style_of(self, *style_names: str) -> Style:
        """The style of a piece; the profile has its own color."""
        style = super().style_of(*style_names)
        if "strong" in style_names and (color := self._profile_color()):
            style += Style.from_color(readable_on(color).rich_color, color.rich_color)
        return style

    def _profile_color(self) -> Color | None:
        try:
            color = Color.parse(self._contents.color) if self._contents.color else None
        except ColorParseError:
            return None
        has_palette = self.app.console.color_system == "256"
        return color and in_palette(color) if has_palette else color

    def _variants(self) -> Iterator[tuple[StyledRow, StyledRow, StyledRow]]:
        """Variants from the longest to the shortest."""
        clock = self._clock_part()
        active = self._count_part(only_alive=True)
        for counts in (self._count_part(with_runners=True), self._count_part()):
            yield self._profile_part(), counts, (*self._freshness_part(), *clock)
        yield self._profile_part(), active, (*self._freshness_part(), *clock)
        yield self._profile_part(short=True), active, (*self._freshness_part(), *clock)
        yield self._profile_part(short=True), active, self._freshness_part()
        for level in (1, 2, 3) if self._contents.troubles else (0,):
            yield self._profile_part(short=True), active, self._freshness_part(level)
            yield self._profile_part(short=True), (), self._freshness_part(level)
        if self._contents.short_freshness and not self._contents.troubles:
            part = self._age_part(short=True)
            yield self._profile_part(short=True), active, part
            yield self._profile_part(short=True), (), part

    def _profile_part(self, *, short: bool = False) -> StyledRow:
        title = self._contents
        row = [StyledText(" "), StyledText("nodion", "name"), StyledText("  ")] if not short else []
        if title.profiles:
            return (*row, *self._names_part(short=short))
        row.append(StyledText(f" {sanitize(title.profile)} ", "strong"))
        if title.project and not short:
            row.append(StyledText(f"▸ {sanitize(title.project)} ", "dim"))
        row += [StyledText(f" {badge} ", "badge") for badge in title.badges]
        return tuple(row)

    def _names_part(self, *, short: bool) -> StyledRow:
        """The names of several profiles."""
        row: list[StyledText] = []
        for profile in self._contents.profiles:
            name = f" {sanitize(profile.name)} "
            row.append(StyledText(name, profile_style(profile.color)))
            if profile.note and not short:
                row.append(StyledText(f"{profile.note} ", "badge"))
        return tuple(row)

    def _count_part(self, *, with_runners: bool = False, only_alive: bool = False) -> StyledRow:
        title = self._contents
        row: list[StyledText] = []
        if title.runners is not None and with_runners:
            row.append(StyledText(f"{title.runners} runner{'' if title.runners == 1 else 's'}"))
        pending = 0 if only_alive else title.pending
        for count, status, word, bound in (
            (title.running, RunStatus.RUNNING, "running", title.active_bound),
            (pending, RunStatus.PENDING, "pending", title.active_bound),
            (title.failed_today, RunStatus.FAILED, "failed today", title.bound),
        ):
            if count:
                row += [StyledText(_GAP)] if row else []
                short = word.split()[0] if only_alive else word
                text = f"{status_sign(status)} {count}{bound} {short}"
                if status == RunStatus.RUNNING and title.polled and not only_alive:
                    text = f"{text}, {title.polled} polled"
                row.append(StyledText(text, status_style(status)))
        if title.overdue:
            row += [StyledText(_GAP)] if row else []
            row.append(StyledText(f"{OVERDUE_SIGN} {title.overdue} overdue", "warning"))
        return tuple(row)

    def _freshness_part(self, level: int = 0, *, short: bool = False) -> StyledRow:
        """The age of the data, and who is not current: from 0 on, a higher level says less."""
        troubles = self._contents.troubles
        if not troubles:
            return self._age_part(short=short)
        words = " · ".join(
            " ".join(filter(None, (sanitize(each.name), each.why, each.since * (level == 0))))
            for each in troubles
        )
        names = ", ".join(sanitize(each.name) for each in troubles)
        text = words if level < 2 else f"{names} not current"
        part = StyledText(f"○ {text} ", "trouble")
        return (*self._age_part(), StyledText(" "), part) if level < 3 else (part,)

    def _age_part(self, *, short: bool = False) -> StyledRow:
        title = self._contents
        words = (title.short_freshness if short else "") or title.freshness
        if not words:
            return ()
        sign = "○" if title.health == "trouble" else "◉"
        style_name = "" if title.health == "plain" else title.health
        text = StyledText(f"{sign} {words} ", style_name)
        missing = _AGE_COLUMNS - row_width((text,))
        return (StyledText(" " * missing), text) if missing > 0 else (text,)

    def _clock_part(self) -> StyledRow:
        clock = self._contents.clock
        return (StyledText(f"  {clock:>{_CLOCK_COLUMNS}} ", "dim"),) if clock else ()
