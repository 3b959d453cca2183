"""Lists the problems of the configuration."""

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from nodion_tui.config.problems import Problem
from nodion_tui.model.text.sanitize import sanitize
from nodion_tui.ui.dialogs.box import DialogBox
from nodion_tui.ui.dialogs.controls import CompactButton


class ProblemDialog(DialogBox[None]):
    """One problem a paragraph: file and line, then the sentence; dismisses nothing.

    Args:
        problems: the problems, in the order of the list.
    """

    AUTO_FOCUS = "#problems-close"
    DEFAULT_CSS = """
    ProblemDialog .box--rows Static { text-wrap: wrap; margin: 0 0 1 0; }
    """

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__()
        self._problems = tuple(problems)

    def compose(self) -> ComposeResult:
        """Textual: compose the child widgets."""
        with Vertical(classes="box -wide") as frame:
            frame.border_title = Content("What cannot work in config.toml")
            with VerticalScroll(classes="box--rows"):
                for problem in self._problems:
                    where = Content.styled(sanitize(problem.where), "$text-warning")
                    yield Static(Content.assemble(where, "\n", sanitize(problem.text)))
            note = "config.toml is read at the start; `nodion-tui doctor` checks it without one."
            yield Static(Content(note), classes="box--note")
            with Horizontal(classes="box--buttons"):
                yield CompactButton("Close", id="problems-close", classes="-main -leave")
