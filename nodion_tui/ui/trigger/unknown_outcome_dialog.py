"""Dialog for a trigger without a response: the user decides whether the run was started.

It dismisses a decision and sends nothing; a trigger is never resent automatically.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList, Static

from nodion_tui.config import Profile
from nodion_tui.model.run import Run, RunKey
from nodion_tui.model.runner import Runner, short_id
from nodion_tui.model.text import format as fmt
from nodion_tui.model.text.sanitize import sanitize
from nodion_tui.monitor.runs.unknown_outcome import TriggerCandidate
from nodion_tui.ui.dialogs.badge import profile_badge
from nodion_tui.ui.dialogs.box import DialogBox
from nodion_tui.ui.dialogs.button_row import ButtonRow
from nodion_tui.ui.dialogs.choice_list import ChoiceList
from nodion_tui.ui.dialogs.controls import CompactButton
from nodion_tui.ui.dialogs.menu import label_columns, padded


class NextStep(StrEnum):
    """What to do next."""

    OPEN = "open"
    """Show the selected run; it is the triggered one."""
    CHECK_AGAIN = "look"
    """List the runs again, then ask again."""
    FORM = "form"
    """Back to the form, with its previous content."""


@dataclass(frozen=True, slots=True)
class Decision:
    """The user's decision."""

    step: NextStep
    key: RunKey | None = None
    """The run to show."""


class UnknownOutcomeDialog(DialogBox[Decision | None]):
    """Lists the runs that are new since the request was sent, and marks those that match it.

    Args:
        runner: the triggered runner.
        candidates: runs that are new since the request was sent, matching ones first.
        listed: whether the runs could be listed.
        profile: the profile of the request.
        clock: server time, aware, for the ages.
        detail: what went wrong, in one sentence.
    """

    AUTO_FOCUS = "OptionList, #unknown-look"
    ACCEPT = "#unknown-open, #unknown-look"

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
        super().__init__()
        self._runner = runner
        self._candidates = candidates
        self._listed = listed
        self._profile = profile
        self._clock = clock
        self._detail = detail

    def compose(self) -> ComposeResult:
        """Textual: compose the child widgets."""
        with Vertical(classes="box -wide -grave") as frame:
            frame.border_title = self.full_title("Was it started?")
            yield Static(self._header(), classes="box--facts")
            yield Static(Content(self._summary()), classes="box--note")
            if self._candidates:
                lines = candidate_lines(self._candidates, self._runner, self._clock())
                yield ChoiceList(*lines, classes="-short")
            yield Static(self._reassurance(), classes="box--note")
            with ButtonRow(classes="box--buttons"):
                if self._candidates:
                    yield CompactButton("Open the run", id="unknown-open", classes="-main")
                yield CompactButton("Check again", id="unknown-look")
                yield CompactButton("Back to the form", id="unknown-form")
                yield CompactButton("Close", id="unknown-leave", classes="-leave")

    @on(OptionList.OptionSelected)
    @on(CompactButton.Pressed, "#unknown-open")
    def _open_pressed(self) -> None:
        candidate = self._candidates[self.query_one(OptionList).highlighted or 0]
        self.dismiss(Decision(NextStep.OPEN, candidate.run.key))

    @on(CompactButton.Pressed, "#unknown-look")
    def _check_pressed(self) -> None:
        self.dismiss(Decision(NextStep.CHECK_AGAIN))

    @on(CompactButton.Pressed, "#unknown-form")
    def _form_pressed(self) -> None:
        self.dismiss(Decision(NextStep.FORM))

    def _header(self) -> Content:
        return Content.assemble(
            "The request to start ",
            (sanitize(self._runner.label), "bold"),
            " at ",
            profile_badge(self._profile),
            " may have been sent; its outcome is unknown.",
        )

    def _reassurance(self) -> Content:
        """Why that is so, and what is not done; below the runs, which have to be seen."""
        detail = f"{sanitize(self._detail)}\n" if self._detail else ""
        return Content.assemble((detail, "$text-error"), "It is never resent automatically.")

    def _summary(self) -> str:
        if not self._listed:
            return "The runs could not be listed; a new run may exist."
        matching = sum(candidate.matches for candidate in self._candidates)
        if matching:
            subject = "One new run matches" if matching == 1 else f"{matching} new runs match"
            return f"{subject} the request:"
        if self._candidates:
            return "There are new runs, but none matches the request:"
        return (
            "No new run since it was sent. One may still appear: check again before you repeat it."
        )


def candidate_lines(
    candidates: Sequence[TriggerCandidate], runner: Runner, now: datetime
) -> list[Content]:
    """A line for each candidate: whether it matches, id, status, age, command."""
    statuses = label_columns(candidate.run.status for candidate in candidates)
    ages = [_age(candidate.run, now) for candidate in candidates]
    return [
        Content.assemble(
            ("✓ matches", "$text-success") if each.matches else ("  other  ", "$foreground-muted"),
            f"  {sanitize(short_id(each.run.id))}  {padded(each.run.status, statuses)}",
            f"  {padded(age, label_columns(ages))}  ",
            (fmt.effective_command(each.run, runner), "$foreground-muted"),
        )
        for each, age in zip(candidates, ages, strict=True)
    ]


def _age(run: Run, now: datetime) -> str:
    return "" if run.created_at is None else fmt.ago(max(now - run.created_at, timedelta(0)))
