"""Base classes of dialogs: modal screen, centred box, keys to accept, leave and move on."""

from pathlib import Path
from typing import Any, ClassVar, Generic, TypeVar

from textual import events, on
from textual.await_complete import AwaitComplete
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Input

from nodion_tui.config import Profile
from nodion_tui.ui.commands.registry import bindings, help_binding
from nodion_tui.ui.dialogs.badge import profile_badge
from nodion_tui.ui.dialogs.controls import CompactButton
from nodion_tui.ui.terminal.dialog_door import MinimalRepaintModal, forget_styles

T = TypeVar("T")

FOLDED_WIDTH = 60
"""Columns of the terminal from which a line of a dialog is not continued in the next row."""
WIDTH_BREAKPOINTS: list[tuple[int, str]] = [
    (0, "-narrow"),
    (FOLDED_WIDTH, "-folded"),
    (110, "-wide"),
    (150, "-spacious"),
]
"""Minimum terminal width in columns → CSS class of a dialog."""
HEIGHT_BREAKPOINTS: list[tuple[int, str]] = [
    (0, "-flat"),
    (16, "-low"),
    (30, "-high"),
    (44, "-tall"),
]
"""Minimum terminal height in rows → CSS class of a dialog."""


class BaseDialog(MinimalRepaintModal[T], Generic[T]):
    """A modal dialog; a new instance is created each time it is opened."""

    HORIZONTAL_BREAKPOINTS = WIDTH_BREAKPOINTS
    VERTICAL_BREAKPOINTS = HEIGHT_BREAKPOINTS
    DEFAULT_CSS = """
    BaseDialog {
        align: center middle;
        background: $background 60%;
        /* In the dialog's own layer, a toast moves the dialog rather than covering its buttons.
           Toasts that stay may be many: the newest is seen, and the dialog keeps its room. A rack,
           which is hidden, does not scroll to it. */
        ToastRack { layer: default; dock: top; max-height: 30%; }
        ToastHolder { display: none; }
        ToastHolder:last-of-type { display: block; }
    }
    """

    _is_dismissed = False
    profile_in_title: Profile | None = None
    """The profile that is asked, for the title where there are several; None: not named there."""
    SCROLL_TARGETS = ".box"
    """Selector of the containers that PgUp and PgDn scroll in a low window."""
    BINDINGS: ClassVar[list[BindingType]] = [
        help_binding(),
        Binding("pageup", "page(-1)", "Page up", show=False),
        Binding("pagedown", "page(1)", "Page down", show=False),
    ]

    def on_mount(self) -> None:
        """Textual: set the classes of the size before the first layout."""
        self.set_size_classes()

    def on_screen_resume(self) -> None:
        """Textual: the dialog is in front; toasts are seen once."""
        _take_toasts_over(self)
        # A screen that was in front for a moment, between two dialogs, shows its toasts later.
        self.app.call_later(_take_toasts_over, self)

    def set_size_classes(self) -> None:
        """Set the classes of the size; it costs least before there are children to style."""
        width, height = self.app.size
        widths = [name for columns, name in self.HORIZONTAL_BREAKPOINTS or () if columns <= width]
        heights = [name for rows, name in self.VERTICAL_BREAKPOINTS or () if rows <= height]
        self.add_class(*widths[-1:], *heights[-1:])

    @on(events.Resize)
    def _resized(self) -> None:
        """Keep the focused widget visible after the new layout."""
        self.scroll_to_focus()

    def full_title(self, title: str) -> Content:
        """A title, with the profile that is asked in its colour where there are several."""
        if self.profile_in_title is None:
            return Content(title)
        return Content.assemble(title, " · ", profile_badge(self.profile_in_title))

    def scroll_to_focus(self) -> None:
        """Show the focused widget, and as much above it as there is room for, once laid out."""
        self.call_after_refresh(self.call_after_refresh, self._scroll_focus_into_view)

    def action_page(self, by: int) -> None:
        """Scroll up (-1) or down (1) by almost a page."""
        for container in self.query(self.SCROLL_TARGETS):
            container.scroll_relative(y=by * max(1, container.size.height - 2), animate=False)

    def _scroll_focus_into_view(self) -> None:
        if self.focused is not None:
            # The first layout may have scrolled what was higher before the rest was known.
            for container in self.query(self.SCROLL_TARGETS):
                container.scroll_to(y=0, animate=False, immediate=True)
            self.focused.scroll_visible(animate=False, immediate=True)

    @property
    def is_open(self) -> bool:
        """Whether it has all its contents: from when it is mounted until it is dismissed.

        What arrives for a dialog may come before that or after.
        """
        return self.is_mounted and not self._is_dismissed

    def dismiss(self, result: T | None = None) -> AwaitComplete:
        """Textual: close with a result; further calls from a burst of keys have no effect."""
        if self._is_dismissed:
            return AwaitComplete()
        self._is_dismissed = True
        return super().dismiss(result)

    def on_unmount(self) -> None:
        """Textual: clear caches that keep a reference to the screen (textual issue 6665)."""
        forget_styles()


def _take_toasts_over(dialog: Screen[Any]) -> None:
    """Remove the toasts of the screens below, elsewhere in the window: each is seen once.

    Textual shows those that are left again when a screen comes to the front.
    """
    stack = dialog.app.screen_stack
    if dialog not in stack:  # It has been closed meanwhile.
        return
    for screen in stack[: stack.index(dialog)]:
        for rack in screen.query_children("ToastRack"):
            rack.remove_children()


class DialogBox(BaseDialog[T], Generic[T]):
    """A small dialog; its content is in a container of class `box`.

    A button of class `-leave` does the same as Esc. Enter in a field of one line moves on.
    """

    CSS_PATH = Path(__file__).with_suffix(".tcss")
    ACCEPT = ".-main"
    """Selector of the button that the keys to accept press."""
    ENTER_ACCEPTS = False
    """Whether Enter in the last field accepts, where little is lost by that.

    A check box behind the field is no field: Enter twice would tick it.
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings("dialog"),
        Binding("escape", "leave", "Cancel", show=False),
        Binding("left,up", "app.focus_previous", "Previous", show=False),
        Binding("right,down", "app.focus_next", "Next", show=False),
    ]

    def action_leave(self) -> None:
        """Close without a result."""
        self.dismiss(None)

    def action_accept(self) -> None:
        """Press the button that accepts, if it is there and enabled."""
        for button in self.query(self.ACCEPT).results(CompactButton):
            if not button.disabled:
                button.action_press()
                return

    def focus_after_field(self) -> None:
        """Focus the control after a field; of the buttons, the one that accepts, if enabled."""
        field = self.focused
        is_last = self.ENTER_ACCEPTS and field is self.query(Input).last()
        control = self.focus_next()
        if is_last or (control is not None and control.has_class("-leave")):
            enabled = [button for button in self.query(self.ACCEPT) if not button.disabled]
            self.set_focus(enabled[0] if enabled else field)
            if self.ENTER_ACCEPTS:
                self.action_accept()

    @on(Input.Submitted)
    def _field_entered(self) -> None:
        self.focus_after_field()

    @on(CompactButton.Pressed, ".-leave")
    def _leave_pressed(self) -> None:
        self.action_leave()
