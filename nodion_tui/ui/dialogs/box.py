"""What the small dialogs share: a box in the middle, buttons that the arrows reach, Esc."""

from pathlib import Path
from typing import ClassVar, Generic, TypeVar

from textual import events
from textual.await_complete import AwaitComplete
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen

from nodion_tui.ui.dialogs.ascii_signs import AsciiScrollBar, wants_ascii
from nodion_tui.ui.terminal.compositor import forget_styles

T = TypeVar("T")

WIDTH_BREAKPOINTS: list[tuple[int, str]] = [(0, "-narrow"), (60, "-folded"), (110, "-wide")]
"""From how many columns on a dialog wears which class."""


class BaseDialog(ModalScreen[T], Generic[T]):
    """A dialog that is made anew each time it is opened."""

    HORIZONTAL_BREAKPOINTS = WIDTH_BREAKPOINTS
    DEFAULT_CSS = """
    BaseDialog { align: center middle; background: $background 60%; }
    """

    _is_dismissed = False
    SCROLL_TARGETS = ".box"
    """Selector of what PgUp and PgDn scroll where the window is low."""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("pageup", "page(-1)", "Page up", show=False),
        Binding("pagedown", "page(1)", "Page down", show=False),
    ]

    def on_mount(self) -> None:
        """Textual: the class of its width from the first layout on; ASCII where it is wanted."""
        fitting = [name for columns, name in WIDTH_BREAKPOINTS if columns <= self.app.size.width]
        self.add_class(fitting[-1])
        if wants_ascii(self):
            self.add_class("-ascii")
            for each in self.query(f"{self.SCROLL_TARGETS}, ScrollView, ScrollableContainer"):
                each.vertical_scrollbar.renderer = AsciiScrollBar  # type: ignore[misc]  # as Textual has it

    def on_resize(self, event: events.Resize) -> None:
        """Textual: what has the focus stays in sight, once all is laid out anew."""
        del event
        self.scroll_to_focus()

    def scroll_to_focus(self) -> None:
        """Scroll what has the focus into sight, once all is laid out."""
        self.call_after_refresh(self.call_after_refresh, self._show_focus)

    def action_page(self, by: int) -> None:
        """Scroll up (-1) or down (1) by most of what is in sight."""
        for each in self.query(self.SCROLL_TARGETS):
            each.scroll_relative(y=by * max(1, each.size.height - 2), animate=False)

    def _show_focus(self) -> None:
        if self.focused is not None:
            self.focused.scroll_visible(animate=False)

    def dismiss(self, result: T | None = None) -> AwaitComplete:
        """Textual: go, with a result; once, however many keys of a burst ask for it."""
        if self._is_dismissed:
            return AwaitComplete()
        self._is_dismissed = True
        return super().dismiss(result)

    def on_unmount(self) -> None:
        """Textual: let go of what its caches keep of a screen (textual issue 6665)."""
        forget_styles()


class DialogBox(BaseDialog[T], Generic[T]):
    """A small dialog; what it holds goes into a container of class `box`."""

    CSS_PATH = Path(__file__).with_suffix(".tcss")
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Leave", show=False),
        Binding("left,up", "app.focus_previous", "Previous", show=False),
        Binding("right,down", "app.focus_next", "Next", show=False),
    ]

    def action_leave(self) -> None:
        """Do nothing and go."""
        self.dismiss(None)
