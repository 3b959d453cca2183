"""Dialog that confirms stopping one run; the safe button has the focus.

It dismisses True or False and stops nothing itself.
"""

from collections.abc import Callable
from datetime import datetime

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static

from nodion_tui.config import Profile
from nodion_tui.model.run import Run
from nodion_tui.model.runner import Runner
from nodion_tui.model.text.sanitize import sanitize
from nodion_tui.ui.dialogs.controls import CompactButton
from nodion_tui.ui.stop import dialog_text as texts
from nodion_tui.ui.stop.confirm_name import ConfirmNameDialog


class StopDialog(ConfirmNameDialog[bool]):
    """Asks for confirmation; the profile may require that the runner's name is typed.

    Args:
        run: the run to stop.
        runner: the runner of the run.
        profile: as for every `ConfirmNameDialog`.
        clock: likewise.
        disabled_reason: likewise.
        failure: why the stop that was confirmed before could not be delivered.
    """

    def __init__(
        self,
        run: Run,
        runner: Runner,
        *,
        profile: Profile,
        clock: Callable[[], datetime],
        disabled_reason: str = "",
        failure: str = "",
    ) -> None:
        super().__init__(profile, clock, disabled_reason)
        self._failure = failure
        self._run = run
        self._runner = runner

    def compose(self) -> ComposeResult:
        """Textual: compose the child widgets."""
        with Vertical(classes="box -grave") as frame:
            frame.border_title = self.full_title("Stop this run?")
            yield Static(id="stop-facts", classes="box--facts")
            if self._failure:
                failure = Content.styled(f"✗ {self._failure}", "$text-error")
                yield Static(failure, id="stop-failure", classes="box--ask")
            yield Static(id="stop-note", classes="box--note")
            with Vertical(classes="box--foot"):
                label = self.with_key("Stop again" if self._failure else "Stop it")
                runner = self._runner.label
                yield from self.confirmation(runner, "the runner's name", id="stop-name")
                yield self.buttons(label, id="stop-it")

    def on_mount(self) -> None:
        """Textual: show the run and update its age every second."""
        self._refresh_content()
        self.set_interval(1, self._refresh_content)

    def update_run(self, run: Run) -> None:
        """Update the run; the button is disabled once it has ended."""
        if run.key == self._run.key:
            self._run = run
            if self.is_open:
                self._refresh_content()

    def action_leave(self) -> None:
        """Close and keep the run running."""
        self.dismiss(result=False)

    @on(CompactButton.Pressed, "#stop-it")
    def _stop_pressed(self) -> None:
        self.dismiss(result=True)

    @on(Input.Changed)
    def _refresh_content(self) -> None:
        self.query_one(".box").set_class(not self._run.is_final, "-grave")
        facts = texts.run_facts(self._run, self._runner, self._profile, self._clock())
        self.query_one("#stop-facts", Static).update(facts)
        note = self._disabled_reason or texts.already_ended(self._run) or texts.consequence(1)
        self.query_one("#stop-note", Static).update(Content(sanitize(note)))
        possible = not (self._disabled_reason or self._run.is_final)
        self.enable(self.query_one("#stop-it", CompactButton), possible=possible)
