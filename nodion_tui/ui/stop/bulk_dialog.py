"""Shall these runs be stopped? And what became of each.

Two dialogs: `BulkStopDialog` dismisses the runs to stop, `BulkResultsDialog` is told what becomes
of them and dismisses those that failed and shall be tried again. Neither stops anything.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Input

from nodion_tui.config import Profile
from nodion_tui.model.run import Run, RunKey
from nodion_tui.model.runner import Runner
from nodion_tui.model.sanitize import visible
from nodion_tui.monitor.runs.bulk_stop import StopOutcome, StopState, outcome_of
from nodion_tui.ui.dialogs.ascii_signs import Words
from nodion_tui.ui.dialogs.box import Box
from nodion_tui.ui.dialogs.controls import Press
from nodion_tui.ui.stop import dialog_text as words
from nodion_tui.ui.stop.confirm_name import SureBox, SureField


class BulkStopDialog(SureBox[tuple[RunKey, ...] | None]):
    """Names every run; those that have ended already are shown and left out."""

    AUTO_FOCUS = "#stop-keep"

    def __init__(
        self,
        runs: Sequence[Run],
        runners: Mapping[str, Runner],
        *,
        profile: Profile,
        clock: Callable[[], datetime],
        covers: str = "",
        refusal: str = "",
    ) -> None:
        """Make it.

        Args:
            runs: what would be stopped.
            runners: runners by id, for their names.
            profile: where; may forbid it, or ask that something be typed.
            clock: the server's clock, aware.
            covers: what these runs are, such as `3 marked rows, 1 hidden by the filter`.
            refusal: why nothing can be stopped; `read_only` says so by itself.
        """
        super().__init__()
        self._runs = tuple(runs)
        self._runners = runners
        self._profile = profile
        self._clock = clock
        self._covers = covers
        self._refusal = refusal or words.read_only(profile)
        labels = {words.label(run, runners) for run in self._living}
        self._password = labels.pop() if len(labels) == 1 else f"stop {len(self._living)}"

    def compose(self) -> ComposeResult:
        """Textual: what it is made of."""
        with Vertical(classes="box -grave -wide"):
            yield Words(words.bulk_head(self._profile, self._covers), classes="box--facts")
            with VerticalScroll(classes="box--rows"):
                yield Words(id="bulk-rows")
            if self._profile.confirm_name and self._living and not self._refusal:
                yield Words(words.ask_for(self._password), classes="box--ask")
                yield SureField(self._password, "as above", id="bulk-name")
            yield Words(id="bulk-note", classes="box--note")
            with Horizontal(classes="box--buttons"):
                yield Press("Keep running", id="stop-keep", classes="-main")
                yield Press("Stop", id="bulk-stop", classes="-danger")

    def on_mount(self) -> None:
        """Textual: show the runs, and keep their ages true."""
        self._tell()
        self.set_interval(1, self._tell)

    def update_run(self, run: Run) -> None:
        """Take what became of a run meanwhile; one that has ended is left out."""
        self._runs = tuple(run if each.key == run.key else each for each in self._runs)
        self._tell()

    @property
    def _living(self) -> tuple[Run, ...]:
        return tuple(run for run in self._runs if not run.is_final)

    @on(Press.Pressed, "#bulk-stop")
    def _stopped(self) -> None:
        self.dismiss(tuple(run.key for run in self._living))

    @on(Press.Pressed, "#stop-keep")
    def _kept(self) -> None:
        self.action_leave()

    @on(Input.Changed)
    def _tell(self) -> None:
        now = self._clock()
        lines = words.bulk_rows(self._runs, self._runners, now)
        self.query_one("#bulk-rows", Words).update(Content("\n").join(lines))
        living = len(self._living)
        title = f"Stop {words.runs(living)}?" if living else "Nothing to stop"
        self.query_one(".box").border_title = title
        note = self._refusal or (words.what_happens(living))
        self.query_one("#bulk-note", Words).update(Content(visible(note)))
        stop = self.query_one("#bulk-stop", Press)
        stop.label = f"Stop {words.runs(living)}"
        stop.disabled = bool(self._refusal) or not living or not self.is_sure
        if stop.disabled and stop.has_focus:
            self.query_one("#stop-keep").focus()


class BulkResultsDialog(Box[tuple[RunKey, ...] | None]):
    """What became of each run; may be closed at any time, the stops go on."""

    AUTO_FOCUS = "#bulk-close"

    def __init__(
        self, runs: Sequence[Run], runners: Mapping[str, Runner], *, clock: Callable[[], float]
    ) -> None:
        """Make it.

        Args:
            runs: what is being stopped.
            runners: runners by id, for their names.
            clock: seconds, monotonic.
        """
        super().__init__()
        self._runs = tuple(runs)
        self._runners = runners
        self._clock = clock
        self._outcomes = {run.key: StopOutcome() for run in runs}
        self._since: dict[RunKey, float] = {}

    def compose(self) -> ComposeResult:
        """Textual: what it is made of."""
        with Vertical(classes="box -wide") as frame:
            frame.border_title = "Stopping"
            with VerticalScroll(classes="box--rows"):
                yield Words(id="bulk-rows")
            yield Words(id="bulk-note", classes="box--note")
            with Horizontal(classes="box--buttons"):
                yield Press("Try the failed again", id="bulk-again")
                yield Press("Close", id="bulk-close", classes="-main")

    def on_mount(self) -> None:
        """Textual: show how far it is, and how long it takes."""
        self._tell()
        self.set_interval(1, self._tell)

    def show(self, key: RunKey, outcome: StopOutcome) -> None:
        """Take a step of one run."""
        if outcome.state is StopState.REQUESTED:
            self._since.setdefault(key, self._clock())
        self._outcomes[key] = outcome
        if self.is_mounted:
            self._tell()

    def update_run(self, run: Run) -> None:
        """Take what the service shows of a run: a stop that was requested may be confirmed."""
        known = self._outcomes.get(run.key)
        if known is not None and known.state in {StopState.REQUESTED, StopState.FAILED}:
            outcome = outcome_of(run)
            if outcome.state is not StopState.REQUESTED:
                self.show(run.key, outcome)

    @property
    def _failed(self) -> tuple[RunKey, ...]:
        return tuple(
            key for key, outcome in self._outcomes.items() if outcome.state is StopState.FAILED
        )

    @on(Press.Pressed, "#bulk-again")
    def _again(self) -> None:
        self.dismiss(self._failed)

    @on(Press.Pressed, "#bulk-close")
    def _close_pressed(self) -> None:
        self.action_leave()

    def _tell(self) -> None:
        now = self._clock()
        seconds = {key: now - since for key, since in self._since.items()}
        lines = words.result_rows(self._runs, self._runners, self._outcomes, seconds)
        self.query_one("#bulk-rows", Words).update(Content("\n").join(lines))
        note = words.result_note([outcome.state for outcome in self._outcomes.values()])
        self.query_one("#bulk-note", Words).update(Content(note))
        self.query_one("#bulk-again", Press).disabled = not self._failed
