"""A trigger left and no answer came: was it started? The person looks, and decides.

It dismisses a decision and sends nothing; a trigger is never sent again by itself.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from nodion_tui.config import Profile
from nodion_tui.model.run import Run, RunKey
from nodion_tui.model.runner import Runner, short_id
from nodion_tui.model.sanitize import sanitize
from nodion_tui.monitor.runs.unknown_outcome import TriggerCandidate
from nodion_tui.ui.dialogs.ascii_signs import DialogList, DialogText
from nodion_tui.ui.dialogs.badge import profile_badge
from nodion_tui.ui.dialogs.box import DialogBox
from nodion_tui.ui.dialogs.controls import CompactButton
from nodion_tui.ui.paint import format as cells


class NextStep(StrEnum):
    """What to do now."""

    OPEN = "open"
    """The chosen run is mine: show it."""
    CHECK_AGAIN = "look"
    """List the runs once more, then ask again."""
    FORM = "form"
    """Back to the form, filled as it was."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person decided."""

    step: NextStep
    key: RunKey | None = None
    """The run to show."""


class UnknownOutcomeDialog(DialogBox[Decision | None]):
    """Shows the runs that are new since the request left, and marks those that match it."""

    AUTO_FOCUS = "DialogList, #unknown-look"

    def __init__(
        self,
        runner: Runner,
        candidates: tuple[TriggerCandidate, ...],
        *,
        listed: bool,
        profile: Profile,
        clock: Callable[[], datetime],
        detail: str = "",
    ) -> None:
        """Make it.

        Args:
            runner: what should have been started.
            candidates: runs that are new since the request left, matching ones first.
            listed: whether the runs could be listed at all.
            profile: where.
            clock: the server's clock, aware, for their ages.
            detail: what went wrong, in a sentence.
        """
        super().__init__()
        self._runner = runner
        self._candidates = candidates
        self._listed = listed
        self._profile = profile
        self._clock = clock
        self._detail = detail

    def compose(self) -> ComposeResult:
        """Textual: what it is made of."""
        with Vertical(classes="box -wide -grave") as frame:
            frame.border_title = "Was it started?"
            yield DialogText(self._head(), classes="box--facts")
            yield DialogText(Content(self._finding()), classes="box--note")
            if self._candidates:
                now = self._clock()
                yield DialogList(*(Option(candidate_line(each, now)) for each in self._candidates))
            with Horizontal(classes="box--buttons box--ask"):
                if self._candidates:
                    yield CompactButton("Open the run", id="unknown-open", classes="-main")
                yield CompactButton("Look again", id="unknown-look")
                yield CompactButton("Back to the form", id="unknown-form")
                yield CompactButton("Leave it", id="unknown-leave")

    @on(OptionList.OptionSelected)
    @on(CompactButton.Pressed, "#unknown-open")
    def _open(self) -> None:
        chosen = self._candidates[self.query_one(DialogList).highlighted or 0]
        self.dismiss(Decision(NextStep.OPEN, chosen.run.key))

    @on(CompactButton.Pressed, "#unknown-look")
    def _look(self) -> None:
        self.dismiss(Decision(NextStep.CHECK_AGAIN))

    @on(CompactButton.Pressed, "#unknown-form")
    def _form(self) -> None:
        self.dismiss(Decision(NextStep.FORM))

    @on(CompactButton.Pressed, "#unknown-leave")
    def _leave_pressed(self) -> None:
        self.action_leave()

    def _head(self) -> Content:
        lines = [
            Content.assemble(
                "The request to start ",
                (sanitize(self._runner.label), "bold"),
                " left for ",
                profile_badge(self._profile),
                ", and no answer settles what became of it.",
            )
        ]
        if self._detail:
            lines.append(Content.styled(sanitize(self._detail), "$text-error"))
        lines.append(Content.styled("It is never sent again by itself.", "bold"))
        return Content("\n").join(lines)

    def _finding(self) -> str:
        if not self._listed:
            return "The runs could not be listed, so it is not known whether one is new."
        matching = sum(each.matches for each in self._candidates)
        if matching:
            what = "One new run executes" if matching == 1 else f"{matching} new runs execute"
            return f"{what} what was asked for:"
        if self._candidates:
            return "There are new runs, but none executes what was asked for:"
        return "No run is new since it left. One may still appear: look again before you repeat it."


def candidate_line(candidate: TriggerCandidate, now: datetime) -> Content:
    """A run that may be the one: whether it matches, which, how old, what it executes."""
    run: Run = candidate.run
    sign, style = (
        ("✓ same ", "$text-success") if candidate.matches else ("  other", "$foreground-muted")
    )
    age = "" if run.created_at is None else cells.ago(max(now - run.created_at, now - now))
    return Content.assemble(
        (sign, style),
        f"  {sanitize(short_id(run.id))}  {sanitize(run.status)}  {age}  ",
        (cells.run_command(run), "$foreground-muted"),
    )
