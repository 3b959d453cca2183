"""Dialog that lists the runs to start together, and which cannot be started.

It dismisses what to start and sends nothing itself.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len, set_cell_size
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Input, Static

from nodion_tui.config import Profile
from nodion_tui.model.text.format import count
from nodion_tui.model.text.sanitize import sanitize
from nodion_tui.model.variation import MAX_RUNS
from nodion_tui.monitor.many.planned_start import PlannedStart
from nodion_tui.ui.dialogs.badge import profile_badge
from nodion_tui.ui.dialogs.box import DialogBox
from nodion_tui.ui.dialogs.button_row import ButtonRow
from nodion_tui.ui.dialogs.controls import CompactButton, CompactCheckbox
from nodion_tui.ui.dialogs.text_fields import LineField
from nodion_tui.ui.session.error_text import read_only_reason
from nodion_tui.ui.trigger.many.many_draft import ManyDraft
from nodion_tui.ui.trigger.many.series_text import MAX_NAME_COLUMNS

HELD_KEY_SECONDS = 0.6
"""A key to accept this soon after the one before it comes from one that is held down."""


@dataclass(frozen=True, slots=True)
class OfferedStart:
    """A run that may be started."""

    name: str
    """What it is called in a row."""
    start: PlannedStart | None
    """What is sent; None: it cannot be started, for the reason in `note`."""
    note: str = ""
    is_certain: bool = True
    """Whether all of its environment is known; others are started only if a person says so."""


@dataclass(frozen=True, slots=True)
class StartChoice:
    """What a person has decided to start."""

    offers: tuple[OfferedStart, ...]
    at_most: int | None = None


class StartManyDialog(DialogBox[StartChoice | None]):
    """Asks once for all runs; the safe button has the focus.

    Args:
        offers: the runs, in the order in which they are sent.
        profile: the profile; may be read-only.
        description: of the selection, such as `3 marked runs`, or of the runner.
        verb: what is done, as title and button say it.
        disabled_reason: why nothing can be started, beyond the profile's `read_only`.
        at_most: how many may go on at once, as it was typed before.
    """

    AUTO_FOCUS = "#many-leave"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("y", "start", "Start", show=False)]
    DEFAULT_CSS = """
    StartManyDialog {
        .many--limit { height: 1; margin: 1 0 0 0; }
        .many--limit LineField { width: 9; }
        .many--limit Static { width: auto; margin: 0 1 0 0; color: $text-muted; }
        CompactCheckbox { margin: 1 0 0 0; }
        &.-flat .many--limit { margin: 0; }
        &.-flat CompactCheckbox { margin: 0; }
    }
    """

    def __init__(
        self,
        offers: Sequence[OfferedStart],
        *,
        profile: Profile,
        description: str,
        verb: str = "Start",
        disabled_reason: str = "",
        at_most: str = "",
    ) -> None:
        super().__init__()
        self._verb = verb
        self._offers = tuple(offers)
        self._profile = profile
        self._description = description
        self._disabled_reason = disabled_reason or read_only_reason(profile)
        self._at_most = at_most
        self._pressed_at = 0.0
        uncertain = sum(not offer.is_certain for offer in offers if offer.start)
        self._uncertain = uncertain
        self._also_label = _also_label(uncertain)

    def compose(self) -> ComposeResult:
        """Textual: compose the child widgets."""
        facts = Content.assemble(sanitize(self._description), " on ", profile_badge(self._profile))
        with Vertical(classes="box -wide"):
            yield Static(facts, classes="box--facts")
            # What enables the button, and why it is not, are above a list that may be long.
            if self._uncertain:
                yield CompactCheckbox(self._also_label)
            yield Static(id="many-note", classes="box--note")
            with VerticalScroll(classes="box--rows -first -whole"):
                yield Static(id="many-rows")
            with Horizontal(classes="many--limit"):
                yield Static("at most")
                yield LineField(self._at_most, "any", id="many-limit")
                yield Static(" at a time")
            with ButtonRow(classes="box--buttons"):
                yield CompactButton("Cancel", id="many-leave", classes="-leave")
                yield CompactButton(self._verb, id="many-start", classes="-main")

    def on_mount(self) -> None:
        """Textual: show what is started."""
        self._refresh_content()

    def on_screen_resume(self) -> None:
        """Textual: the dialog is shown, by a key that may still be down."""
        self._pressed_at = time.monotonic()

    def action_accept(self) -> None:
        """Start, unless the key that has sent the form is held down or comes in a burst."""
        pressed_before, self._pressed_at = self._pressed_at, time.monotonic()
        if self._pressed_at - pressed_before >= HELD_KEY_SECONDS:
            super().action_accept()

    def action_start(self) -> None:
        """Start."""
        super().action_accept()

    @property
    def _chosen(self) -> tuple[OfferedStart, ...]:
        also = any(box.on for box in self.query(CompactCheckbox))
        return tuple(each for each in self._offers if each.start and (each.is_certain or also))

    @on(Input.Changed)
    @on(CompactCheckbox.Toggled)
    def _refresh_content(self) -> None:
        chosen = self._chosen
        self.query_one("#many-rows", Static).update(Content("\n").join(self._rows(chosen)))
        number = count(len(chosen), "run")
        offered = count(len(chosen) or self._uncertain, "run")
        title = f"{self._verb} {offered}?" if chosen or self._uncertain else "Nothing to start"
        self.query_one(".box").border_title = title
        problem = self._problem()
        note = problem or f"{number}, one request after the other; each is sent once."
        self.query_one("#many-note", Static).update(Content(sanitize(note)))
        button = self.query_one("#many-start", CompactButton)
        button.label = f"{self._verb} {number if chosen else ''}".rstrip() + "  y"
        button.disabled = bool(problem)
        if button.disabled and button.has_focus:
            self.query_one("#many-leave").focus()

    def _problem(self) -> str:
        if self._disabled_reason:
            return self._disabled_reason
        if not self._chosen:
            if self._uncertain:
                return "Tick the box to start them with the runner's variables."
            return "None of these runs can be started from here."
        if len(self._chosen) > MAX_RUNS:
            return f"{len(self._chosen):,} runs, limit {MAX_RUNS}"
        try:
            self._limit()
        except ValueError as error:
            return str(error)
        return ""

    def _limit(self) -> int | None:
        return ManyDraft(at_most=self.query_one("#many-limit", LineField).value).limit()

    def _rows(self, chosen: Sequence[OfferedStart]) -> list[Content]:
        names = [sanitize(offer.name) for offer in self._offers]
        columns = min(MAX_NAME_COLUMNS, max((cell_len(name) for name in names), default=0))
        digits = len(str(len(names)))
        return [
            Content.assemble(
                ("✓ " if offer in chosen else "✗ " if offer.start is None else "– ", style),
                (f"{number:>{digits}}  ", "$foreground-muted"),
                (set_cell_size(name, columns), "bold" if offer in chosen else style),
                (f"  {sanitize(offer.note)}", "$foreground-muted" if offer.start else style),
            )
            for number, (offer, name) in enumerate(zip(self._offers, names, strict=True), 1)
            for style in [_style(offer, is_chosen=offer in chosen)]
        ]

    @on(CompactButton.Pressed, "#many-start")
    def _confirmed(self) -> None:
        self.dismiss(StartChoice(self._chosen, self._limit()))


def _style(offer: OfferedStart, *, is_chosen: bool) -> str:
    if is_chosen:
        return "$text-success"
    return "$text-error" if offer.start is None else "$text-warning"


def _also_label(uncertain: int) -> str:
    who = "the one" if uncertain == 1 else f"the {uncertain:,}"
    return f"include {who} whose environment is unknown"
