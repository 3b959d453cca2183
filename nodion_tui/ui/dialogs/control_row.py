"""A row of controls that paints a text beside them itself: each widget costs a millisecond."""

from textual.content import Content
from textual.layout import WidgetPlacement
from textual.widget import Widget


class ControlRow(Widget):
    """Controls in a row, and a text in the room that they leave.

    The text is left of controls that are aligned right, else right of them.

    Args:
        controls: the controls, from left to right.
        text: what is beside them.
        id: Textual id.
        classes: Textual classes.
    """

    DEFAULT_CSS = """
    ControlRow { layout: horizontal; height: 1; color: $text-muted; }
    """

    def __init__(
        self,
        *controls: Widget,
        text: Content | None = None,
        id: str | None = None,  # noqa: A002 - Textual's own name
        classes: str | None = None,
    ) -> None:
        super().__init__(*controls, id=id, classes=classes)
        self._text = text or Content()
        self._taken = 0
        """Columns of the controls."""

    def show_text(self, text: Content) -> None:
        """Show another text."""
        self._text = text
        self.refresh()

    @property
    def room(self) -> int:
        """Columns that the controls leave."""
        return max(0, self.size.width - self._taken)

    def process_layout(self, placements: list[WidgetPlacement]) -> list[WidgetPlacement]:
        """Textual: where the controls are; the text begins or ends there."""
        taken = WidgetPlacement.get_bounds(placements).right
        was, self._taken = self._taken, taken
        if was not in (0, taken):  # At first it is painted anyway, and a refresh lays all out.
            self.refresh()
        return placements

    def render(self) -> Content:
        """Textual: the text, cut to the room that is left."""
        text = self._text.truncate(self.room, ellipsis=True)
        is_left = self.styles.align_horizontal == "right"
        return text if is_left else text.pad_left(self._taken)
