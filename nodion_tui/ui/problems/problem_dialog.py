"""Lists the problems of the configuration."""

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from nodion_tui.config.problems import Problem
from nodion_tui.model.text.sanitize import sanitize
from nodion_tui.ui.dialogs.box import DialogBox
from nodion_tui.ui.dialogs.button_row import ButtonRow
from nodion_tui.ui.dialogs.controls import CompactButton


class ProblemDialog(DialogBox[None]):
    """One problem a paragraph: file and line, then the sentence; dismisses nothing.

    Args:
        problems: the problems, in the order of the list.
    """

    AUTO_FOCUS = "#problems-close"

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__()
        self._problems = tuple(problems)

    def compose(self) -> ComposeResult:
        """Textual: compose the child widgets."""
        with Vertical(classes="box -wide") as frame:
            frame.border_title = Content("Problems of config.toml")
            with VerticalScroll(classes="box--rows -wrap -first"):
                yield Static(Content("\n\n").join(map(_paragraph, self._problems)))
            note = "Changes take effect at the next start; `nodion-tui doctor` checks them before."
            yield Static(Content(note), classes="box--note")
            with ButtonRow(classes="box--buttons"):
                yield CompactButton("Close", id="problems-close", classes="-main -leave")


def _paragraph(problem: Problem) -> Content:
    where = Content.styled(sanitize(problem.where), "$text-warning")
    return Content.assemble(where, "\n", sanitize(problem.text))
