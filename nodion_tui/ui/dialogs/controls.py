"""Controls of one row each: button, checkbox, radio row.

Textual's own controls take three rows or show their state by colour alone. These show state by
a glyph and focus by reverse video, so that they work without colour.
"""

from collections.abc import Sequence
from typing import ClassVar, Generic, TypeVar

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.style import Style
from textual.widget import Widget

C = TypeVar("C", bound=Widget)

_MORE_BEFORE, _MORE_BEHIND = "‹", "›"


class ControlMessage(Message, Generic[C]):
    """A person has used a control."""

    def __init__(self, control: C) -> None:
        super().__init__()
        self._control = control

    @property
    def control(self) -> C:
        """The control."""
        return self._control


class OneRowControl(Widget, can_focus=True):
    """Base of the controls."""

    ALLOW_SELECT = False
    DEFAULT_CSS = """
    OneRowControl { width: auto; height: 1; pointer: pointer; }
    """


class CompactButton(OneRowControl):
    """A button of one row."""

    DEFAULT_CSS = """
    CompactButton {
        color: $foreground;
        background: $panel-lighten-1;
        &:hover { background: $panel-lighten-2; }
        &.-main { color: $button-color-foreground; background: $primary; text-style: bold; }
        &.-danger { color: $text-error; background: $panel-lighten-1; text-style: bold; }
        &.-quiet { color: $text-muted; background: transparent; }
        &.-quiet:hover { color: $foreground; }
        &:disabled { color: $text-disabled; background: $panel-lighten-1; text-style: none; }
        &:ansi.-main { color: $primary; background: transparent; }
        &:ansi.-danger { color: $error; background: transparent; }
        &:ansi:disabled { color: $text-disabled; background: transparent; text-style: none; }
        &:focus, &:ansi:focus {
            color: $foreground;
            background: $surface;
            text-style: bold reverse;
        }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter,space", "press", "Press", show=False)]

    label: reactive[str] = reactive("", layout=True)

    class Pressed(ControlMessage["CompactButton"]):
        """The button was pressed."""

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
        """Textual: the label; in brackets where the theme has no background."""
        left, right = "[]" if self.app.current_theme.ansi else "  "
        return Content(f"{left}{self.label}{right}")

    def action_press(self) -> None:
        """Post `Pressed`."""
        self.post_message(self.Pressed(self))

    def on_click(self, event: events.Click) -> None:
        """Textual: a click does the same as the key."""
        event.stop()
        self.action_press()


class CompactCheckbox(OneRowControl):
    """A checkbox: `[x]` or `[ ]` and a label."""

    DEFAULT_CSS = """
    CompactCheckbox {
        color: $text-muted;
        &.-on, &:ansi { color: $foreground; }
        &:focus { color: $foreground; text-style: bold reverse; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter,space", "flip", "Toggle", show=False)]

    on: reactive[bool] = reactive(default=False, toggle_class="-on")
    label: reactive[str] = reactive("", layout=True)

    class Toggled(ControlMessage["CompactCheckbox"]):
        """The user toggled the checkbox."""

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
        self.set_class(on, "-on", update=False)

    def render(self) -> Content:
        """Textual: the content."""
        return Content(f"[{'x' if self.on else ' '}]{' ' * bool(self.label)}{self.label}")

    def action_flip(self) -> None:
        """Toggle it."""
        self.on = not self.on
        self.post_message(self.Toggled(self))

    def on_click(self, event: events.Click) -> None:
        """Textual: a click does the same as the key."""
        event.stop()
        self.action_flip()


class RadioRow(OneRowControl):
    """A choice of a few labels in one row; ← and → select.

    Where not all have room, those around the selected one are shown, `‹` and `›` tell of others.

    Args:
        options: value and label of each option.
        value: the initially selected value.
        id: Textual id.
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {"choice--on", "choice--off"}
    DEFAULT_CSS = """
    RadioRow {
        & > .choice--on { color: $text-primary; background: $primary-muted; text-style: bold; }
        & > .choice--off { color: $text-muted; background: $panel; }
        &:ansi > .choice--on { background: transparent; }
        &:ansi > .choice--off { color: $foreground; background: transparent; }
        &:focus > .choice--on { color: $foreground; background: $surface; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left,h", "step(-1)", "Previous", show=False),
        Binding("right,l,space", "step(1)", "Next", show=False),
    ]

    value: reactive[str] = reactive("")
    options: reactive[tuple[tuple[str, str], ...]] = reactive((), layout=True)
    """Value and label of each option."""

    class Chosen(ControlMessage["RadioRow"]):
        """The user selected another option."""

        def __init__(self, radio_row: "RadioRow", value: str) -> None:
            super().__init__(radio_row)
            self.value = value

    def __init__(
        self,
        options: Sequence[tuple[str, str]],
        value: str,
        *,
        id: str | None = None,  # noqa: A002 - Textual's own name
    ) -> None:
        super().__init__(id=id)
        self.set_reactive(RadioRow.options, tuple(options))
        self.set_reactive(RadioRow.value, value)

    def render(self) -> Content:
        """Textual: the content."""
        on_style = self.get_visual_style("choice--on")
        off_style = self.get_visual_style("choice--off")
        if self.has_focus:
            # A style that Textual builds from CSS drops `reverse`.
            on_style += Style(reverse=True)
        first, stop = self._window()
        labels = self._labels()
        return Content("").join(
            (
                Content.styled(_MORE_BEFORE if first else "", off_style),
                *(
                    Content.styled(_option_text(label, on=on), on_style if on else off_style)
                    for label, on in labels[first:stop]
                ),
                Content.styled(_MORE_BEHIND if stop < len(labels) else "", off_style),
            )
        )

    def get_content_width(self, container: Size, viewport: Size) -> int:
        """Textual: the width of all labels."""
        del container, viewport
        return sum(len(_option_text(label, on=on)) for label, on in self._labels())

    def action_step(self, by: int) -> None:
        """Select the previous (-1) or next (1) option."""
        values = [value for value, _ in self.options]
        self._select(values[(values.index(self.value) + by) % len(values)])

    def on_click(self, event: events.Click) -> None:
        """Textual: a click does the same as the key."""
        event.stop()
        first, stop = self._window()
        right_edge = len(_MORE_BEFORE) if first else 0
        for value, label in self.options[first:stop]:
            right_edge += len(_option_text(label, on=value == self.value))
            if event.x < right_edge:
                self._select(value)
                return

    def _select(self, value: str) -> None:
        if value != self.value:
            self.value = value
            self.post_message(self.Chosen(self, value))

    def _window(self) -> tuple[int, int]:
        """Which options are shown: the selected one, and as many around it as have room."""
        widths = [len(_option_text(label, on=on)) for label, on in self._labels()]
        room = self.content_size.width
        if sum(widths) <= room:
            return 0, len(widths)
        room -= len(_MORE_BEFORE) + len(_MORE_BEHIND)
        first = next((index for index, (_, on) in enumerate(self._labels()) if on), 0)
        stop = first + 1
        while stop < len(widths) and sum(widths[first : stop + 1]) <= room:
            stop += 1
        while first and sum(widths[first - 1 : stop]) <= room:
            first -= 1
        return first, stop

    def _labels(self) -> list[tuple[str, bool]]:
        return [(label, value == self.value) for value, label in self.options]


def _option_text(label: str, *, on: bool) -> str:
    return f" {'●' if on else '○'} {label} "
