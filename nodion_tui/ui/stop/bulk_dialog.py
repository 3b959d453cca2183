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
from nodion_tui.model.sanitize import sanitize
from nodion_tui.monitor.runs.bulk_stop import StopOutcome, StopState, stop_outcome
from nodion_tui.ui.dialogs.ascii_signs import DialogText
from nodion_tui.ui.dialogs.box import DialogBox
from nodion_tui.ui.dialogs.controls import CompactButton
from nodion_tui.ui.stop import dialog_text as words
from nodion_tui.ui.stop.confirm_name import ConfirmNameDialog, ConfirmNameField


class BulkStopDialog(ConfirmNameDialog[tuple[RunKey, ...] | None]):
    """Names every run; those that have ended already are shown and left out."""

    AUTO_FOCUS = "#stop-keep"

    def __init__(
        self,
        runs: Sequence[Run],
        runners: Mapping[str, Runner],
        *,
        profile: Profile,
        clock: Callable[[], datetime],
        description: str = "",
        disabled_reason: str = "",
    ) -> None:
        """Make it.

        Args:
            runs: what would be stopped.
            runners: runners by id, for their names.
            profile: where; may forbid it, or ask that something be typed.
            clock: the server's clock, aware.
            description: what these runs are, such as `3 marked rows, 1 hidden by the filter`.
            disabled_reason: why nothing can be stopped; `read_only` says so by itself.
        """
        super().__init__()
        self._runs = tuple(runs)
        self._runners = runners
        self._profile = profile
        self._clock = clock
        self._covers = description
        self._refusal = disabled_reason or words.read_only_reason(profile)
        labels = {words.runner_label(run, runners) for run in self._living}
        self._password = labels.pop() if len(labels) == 1 else f"stop {len(self._living)}"

    def compose(self) -> ComposeResult:
        """Textual: what it is made of."""
        with Vertical(classes="box -grave -wide"):
            yield DialogText(words.bulk_header(self._profile, self._covers), classes="box--facts")
            with VerticalScroll(classes="box--rows"):
                yield DialogText(id="bulk-rows")
            if self._profile.confirm_name and self._living and not self._refusal:
                yield DialogText(words.confirm_prompt(self._password), classes="box--ask")
                yield ConfirmNameField(self._password, "as above", id="bulk-name")
            yield DialogText(id="bulk-note", classes="box--note")
            with Horizontal(classes="box--buttons"):
                yield CompactButton("Keep running", id="stop-keep", classes="-main")
                yield CompactButton("Stop", id="bulk-stop", classes="-danger")

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

    @on(CompactButton.Pressed, "#bulk-stop")
    def _stopped(self) -> None:
        self.dismiss(tuple(run.key for run in self._living))

    @on(CompactButton.Pressed, "#stop-keep")
    def _kept(self) -> None:
        self.action_leave()

    @on(Input.Changed)
    def _tell(self) -> None:
        now = self._clock()
        lines = words.bulk_rows(self._runs, self._runners, now)
        self.query_one("#bulk-rows", DialogText).update(Content("\n").join(lines))
        living = len(self._living)
        title = f"Stop {words.run_count(living)}?" if living else "Nothing to stop"
        self.query_one(".box").border_title = title
        note = self._refusal or (words.consequence(living))
        self.query_one("#bulk-note", DialogText).update(Content(sanitize(note)))
        stop = self.query_one("#bulk-stop", CompactButton)
        stop.label = f"Stop {words.run_count(living)}"
        stop.disabled = bool(self._refusal) or not living or not self.is_confirmed
        if stop.disabled and stop.has_focus:
            self.query_one("#stop-keep").focus()


class BulkResultsDialog(DialogBox[tuple[RunKey, ...] | None]):
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
                yield DialogText(id="bulk-rows")
            yield DialogText(id="bulk-note", classes="box--note")
            with Horizontal(classes="box--buttons"):
                yield CompactButton("Try the failed again", id="bulk-again")
                yield CompactButton("Close", id="bulk-close", classes="-main")

    def on_mount(self) -> None:
        """Textual: show how far it is, and how long it takes."""
        self._tell()
        self.set_interval(1, self._tell)

    def show_outcome(self, key: RunKey, outcome: StopOutcome) -> None:
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
            outcome = stop_outcome(run)
            if outcome.state is not StopState.REQUESTED:
                self.show_outcome(run.key, outcome)

    @property
    def _failed(self) -> tuple[RunKey, ...]:
        return tuple(
            key for key, outcome in self._outcomes.items() if outcome.state is StopState.FAILED
        )

    @on(CompactButton.Pressed, "#bulk-again")
    def _again(self) -> None:
        self.dismiss(self._failed)

    @on(CompactButton.Pressed, "#bulk-close")
    def _close_pressed(self) -> None:
        self.action_leave()

    def _tell(self) -> None:
        now = self._clock()
        seconds = {key: now - since for key, since in self._since.items()}
        lines = words.result_rows(self._runs, self._runners, self._outcomes, seconds)
        self.query_one("#bulk-rows", DialogText).update(Content("\n").join(lines))
        note = words.result_summary([outcome.state for outcome in self._outcomes.values()])
        self.query_one("#bulk-note", DialogText).update(Content(note))
        self.query_one("#bulk-again", CompactButton).disabled = not self._failed
