"""Shall this run be stopped? Names what it is about; the safe answer has the focus.

It dismisses True or False; it stops nothing.
"""

from collections.abc import Callable
from datetime import datetime

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Input

from nodion_tui.config import Profile
from nodion_tui.model.run import Run
from nodion_tui.model.runner import Runner
from nodion_tui.model.sanitize import sanitize
from nodion_tui.ui.dialogs.ascii_signs import DialogText
from nodion_tui.ui.dialogs.controls import CompactButton
from nodion_tui.ui.stop import dialog_text as words
from nodion_tui.ui.stop.confirm_name import ConfirmNameDialog, ConfirmNameField


class StopDialog(ConfirmNameDialog[bool]):
    """Asks once; where the profile wants it, the runner's name has to be typed."""

    AUTO_FOCUS = "#stop-keep"

    def __init__(
        self,
        run: Run,
        runner: Runner,
        *,
        profile: Profile,
        clock: Callable[[], datetime],
        disabled_reason: str = "",
    ) -> None:
        """Make it.

        Args:
            run: what would be stopped.
            runner: whose run it is.
            profile: where; may forbid it, or ask that the runner's name be typed.
            clock: the server's clock, aware; its age ticks by it.
            disabled_reason: why nothing can be stopped; `read_only` says so by itself.
        """
        super().__init__()
        self._run = run
        self._runner = runner
        self._profile = profile
        self._clock = clock
        self._refusal = disabled_reason or words.read_only_reason(profile)

    def compose(self) -> ComposeResult:
        """Textual: what it is made of."""
        with Vertical(classes="box -grave") as frame:
            frame.border_title = "Stop this run?"
            yield DialogText(id="stop-facts", classes="box--facts")
            if self._profile.confirm_name and not self._refusal:
                yield DialogText(words.confirm_prompt(self._runner.label), classes="box--ask")
                yield ConfirmNameField(self._runner.label, "its name", id="stop-name")
            yield DialogText(id="stop-note", classes="box--note")
            with Horizontal(classes="box--buttons"):
                yield CompactButton("Keep running", id="stop-keep", classes="-main")
                yield CompactButton("Stop it", id="stop-it", classes="-danger")

    def on_mount(self) -> None:
        """Textual: show its age, and keep it true."""
        self._tell()
        self.set_interval(1, self._tell)

    def update_run(self, run: Run) -> None:
        """Take what became of it meanwhile; one that has ended cannot be stopped any more."""
        if run.key == self._run.key:
            self._run = run
            self._tell()

    def action_leave(self) -> None:
        """Leave it running."""
        self.dismiss(result=False)

    @on(CompactButton.Pressed, "#stop-keep")
    def _kept(self) -> None:
        self.action_leave()

    @on(CompactButton.Pressed, "#stop-it")
    def _stopped(self) -> None:
        self.dismiss(result=True)

    @on(Input.Changed, "#stop-name")
    def _typed(self) -> None:
        self._tell()

    def _tell(self) -> None:
        facts = words.run_facts(self._run, self._runner, self._profile, self._clock())
        self.query_one("#stop-facts", DialogText).update(facts)
        note = self._refusal or words.already_ended(self._run) or words.consequence(1)
        self.query_one("#stop-note", DialogText).update(Content(sanitize(note)))
        stop = self.query_one("#stop-it", CompactButton)
        stop.disabled = bool(self._refusal) or self._run.is_final or not self.is_confirmed
        if stop.disabled and stop.has_focus:
            self.query_one("#stop-keep").focus()
