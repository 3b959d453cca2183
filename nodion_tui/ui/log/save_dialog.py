"""Dialog for the path and the format of a saved log. Returns the choice; writes nothing."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Static

from nodion_tui.config.paths import expand_home
from nodion_tui.model.errors import ConfigError
from nodion_tui.model.text.sanitize import sanitize
from nodion_tui.ui.dialogs.box import DialogBox
from nodion_tui.ui.dialogs.button_row import ButtonRow
from nodion_tui.ui.dialogs.controls import CompactButton, RadioRow
from nodion_tui.ui.dialogs.text_fields import LineField

SaveFormat = Literal["plain", "timed", "raw", "evidence"]

_FORMATS: tuple[tuple[SaveFormat, str], ...] = (
    ("plain", "text"),
    ("timed", "with times"),
    ("raw", "raw"),
    ("evidence", "evidence"),
)
_HINTS: dict[str, str] = {
    "plain": "Plain text; control characters as visible marks.",
    "timed": "Plain text with a UTC timestamp before each line.",
    "raw": "Raw bytes, escape sequences included: careful when printing.",
    "evidence": "New folder in this one: log, run as JSON without secrets, and a summary.",
}

_NO_OVERWRITE = "Existing files are never overwritten."


@dataclass(frozen=True, slots=True)
class SaveRequest:
    """What to save where."""

    path: Path
    """The file; for evidence the parent of the new folder."""
    format: SaveFormat
    only_excerpt: bool = False
    """Whether to save only the offered excerpt, not the whole log."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveOffer:
    """What can be saved."""

    stem: str
    """Suggested file name without folder and suffix."""
    amount: str
    """Size of the whole log, such as `48,213 lines`."""
    excerpt: str = ""
    """An excerpt to offer, such as `the selection, 12 lines`; empty for none."""
    has_evidence: bool = True
    """Whether the log is that of a run, whose facts are saved with it."""
    reason: str = ""
    """Why saving is offered; empty if requested by the user. Preselects the excerpt."""


class SaveLogDialog(DialogBox[SaveRequest | None]):
    """Asks for path and format.

    Args:
        offer: what can be saved.
    """

    AUTO_FOCUS = "#save-path"

    DEFAULT_CSS = """
    SaveLogDialog {
        & .save--row { height: auto; margin: 0 0 1 0; }
        & .save--label { width: 6; color: $text-muted; }
        & #save-path, & RadioRow { width: 1fr; }
    }
    """

    def __init__(self, offer: SaveOffer) -> None:
        super().__init__()
        self._offer = offer

    def compose(self) -> ComposeResult:
        """Textual: the widgets."""
        with Vertical(classes="box -wide") as frame:
            frame.border_title = "Save log"
            if self._offer.reason:
                yield Static(Content(sanitize(self._offer.reason)), classes="box--note")
            with Horizontal(classes="save--row"):
                yield Static("to", classes="save--label")
                yield LineField(self._suggested("plain"), id="save-path")
            with Horizontal(classes="save--row"):
                yield Static("as", classes="save--label")
                yield RadioRow(_formats(self._offer), "plain", id="save-form")
            if self._offer.excerpt:
                with Horizontal(classes="save--row"):
                    yield Static("what", classes="save--label")
                    parts = (("all", "all"), ("part", f"only {self._offer.excerpt}"))
                    yield RadioRow(parts, "part" if self._offer.reason else "all", id="save-part")
            yield Static(id="save-hint", classes="box--note")
            with ButtonRow(classes="box--buttons"):
                yield CompactButton("Cancel", id="save-cancel", classes="-leave")
                yield CompactButton("Save", id="save-go", classes="-main")

    def on_mount(self) -> None:
        """Textual: show what will be saved."""
        self._update_hint()

    @property
    def _format(self) -> SaveFormat:
        chosen = self.query_one("#save-form", RadioRow).value
        return next(format_ for format_, _ in _FORMATS if format_ == chosen)

    @property
    def _only_part(self) -> bool:
        """Whether only the excerpt is chosen; evidence always contains the whole log."""
        if not self._offer.excerpt or self._format == "evidence":
            return False
        return self.query_one("#save-part", RadioRow).value == "part"

    @on(RadioRow.Chosen)
    def _chosen(self) -> None:
        path = self.query_one(LineField)
        if path.value in {self._suggested(format_) for format_, _ in _FORMATS}:
            path.value = self._suggested(self._format)
        self._update_hint()

    @on(CompactButton.Pressed, "#save-go")
    def _save(self) -> None:
        path = self.query_one(LineField).value.strip()
        if path:
            try:
                target = expand_home(path, "File")
            except ConfigError as error:
                self.notify(error.detail, severity="error", markup=False)
                return
            self.dismiss(SaveRequest(target, self._format, self._only_part))

    def _suggested(self, format_: SaveFormat) -> str:
        folder = Path.cwd()
        return str(folder if format_ == "evidence" else folder / f"{self._offer.stem}.log")

    def _update_hint(self) -> None:
        amount = self._offer.excerpt if self._only_part else self._offer.amount
        hint = f"{amount[:1].upper()}{amount[1:]}. {_HINTS[self._format]} {_NO_OVERWRITE}"
        self.query_one("#save-hint", Static).update(Content(hint))


def _formats(offer: SaveOffer) -> tuple[tuple[SaveFormat, str], ...]:
    return _FORMATS if offer.has_evidence else _FORMATS[:-1]
