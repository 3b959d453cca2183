"""Modal menu: select with the arrows, an entry's key or the mouse; a long one filters."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

from rich.cells import cell_len
from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from nodion_tui.model.text.sanitize import sanitize
from nodion_tui.ui.commands.word_match import match_words
from nodion_tui.ui.dialogs.box import FOLDED_WIDTH, DialogBox
from nodion_tui.ui.dialogs.choice_list import ChoiceList
from nodion_tui.ui.dialogs.hanging_text import HangingText
from nodion_tui.ui.dialogs.text_fields import OneLineInput

MAX_NUMBERED_ENTRIES = 9
"""A longer menu takes what is typed as a filter, unless each of its entries has a letter."""

_USUAL_WIDTH = 62
"""Columns of an entry in a box of usual width."""

_MAX_COLUMNS = 28
"""Columns of labels: the other text keeps more than half of a dialog."""

_MAX_MENU_COLUMNS = 40
"""Columns of labels in a menu whose other texts are short."""

_WIDE_WIDTH = 90
"""Columns of an entry in a wide box, where the terminal has them."""

_FRAME_WIDTH = 6
"""Columns of the border and the padding of a box."""

_KEY_WIDTH = 3
"""Columns of an entry's key, with the space behind it."""

_GAP = 2
"""Columns between a label and the other text."""


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """One menu entry."""

    key: str
    """Key that selects the entry at once, where the menu does not filter.

    A letter stands for the entry, as `n` for "Creation time" in a menu of settings; a digit is only
    its number.
    """
    id: str
    """Value that the menu dismisses."""
    title: str
    detail: str = ""
    """Secondary text beside the title."""


class Menu(DialogBox[str | None]):
    """Dismisses the id of the selected entry; None on Esc.

    Args:
        title: title of the menu.
        entries: the entries.
        highlighted: id of the entry that is highlighted first; None: the first one.
    """

    AUTO_FOCUS = "OneLineInput, OptionList"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,ctrl+p", "highlight('up')", "Up", show=False),
        Binding("down,ctrl+n", "highlight('down')", "Down", show=False),
        Binding("pageup", "highlight('page_up')", "Page up", show=False),
        Binding("pagedown", "highlight('page_down')", "Page down", show=False),
    ]
    DEFAULT_CSS = """
    Menu .menu--filter { height: 1; border: none; padding: 0; margin: 0 0 1 0; }
    Menu .menu--filter:focus { border: none; }
    /* What Enter takes, while the filter has the focus too. */
    Menu OptionList > .option-list--option-highlighted {
        color: $block-cursor-foreground;
        background: $block-cursor-background;
        text-style: $block-cursor-text-style;
    }
    """

    def __init__(
        self, title: str, entries: Sequence[MenuEntry], *, highlighted: str | None = None
    ) -> None:
        super().__init__()
        ids = [entry.id for entry in entries]
        self._query = ""
        self._first = ids.index(highlighted) if highlighted in ids else 0
        self._title = title
        self._entries = entries
        has_letters = all(entry.key.isalpha() for entry in entries)
        self._is_filtered = len(entries) > MAX_NUMBERED_ENTRIES and not has_letters

    def compose(self) -> ComposeResult:
        """Textual: compose the child widgets."""
        with Vertical(classes=f"box {'-wide' * self._is_wide}") as frame:
            frame.border_title = Content(self._title)
            if self._is_filtered:
                yield OneLineInput(
                    placeholder="type to filter", compact=True, classes="menu--filter"
                )
            yield ChoiceList(*self._options(self._entries))

    def on_mount(self) -> None:
        """Textual: the highlight begins where it is asked for, in sight once there are sizes."""
        if self._first:
            options = self.query_one(OptionList)
            options.highlighted = self._first
            # At the top: in a low window the box, which scrolls too, hides the last rows.
            show = partial(options.scroll_to_highlight, top=True)
            self.call_after_refresh(self.call_after_refresh, show)

    def retitle(self, title: str) -> None:
        """Show another title, as what is asked about has changed."""
        if self.is_open and title != self._title:
            self._title = title
            self.query_one(".box").border_title = Content(title)

    def action_highlight(self, step: str) -> None:
        """Move the highlight: `up`, `down`, `page_up` or `page_down`."""
        getattr(self.query_one(OptionList), f"action_{'cursor_' * (len(step) < 5)}{step}")()

    def action_accept(self) -> None:
        """Dismiss the highlighted entry."""
        self.query_one(OptionList).action_select()

    def focus_after_field(self) -> None:
        """Enter in the filter accepts: there is no other control to go to."""
        self.action_accept()

    def on_key(self, event: events.Key) -> None:
        """Textual: without a filter, the key of an entry selects it; `j` and `k` move."""
        if self._is_filtered:
            return
        for entry in self._entries:
            if event.character == entry.key:
                event.stop()
                self.dismiss(entry.id)
                return
        if event.character in {"j", "k"}:
            event.stop()
            self.action_highlight("down" if event.character == "j" else "up")

    @on(Input.Changed)
    def _filter(self, event: Input.Changed) -> None:
        if event.value == self._query:
            return  # Textual also tells the value that a field begins with.
        self._query = event.value
        options = self.query_one(OptionList)
        options.clear_options()
        options.add_options(self._options(matching_entries(self._entries, event.value)))
        options.highlighted = 0 if options.option_count else None

    @on(OptionList.OptionSelected)
    def _selected(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(event.option_id)

    @property
    def _columns(self) -> int:
        """Columns of the titles; 0 on a narrow screen, where a line goes on in the next row."""
        if self.app.size.width < FOLDED_WIDTH:
            return 0
        detailed = [entry for entry in self._entries if entry.detail]
        details = max((cell_len(sanitize(entry.detail)) for entry in detailed), default=0)
        room = min(_WIDE_WIDTH, self.app.size.width - _FRAME_WIDTH) - _KEY_WIDTH - _GAP - details
        limit = min(max(room, _MAX_COLUMNS), _MAX_MENU_COLUMNS)
        return label_columns((entry.title for entry in detailed), limit)

    @property
    def _is_wide(self) -> bool:
        """Whether an entry needs more than the usual width."""
        texts = (_text(entry, self._columns) for entry in self._entries)
        return max((text.cell_length for text in texts), default=0) > _USUAL_WIDTH - _KEY_WIDTH

    def _options(self, entries: Sequence[MenuEntry]) -> list[Option]:
        if not entries:
            return [Option(Content.styled("no match", "$text-muted"), disabled=True)]
        columns = self._columns
        with_key = not self._is_filtered
        return [
            Option(_prompt(entry, columns, with_key=with_key), id=entry.id) for entry in entries
        ]


def matching_entries(entries: Sequence[MenuEntry], query: str) -> list[MenuEntry]:
    """Entries with words that begin with those of the query, best match first."""
    matches = [(match_words(query, f"{entry.title} {entry.detail}"), entry) for entry in entries]
    matching = [(match.score, entry) for match, entry in matches if match is not None]
    return [entry for _, entry in sorted(matching, key=lambda pair: -pair[0] if query else 0)]


def label_columns(labels: Iterable[str], limit: int = _MAX_COLUMNS) -> int:
    """Columns for labels, beside which other text is aligned; one beyond the limit exceeds them."""
    widths = (cell_len(sanitize(label)) for label in labels)
    return max((width for width in widths if width <= limit), default=0)


def padded(label: str, columns: int) -> str:
    """A label of at least so many columns, sanitized."""
    label = sanitize(label)
    return label + " " * (columns - cell_len(label))


def _prompt(entry: MenuEntry, columns: int, *, with_key: bool) -> HangingText:
    key = Content.styled(f"{entry.key}  " if with_key else "", "bold $text-accent")
    return HangingText(key, _text(entry, columns))


def _text(entry: MenuEntry, columns: int) -> Content:
    return Content.assemble(
        padded(entry.title, columns if entry.detail else 0),
        (f"  {sanitize(entry.detail)}" if entry.detail else "", "$text-muted"),
    )
