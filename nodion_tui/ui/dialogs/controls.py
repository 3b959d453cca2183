"""Small controls of one row each: a button, a switch, a choice of a few.

Textual's own take three rows or show their state by colour alone. Each of these shows it by a
sign as well, and its focus by reversed video, so that they work without colour.
"""

from collections.abc import Sequence
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.style import Style

from nodion_tui.ui.dialogs.ascii_signs import AsciiAwareWidget


class CompactButton(AsciiAwareWidget, can_focus=True):
    """A button of one row."""

    ALLOW_SELECT = False
    DEFAULT_CSS = """
    CompactButton {
        width: auto;
        height: 1;
        color: $foreground;
        background: $panel-lighten-1;
        pointer: pointer;
        &:hover { background: $panel-lighten-2; }
        &.-main { color: $button-color-foreground; background: $primary; text-style: bold; }
        &.-danger { color: $button-color-foreground; background: $error; text-style: bold; }
        &.-quiet { color: $text-muted; background: transparent; }
        &.-quiet:hover { color: $foreground; }
        &:disabled { color: $text-disabled; background: $panel-lighten-1; text-style: none; }
        &:ansi.-main { color: $primary; background: transparent; }
        &:ansi.-danger { color: $error; background: transparent; }
        &:focus { color: $foreground; background: $surface; text-style: bold reverse; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter,space", "press", "Press", show=False)]

    label: reactive[str] = reactive("", layout=True)

    class Pressed(Message):
        """It was pressed."""

        def __init__(self, button: "CompactButton") -> None:
            super().__init__()
            self.button = button

        @property
        def control(self) -> "CompactButton":
            """The button."""
            return self.button

    def __init__(
        self,
        label: str,
        *,
        id: str | None = None,  # noqa: A002 - Textual's own name
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self.set_reactive(CompactButton.label, label)

    def render(self) -> Content:
        """Textual: its look; without a ground of its own it wears brackets."""
        left, right = "[]" if self.app.current_theme.ansi else "  "
        return Content(f"{left}{self.label}{right}")

    def action_press(self) -> None:
        """Tell that it was pressed."""
        self.post_message(self.Pressed(self))

    def on_click(self, event: events.Click) -> None:
        """Textual: a click does what the key does."""
        event.stop()
        self.action_press()


class CompactCheckbox(AsciiAwareWidget, can_focus=True):
    """A switch: `[x]` or `[ ]` and what it switches."""

    ALLOW_SELECT = False
    DEFAULT_CSS = """
    CompactCheckbox {
        width: auto;
        height: 1;
        color: $text-muted;
        pointer: pointer;
        &.-on { color: $foreground; }
        &:focus { text-style: bold reverse; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter,space", "flip", "Switch", show=False)]

    on: reactive[bool] = reactive(default=False, toggle_class="-on")
    label: reactive[str] = reactive("", layout=True)

    class Toggled(Message):
        """A person switched it."""

        def __init__(self, checkbox: "CompactCheckbox", *, on: bool) -> None:
            super().__init__()
            self.checkbox = checkbox
            self.on = on

        @property
        def control(self) -> "CompactCheckbox":
            """The switch."""
            return self.checkbox

    def __init__(
        self,
        label: str = "",
        *,
        on: bool = False,
        id: str | None = None,  # noqa: A002 - Textual's own name
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self.set_reactive(CompactCheckbox.label, label)
        self.set_reactive(CompactCheckbox.on, on)
        self.set_class(on, "-on")

    def render(self) -> Content:
        """Textual: its look."""
        return Content(f"[{'x' if self.on else ' '}]{' ' * bool(self.label)}{self.label}")

    def action_flip(self) -> None:
        """Switch it over."""
        self.on = not self.on
        self.post_message(self.Toggled(self, on=self.on))

    def on_click(self, event: events.Click) -> None:
        """Textual: a click does what the key does."""
        event.stop()
        self.action_flip()


class RadioRow(AsciiAwareWidget, can_focus=True):
    """One of a few words in a row; ← and → choose."""

    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {"choice--on", "choice--off"}
    DEFAULT_CSS = """
    RadioRow {
        width: auto;
        height: 1;
        pointer: pointer;
        & > .choice--on { color: $text-primary; background: $primary-muted; text-style: bold; }
        & > .choice--off { color: $text-muted; background: $panel; }
        &:ansi > .choice--on { background: transparent; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left,h", "step(-1)", "Previous", show=False),
        Binding("right,l,space", "step(1)", "Next", show=False),
    ]

    value: reactive[str] = reactive("")
    options: reactive[tuple[tuple[str, str], ...]] = reactive((), layout=True)
    """Value and word of each."""

    class Chosen(Message):
        """A person chose another one."""

        def __init__(self, radio_row: "RadioRow", value: str) -> None:
            super().__init__()
            self.radio_row = radio_row
            self.value = value

        @property
        def control(self) -> "RadioRow":
            """The row of words."""
            return self.radio_row

    def __init__(
        self,
        options: Sequence[tuple[str, str]],
        value: str,
        *,
        id: str | None = None,  # noqa: A002 - Textual's own name
    ) -> None:
        """Make it.

        Args:
            options: value and word of each.
            value: the one that is chosen.
            id: Textual's id.
        """
        super().__init__(id=id)
        self.set_reactive(RadioRow.options, tuple(options))
        self.set_reactive(RadioRow.value, value)

    def render(self) -> Content:
        """Textual: its look."""
        on_style = self.get_visual_style("choice--on")
        off_style = self.get_visual_style("choice--off")
        if self.has_focus:
            # A style that Textual makes of CSS loses `reverse` on the way.
            on_style += Style(reverse=True)
        return Content("").join(
            Content.styled(_word(word, on=on), on_style if on else off_style)
            for word, on in self._words()
        )

    def get_content_width(self, container: Size, viewport: Size) -> int:
        """Textual: as wide as its words."""
        del container, viewport
        return sum(len(_word(word, on=on)) for word, on in self._words())

    def action_step(self, by: int) -> None:
        """Choose the one beside it."""
        values = [value for value, _ in self.options]
        self._choose(values[(values.index(self.value) + by) % len(values)])

    def on_click(self, event: events.Click) -> None:
        """Textual: a click does what the key does."""
        event.stop()
        edge = 0
        for value, word in self.options:
            edge += len(_word(word, on=value == self.value))
            if event.x < edge:
                self._choose(value)
                return

    def _choose(self, value: str) -> None:
        if value != self.value:
            self.value = value
            self.post_message(self.Chosen(self, value))

    def _words(self) -> list[tuple[str, bool]]:
        return [(word, value == self.value) for value, word in self.options]


def _word(word: str, *, on: bool) -> str:
    return f" {'●' if on else '○'} {word} "
