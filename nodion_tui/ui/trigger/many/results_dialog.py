"""Dialog that shows what becomes of each of many starts.

It dismisses what to do next and sends nothing itself; while it sends, Esc stops what is not sent.
"""

from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from nodion_tui.config import Profile
from nodion_tui.model.run import Run, RunKey
from nodion_tui.model.text.sanitize import sanitize
from nodion_tui.monitor.many.planned_start import StartState
from nodion_tui.monitor.many.start_series import StartSeries
from nodion_tui.ui.dialogs.badge import profile_badge
from nodion_tui.ui.dialogs.box import DialogBox
from nodion_tui.ui.dialogs.button_row import ButtonRow
from nodion_tui.ui.dialogs.controls import CompactButton
from nodion_tui.ui.trigger.many import series_text as texts


class SeriesStep(StrEnum):
    """What to do next."""

    CLOSE = "close"
    BACKGROUND = "background"
    """Close it while requests are still to be sent."""
    CHECK = "check"
    """List the runs again that those of unknown outcome may have become."""
    RETRY = "retry"
    """Send those that surely did not start."""


class StartResultsDialog(DialogBox[SeriesStep]):
    """A row for each start.

    Args:
        series: the starts, and what has become of each.
        names: what they are called in rows.
        profile: where they are started.
        find_run: a run as it is now.
        is_left: whether the profile was left, so that nothing more can be sent.
    """

    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+c", "leave", "Stop", show=False)]

    def __init__(
        self,
        series: StartSeries,
        names: Sequence[str],
        *,
        profile: Profile,
        find_run: Callable[[RunKey], Run | None],
        is_left: Callable[[], bool],
    ) -> None:
        super().__init__()
        self._series = series
        self._names = tuple(names)
        self._profile = profile
        self._find_run = find_run
        self._is_left = is_left

    def compose(self) -> ComposeResult:
        """Textual: compose the child widgets."""
        with Vertical(classes="box -wide"):
            yield Static(profile_badge(self._profile), classes="box--facts")
            with VerticalScroll(classes="box--rows"):
                yield Static(id="series-rows")
            yield Static(id="series-note", classes="box--note")
            with ButtonRow(classes="box--buttons"):
                yield CompactButton("Check unknown", id="series-check")
                yield CompactButton("Try again", id="series-retry")
                yield CompactButton("Stop sending  Esc", id="series-stop")
                yield CompactButton("Continue in background", id="series-hide", classes="-main")
                yield CompactButton("Close", id="series-close", classes="-main -leave")

    def on_mount(self) -> None:
        """Textual: show progress, and the seconds of a pause."""
        self.refresh_content()
        self.query_one("#series-close" if self._series.is_done else "#series-hide").focus()
        self.set_interval(1, self.refresh_content)

    def action_leave(self) -> None:
        """Send no more; once nothing waits to be sent, leave."""
        if self._series.is_done:
            self.dismiss(SeriesStep.CLOSE)
        elif not self._is_waiting:
            self.dismiss(SeriesStep.BACKGROUND)
        else:
            self._series.stop()
            self.refresh_content()

    @property
    def _is_waiting(self) -> bool:
        return any(each.state is StartState.WAITING for each in self._series.outcomes)

    def refresh_content(self) -> None:
        """Show what has become of each start by now."""
        if self._is_dismissed or not self.query("#series-rows"):
            return  # also while the program ends
        outcomes, is_done = self._series.outcomes, self._series.is_done
        runs = [None if each.run is None else self._find_run(each.run.key) for each in outcomes]
        rows = list(texts.outcome_rows(self._names, outcomes, runs))
        self.query_one("#series-rows", Static).update(Content("\n").join(rows))
        self.query_one(".box").border_title = texts.series_title(outcomes)
        self.query_one("#series-note", Static).update(Content(self._note()))
        resend = texts.resend_label(outcomes)
        self.query_one("#series-retry", CompactButton).label = resend
        is_unknown = any(each.unknown is not None for each in outcomes)
        can_ask = is_done and not self._is_left()
        self._show_button("#series-check", shown=can_ask and is_unknown)
        self._show_button("#series-retry", shown=can_ask and bool(resend))
        self._show_button("#series-stop", shown=self._is_waiting)
        self._show_button("#series-hide", shown=not is_done)
        self._show_button("#series-close", shown=is_done)

    def _note(self) -> str:
        outcomes = self._series.outcomes
        parts = [texts.series_summary(outcomes), sanitize(self._series.hold)]
        if any(each.state is StartState.UNKNOWN for each in outcomes):
            parts.append("unknown ones may have started: they are never sent again from here")
        if self._is_left():
            parts.append(texts.left_text(self._profile))
        return "\n".join(part for part in parts if part)

    def _show_button(self, selector: str, *, shown: bool) -> None:
        """Show a button; the focus of one that goes is on the one that leaves."""
        button = self.query_one(selector, CompactButton)
        had_focus = button.has_focus
        button.display = shown
        button.disabled = not shown
        if had_focus and not shown:
            leave = "#series-close" if self._series.is_done else "#series-hide"
            button = self.query_one(leave, CompactButton)
            button.display, button.disabled = True, False
            button.focus()

    @on(CompactButton.Pressed, "#series-stop")
    def _stop_pressed(self) -> None:
        self.action_leave()

    @on(CompactButton.Pressed, "#series-hide")
    def _hide_pressed(self) -> None:
        self.dismiss(SeriesStep.BACKGROUND)

    @on(CompactButton.Pressed, "#series-check")
    def _check_pressed(self) -> None:
        self.dismiss(SeriesStep.CHECK)

    @on(CompactButton.Pressed, "#series-retry")
    def _retry_pressed(self) -> None:
        self.dismiss(SeriesStep.RETRY)
