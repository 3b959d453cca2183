"""Dialog shown while the response to a trigger is pending.

Without it the screen would not show that a run was requested, and a user who believes that the
request was lost might send another one. The caller closes it when the response arrives.
"""

from collections.abc import Callable

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from nodion_tui.config import Profile
from nodion_tui.model.runner import Runner
from nodion_tui.model.text.sanitize import sanitize
from nodion_tui.ui.dialogs.badge import profile_badge
from nodion_tui.ui.dialogs.box import DialogBox
from nodion_tui.ui.dialogs.button_row import ButtonRow
from nodion_tui.ui.dialogs.controls import CompactButton

_SENT_ONCE = "The request was sent once and will not be resent. The outcome is shown here."


class SendingDialog(DialogBox[None]):
    """Shows how long the response has been pending; closing it does not cancel the request.

    Args:
        runner: the triggered runner.
        profile: the profile of the request.
        clock: monotonic seconds.
    """

    AUTO_FOCUS = "#sending-hide"

    def __init__(self, runner: Runner, *, profile: Profile, clock: Callable[[], float]) -> None:
        super().__init__()
        self._runner = runner
        self._profile = profile
        self._clock = clock
        self._sent_at = clock()
        self._is_answered = False

    def compose(self) -> ComposeResult:
        """Textual: compose the child widgets."""
        with Vertical(classes="box") as frame:
            frame.border_title = self.full_title("Sent, no answer yet")
            yield Static(id="sending-facts", classes="box--facts")
            yield Static(Content(_SENT_ONCE), classes="box--note")
            with ButtonRow(classes="box--buttons"):
                yield CompactButton(
                    "Continue in background", id="sending-hide", classes="-main -leave"
                )

    def on_mount(self) -> None:
        """Textual: update the seconds."""
        self._refresh_content()
        self.set_interval(1, self._refresh_content)

    def mark_answered(self) -> None:
        """The response arrived: close once no other screen covers it; no effect if not open."""
        self._is_answered = True
        if self.is_active:
            self.dismiss()

    def on_screen_resume(self) -> None:
        """Textual: the dialog is in front again."""
        if self._is_answered:
            self.dismiss()

    def _refresh_content(self) -> None:
        seconds = int(self._clock() - self._sent_at)
        facts = Content.assemble(
            "Starting ",
            (sanitize(self._runner.label), "bold"),
            " at ",
            profile_badge(self._profile),
            f", sent {seconds}\N{NO-BREAK SPACE}s ago",
        )
        self.query_one("#sending-facts", Static).update(facts)
