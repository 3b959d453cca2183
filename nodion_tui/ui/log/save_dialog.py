"""Where to save a log, and in which form. Dismisses the answer; writes nothing."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Input, Static

from nodion_tui.model.sanitize import sanitize
from nodion_tui.ui.dialogs.box import DialogBox
from nodion_tui.ui.dialogs.controls import CompactButton, RadioRow
from nodion_tui.ui.dialogs.text_fields import LineField

SaveFormat = Literal["plain", "timed", "raw", "evidence"]

_FORMS: tuple[tuple[SaveFormat, str], ...] = (
    ("plain", "text"),
    ("timed", "with times"),
    ("raw", "raw"),
    ("evidence", "evidence"),
)
_HINTS: dict[str, str] = {
    "plain": "Without colours; control characters as visible marks.",
    "timed": "The time of each line in front, in UTC.",
    "raw": "Byte by byte as the run wrote it: a terminal would obey what is in it.",
    "evidence": "A new folder in this one: log, the run as JSON without secrets, and a summary.",
}


@dataclass(frozen=True, slots=True)
class SaveRequest:
    """What a person wants to be saved where."""

    path: Path
    """The file; of evidence the folder that gets a new one."""
    form: SaveFormat
    only_part: bool = False
    """Whether the part is wanted that was offered, rather than all that is held."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveOffer:
    """What there is to save."""

    stem: str
    """File name to begin with, without a folder and without a suffix."""
    amount: str
    """How much there is in all, such as `48,213 lines`."""
    part: str = ""
    """A part that may be meant, such as `the selection, 12 lines`; empty where there is none."""
    reason: str = ""
    """Why saving is offered; empty where it was asked for. Then the part is chosen already."""


class SaveLogDialog(DialogBox[SaveRequest | None]):
    """Asks once.

    Args:
        offer: what there is to save.
    """

    AUTO_FOCUS = "#save-path"

    DEFAULT_CSS = """
    SaveLogDialog {
        & .save--row { height: auto; margin: 0 0 1 0; }
        & .save--label { width: 6; color: $text-muted; }
        & #save-path { width: 1fr; }
    }
    """

    def __init__(self, offer: SaveOffer) -> None:
        super().__init__()
        self._offer = offer

    def compose(self) -> ComposeResult:
        """Textual: what it is made of."""
        with Vertical(classes="box -wide") as frame:
            frame.border_title = "Save the log"
            if self._offer.reason:
                yield Static(Content(sanitize(self._offer.reason)), classes="box--note")
            with Horizontal(classes="save--row"):
                yield Static("to", classes="save--label")
                yield LineField(self._suggested("plain"), id="save-path")
            with Horizontal(classes="save--row"):
                yield Static("as", classes="save--label")
                yield RadioRow(_FORMS, "plain", id="save-form")
            if self._offer.part:
                with Horizontal(classes="save--row"):
                    yield Static("what", classes="save--label")
                    parts = (("all", "all"), ("part", f"only {self._offer.part}"))
                    yield RadioRow(parts, "part" if self._offer.reason else "all", id="save-part")
            yield Static(id="save-hint", classes="box--note")
            with Horizontal(classes="box--buttons"):
                yield CompactButton("Cancel", id="save-cancel")
                yield CompactButton("Save", id="save-go", classes="-main")

    def on_mount(self) -> None:
        """Textual: say what will be saved."""
        self._tell()

    @property
    def _form(self) -> SaveFormat:
        chosen = self.query_one("#save-form", RadioRow).value
        return next(form for form, _ in _FORMS if form == chosen)

    @property
    def _only_part(self) -> bool:
        """Evidence is always of the whole log."""
        if not self._offer.part or self._form == "evidence":
            return False
        return self.query_one("#save-part", RadioRow).value == "part"

    @on(RadioRow.Chosen)
    def _chosen(self) -> None:
        path = self.query_one(LineField)
        if path.value in {self._suggested(form) for form, _ in _FORMS}:
            path.value = self._suggested(self._form)
        self._tell()

    @on(CompactButton.Pressed, "#save-cancel")
    def _cancelled(self) -> None:
        self.action_leave()

    @on(CompactButton.Pressed, "#save-go")
    @on(Input.Submitted)
    def _go(self) -> None:
        typed = self.query_one(LineField).value.strip()
        if typed:
            self.dismiss(SaveRequest(Path(typed).expanduser(), self._form, self._only_part))

    def _suggested(self, form: SaveFormat) -> str:
        here = Path.cwd()
        return str(here if form == "evidence" else here / f"{self._offer.stem}.log")

    def _tell(self) -> None:
        amount = self._offer.part if self._only_part else self._offer.amount
        hint = f"{amount[:1].upper()}{amount[1:]}. {_HINTS[self._form]} Nothing is written over."
        self.query_one("#save-hint", Static).update(Content(hint))
