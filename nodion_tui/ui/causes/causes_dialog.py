"""Dialog that lists all failures by cause: how many, whose, when, and whether they are known."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import ClassVar, NamedTuple

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from nodion_tui.model.exit_code import fit_exit_code
from nodion_tui.model.run import RunStatus
from nodion_tui.model.text.format import count
from nodion_tui.model.text.sanitize import sanitize
from nodion_tui.model.text.signs import status_sign
from nodion_tui.monitor.insight.failure_causes import CauseFamily
from nodion_tui.monitor.insight.failure_groups import FailureCause, FailureGroup
from nodion_tui.ui.causes.cause_text import family_text, known_text, state_text
from nodion_tui.ui.dialogs.box import DialogBox
from nodion_tui.ui.dialogs.choice_list import ChoiceList
from nodion_tui.ui.dialogs.hanging_text import HangingText

MAX_FAMILIES = 200
"""Causes that are listed: those with new failures come first."""
_STATE_COLUMNS = 8
_EXIT_MAX = len("exit 3221225477")
"""Columns of an exit code: the longest are those of Windows."""
_HINTS = ("Enter show runs · a acknowledge · Esc close", "Enter runs · a acknowledge · Esc")
"""Keys, in full and for a narrow window."""
_FULL_HINT = 60
"""Columns of a window in which there is room for the full one."""


class CauseChoice(NamedTuple):
    """What shall be done with a cause."""

    cause: FailureCause
    acknowledge: bool
    """False: its runs are to be shown."""


class CausesDialog(DialogBox[CauseChoice | None]):
    """Dismisses what to do with one cause; None on Esc.

    Args:
        families: returns all failures by cause.
        names: runner id → sanitized name.
        clock: the server's clock.
        current: the cause that is highlighted first.
    """

    AUTO_FOCUS = "OptionList"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a", "acknowledge", "Acknowledge", show=False),
        Binding("j", "highlight('down')", "Down", show=False),
        Binding("k", "highlight('up')", "Up", show=False),
    ]

    def __init__(
        self,
        families: Callable[[], Sequence[CauseFamily]],
        names: Mapping[str, str],
        clock: Callable[[], datetime],
        current: FailureCause | None = None,
    ) -> None:
        super().__init__()
        self._families_now = families
        self._names = names
        self._clock = clock
        self._current = current
        self._families: Sequence[CauseFamily] = ()

    def compose(self) -> ComposeResult:
        """Textual: compose the child widgets."""
        with Vertical(classes="box -wide") as frame:
            frame.border_title = "Failures by cause"
            yield ChoiceList(classes="-wrap -whole")

    def on_resize(self, event: events.Resize) -> None:
        """Textual: name the keys in as many words as there is room for."""
        self.query_one(".box").border_subtitle = _HINTS[event.size.width < _FULL_HINT]

    def on_mount(self) -> None:
        """Textual: show the causes."""
        super().on_mount()
        self._show()

    def update(self) -> None:
        """Show the causes as they are now.

        The highlight stays on its cause, or goes with its newest run where that has another cause
        now that its log is read.
        """
        if self.is_open:
            self._show()

    def _show(self) -> None:
        families = list(self._families_now())
        if families == self._families:
            return
        options = self.query_one(OptionList)
        highlighted = self._highlighted if self._families else None
        self._families = families
        codes = [each.group.cause.exit_code for each in families]
        exit_columns = max((len(_exit_text(code)) for code in codes), default=0)
        options.clear_options()
        options.add_options(self._option(each, exit_columns) for each in families[:MAX_FAMILIES])
        if families:
            options.highlighted = self._index(families[:MAX_FAMILIES], highlighted)
        new = sum(bool(family.new) for family in families)
        title = f"Failures · {count(len(families), 'cause')}, {new} new"
        self.query_one(".box").border_title = Content(title)

    def _index(self, families: Sequence[CauseFamily], highlighted: "FailureGroup | None") -> int:
        """The place of what was highlighted."""
        groups = [family.group for family in families]
        cause = highlighted.cause if highlighted else self._current
        places = (index for index, group in enumerate(groups) if group.cause == cause)
        if (place := next(places, None)) is not None:
            return place
        run = highlighted.runs[0].key if highlighted else None
        places = (
            index for index, group in enumerate(groups) if run in {each.key for each in group.runs}
        )
        return next(places, 0)

    def action_highlight(self, step: str) -> None:
        """Move the highlight: `up` or `down`."""
        getattr(self.query_one(OptionList), f"action_cursor_{step}")()

    def action_accept(self) -> None:
        """Show the runs of the highlighted cause."""
        self.query_one(OptionList).action_select()

    def action_acknowledge(self) -> None:
        """Acknowledge the highlighted cause."""
        if (group := self._highlighted) is not None:
            self.dismiss(CauseChoice(group.cause, acknowledge=True))

    @on(OptionList.OptionSelected)
    def _selected(self, event: OptionList.OptionSelected) -> None:
        cause = self._families[event.option_index].group.cause
        self.dismiss(CauseChoice(cause, acknowledge=False))

    @property
    def _highlighted(self) -> "FailureGroup | None":
        index = self.query_one(OptionList).highlighted
        return None if index is None else self._families[index].group

    def _option(self, family: CauseFamily, exit_columns: int) -> Option:
        cause, now = family.group.cause, self._clock()
        sign = status_sign(RunStatus.FAILED) if family.new else " "
        style = "$text-error" if family.new else "$text-muted"
        known = f"\nacknowledged {known_text(family.known, now)}" if family.known else ""
        text = Content.assemble(
            (f"{state_text(family):<{_STATE_COLUMNS}}", style),
            (f"{_exit_text(cause.exit_code):<{exit_columns}}  ", "$text-muted"),
            (sanitize(_title(family)), "" if family.new else "$text-muted"),
            (f"\n{family_text(family, self._names, now)}{known}", "$text-muted"),
        )
        return Option(HangingText(Content.styled(f"{sign} ", style), text))


def _exit_text(code: int | None) -> str:
    return "no exit code" if code is None else f"exit {fit_exit_code(code, _EXIT_MAX - 5)}"


def _title(family: CauseFamily) -> str:
    cause = family.group.cause
    return cause.text if cause.shapes else "log not read or empty"
