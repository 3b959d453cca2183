"""Dialogs for stopping several runs: confirmation and progress.

`BulkStopDialog` dismisses the runs to stop; `BulkResultsDialog` shows the outcome of each and
dismisses the failed ones to be retried. Neither stops anything itself.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Input, Static

from nodion_tui.config import Profile
from nodion_tui.model.run import Run, RunKey
from nodion_tui.model.runner import Runner
from nodion_tui.model.text.format import count
from nodion_tui.model.text.sanitize import sanitize
from nodion_tui.monitor.runs.bulk_stop import StopOutcome, StopState, stop_outcome
from nodion_tui.ui.dialogs.box import DialogBox
from nodion_tui.ui.dialogs.button_row import ButtonRow
from nodion_tui.ui.dialogs.controls import CompactButton
from nodion_tui.ui.stop import dialog_text as texts
from nodion_tui.ui.stop.confirm_name import ConfirmNameDialog

_MAX_COLUMNS = 96
"""Columns of a wide dialog, as box.tcss has them."""
_EDGE_COLUMNS = 6
"""Border, padding and both scroll bars in a narrow window."""


class BulkStopDialog(ConfirmNameDialog[tuple[RunKey, ...] | None]):
    """Lists every run; those that have already ended are shown but not stopped.

    Args:
        runs: the runs to stop.
        runners: runners by id, for their names.
        profile: as for every `ConfirmNameDialog`.
        clock: likewise.
        description: describes the selection: `3 marked runs, 1 hidden by the filter`.
        disabled_reason: likewise.
    """

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
        super().__init__(profile, clock, disabled_reason)
        self._runs = tuple(runs)
        self._runners = runners
        self._description = description
        labels = {texts.runner_label(run, runners) for run in self._active}
        has_one_runner = len(labels) == 1
        self._confirm_text = labels.pop() if has_one_runner else f"stop {len(self._active)}"
        self._confirm_what = "the runner's name" if has_one_runner else "this"

    def compose(self) -> ComposeResult:
        """Textual: compose the child widgets."""
        with Vertical(classes="box -grave -wide"):
            yield Static(texts.bulk_header(self._profile, self._description), classes="box--facts")
            with VerticalScroll(classes="box--rows"):
                yield Static(id="bulk-rows")
            yield Static(id="bulk-note", classes="box--note")
            with Vertical(classes="box--foot"):
                if self._active:
                    text, what = self._confirm_text, self._confirm_what
                    yield from self.confirmation(text, what, id="bulk-name")
                yield self.buttons("Stop", id="bulk-stop")

    def on_mount(self) -> None:
        """Textual: show the runs and update their ages every second."""
        self._refresh_content()
        self.set_interval(1, self._refresh_content)

    def update_run(self, run: Run) -> None:
        """Update a run; one that has ended will not be stopped."""
        self._runs = tuple(run if old.key == run.key else old for old in self._runs)
        if self.is_open:
            self._refresh_content()

    @property
    def _active(self) -> tuple[Run, ...]:
        return tuple(run for run in self._runs if not run.is_final)

    @on(CompactButton.Pressed, "#bulk-stop")
    def _stop_pressed(self) -> None:
        self.dismiss(tuple(run.key for run in self._active))

    @on(Input.Changed)
    def _refresh_content(self) -> None:
        now = self._clock()
        columns = min(self.app.size.width, _MAX_COLUMNS) - _EDGE_COLUMNS
        lines = texts.bulk_rows(self._runs, self._runners, now, columns)
        self.query_one("#bulk-rows", Static).update(Content("\n").join(lines))
        active_count = len(self._active)
        title = f"Stop {count(active_count, 'run')}?" if active_count else "Nothing to stop"
        box = self.query_one(".box")
        box.border_title = self.full_title(title)
        box.set_class(bool(active_count), "-grave")
        note = self._disabled_reason or texts.consequence(active_count, len(self._runs))
        self.query_one("#bulk-note", Static).update(Content(sanitize(note)))
        stop = self.query_one("#bulk-stop", CompactButton)
        stop.label = self.with_key(f"Stop {count(active_count, 'run')}")
        self.enable(stop, possible=bool(active_count) and not self._disabled_reason)


class BulkResultsDialog(DialogBox[tuple[RunKey, ...] | None]):
    """Shows the outcome of each stop; closing it does not interrupt the stops.

    Args:
        runs: the runs being stopped.
        runners: runners by id, for their names.
        clock: monotonic seconds.
    """

    AUTO_FOCUS = "#bulk-close"

    def __init__(
        self, runs: Sequence[Run], runners: Mapping[str, Runner], *, clock: Callable[[], float]
    ) -> None:
        super().__init__()
        self._runs = tuple(runs)
        self._runners = runners
        self._clock = clock
        self._outcomes = {run.key: StopOutcome() for run in runs}
        self._requested_at: dict[RunKey, float] = {}

    def compose(self) -> ComposeResult:
        """Textual: compose the child widgets."""
        with Vertical(classes="box -wide"):
            with VerticalScroll(classes="box--rows -first"):
                yield Static(id="bulk-rows")
            yield Static(id="bulk-note", classes="box--note")
            with ButtonRow(classes="box--buttons"):
                yield CompactButton("Retry failed", id="bulk-again")
                yield CompactButton("Close", id="bulk-close", classes="-main -leave")

    def on_mount(self) -> None:
        """Textual: show progress and update durations every second."""
        self._refresh_content()
        self.set_interval(1, self._refresh_content)

    def show_outcome(self, key: RunKey, outcome: StopOutcome) -> None:
        """Update the outcome of one run."""
        if outcome.state is StopState.REQUESTED:
            self._requested_at.setdefault(key, self._clock())
        self._outcomes[key] = outcome
        if self.is_open:
            self._refresh_content()

    def update_run(self, run: Run) -> None:
        """Update a run from the service: a requested stop may now be confirmed."""
        previous = self._outcomes.get(run.key)
        if previous is not None and previous.state in {StopState.REQUESTED, StopState.FAILED}:
            outcome = stop_outcome(run)
            if outcome.state is not StopState.REQUESTED:
                self.show_outcome(run.key, outcome)

    @property
    def _failed(self) -> tuple[RunKey, ...]:
        return tuple(
            key for key, outcome in self._outcomes.items() if outcome.state is StopState.FAILED
        )

    @on(CompactButton.Pressed, "#bulk-again")
    def _retry_pressed(self) -> None:
        self.dismiss(self._failed)

    def _refresh_content(self) -> None:
        now = self._clock()
        seconds = {key: now - requested_at for key, requested_at in self._requested_at.items()}
        lines = texts.result_rows(self._runs, self._runners, self._outcomes, seconds)
        self.query_one("#bulk-rows", Static).update(Content("\n").join(lines))
        states = [outcome.state for outcome in self._outcomes.values()]
        note = texts.result_summary(states)
        self.query_one("#bulk-note", Static).update(Content(note))
        title = self.full_title(texts.result_title(states))
        self.query_one(".box").border_title = title
        retry = self.query_one("#bulk-again", CompactButton)
        retry.disabled = not self._failed
        retry.display = bool(self._failed)
