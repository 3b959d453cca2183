"""Dialog that confirms repeating a run unchanged; one key repeats it."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from nodion_tui.config import Profile
from nodion_tui.model.run import Run
from nodion_tui.model.runner import Runner, short_id
from nodion_tui.model.text.format import count, effective_command
from nodion_tui.model.text.sanitize import sanitize
from nodion_tui.model.trigger import TriggerRequest
from nodion_tui.ui.dialogs.badge import profile_badge
from nodion_tui.ui.dialogs.box import DialogBox
from nodion_tui.ui.dialogs.button_row import ButtonRow
from nodion_tui.ui.dialogs.controls import CompactButton


class RepeatDialog(DialogBox[bool]):
    """Dismisses True to repeat the run; sends nothing itself.

    Args:
        run: the run to repeat.
        runner: its runner.
        request: what will be sent.
        profile: the profile that asks.
    """

    AUTO_FOCUS = "#repeat-leave"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("y", "accept", "Repeat", show=False)]

    def __init__(
        self, run: Run, runner: Runner, request: TriggerRequest, *, profile: Profile
    ) -> None:
        super().__init__()
        self._run = run
        self._runner = runner
        self._request = request
        self._profile = profile

    def compose(self) -> ComposeResult:
        """Textual: compose the child widgets."""
        variables = len(self._request.env_variables)
        facts = Content.assemble(
            (sanitize(self._runner.label), "bold"),
            " at ",
            profile_badge(self._profile),
            f", like run {sanitize(short_id(self._run.id))}\n",
            (effective_command(self._run, self._runner), ""),
            (f"\n{count(variables, 'variable')}" if variables else "", "$foreground-muted"),
        )
        with Vertical(classes="box") as frame:
            frame.border_title = self.full_title("Run this again?")
            yield Static(facts, classes="box--facts")
            with ButtonRow(classes="box--buttons box--ask"):
                yield CompactButton("Cancel", id="repeat-leave", classes="-leave")
                yield CompactButton("Run again  y", id="repeat-run", classes="-main")

    def action_leave(self) -> None:
        """Close without repeating."""
        self.dismiss(result=False)

    @on(CompactButton.Pressed, "#repeat-run")
    def _confirmed(self) -> None:
        self.dismiss(result=True)
