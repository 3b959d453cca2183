"""A trigger is under way and its answer takes its time: how long it has been waited for.

Without it nothing on the screen would tell that a run has been asked for, and who fears that it
was lost would ask for another one. Whoever opened it closes it when the answer comes.
"""

from collections.abc import Callable

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content

from nodion_tui.config import Profile
from nodion_tui.model.runner import Runner
from nodion_tui.model.sanitize import sanitize
from nodion_tui.ui.dialogs.ascii_signs import DialogText
from nodion_tui.ui.dialogs.badge import profile_badge
from nodion_tui.ui.dialogs.box import DialogBox
from nodion_tui.ui.dialogs.controls import CompactButton

SENT_ONCE = "It was sent once and is not sent again. What becomes of it will be said here."


class SendingDialog(DialogBox[None]):
    """Says that the service has not answered yet; may be closed, the request goes on.

    Args:
        runner: what is to run.
        profile: where.
        clock: seconds, monotonic.
    """

    AUTO_FOCUS = "#sending-hide"

    def __init__(self, runner: Runner, *, profile: Profile, clock: Callable[[], float]) -> None:
        super().__init__()
        self._runner = runner
        self._profile = profile
        self._clock = clock
        self._since = clock()
        self._is_answered = False

    def compose(self) -> ComposeResult:
        """Textual: what it is made of."""
        with Vertical(classes="box") as frame:
            frame.border_title = "Sent, no answer yet"
            yield DialogText(id="sending-facts", classes="box--facts")
            yield DialogText(Content(SENT_ONCE), classes="box--note")
            with Horizontal(classes="box--buttons"):
                yield CompactButton("Go on meanwhile", id="sending-hide", classes="-main")

    def on_mount(self) -> None:
        """Textual: keep the seconds true."""
        self._tell()
        self.set_interval(1, self._tell)

    def mark_answered(self) -> None:
        """The answer is there: go, or as soon as nothing covers it; never opened: do nothing."""
        self._is_answered = True
        if self.is_active:
            self.dismiss()

    def on_screen_resume(self) -> None:
        """Textual: nothing covers it any more."""
        if self._is_answered:
            self.dismiss()

    @on(CompactButton.Pressed)
    def _hidden(self) -> None:
        self.action_leave()

    def _tell(self) -> None:
        seconds = int(self._clock() - self._since)
        facts = Content.assemble(
            "Starting ",
            (sanitize(self._runner.label), "bold"),
            " at ",
            profile_badge(self._profile),
            f": waiting for the answer, {seconds} s",
        )
        self.query_one("#sending-facts", DialogText).update(facts)
