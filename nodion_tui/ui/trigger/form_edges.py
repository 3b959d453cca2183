"""First and last rows of the trigger form, each painted by one widget."""

from collections.abc import Sequence

from textual.content import Content
from textual.geometry import Offset, Size
from textual.layout import WidgetPlacement
from textual.widget import Widget

from nodion_tui.ui.dialogs.control_row import ControlRow

_MAX_ROWS = 3
"""Rows of the verdict; what does not fit is cut."""


class FormHead(Widget):
    """What is triggered, and where: the title at the left, the profile at the right."""

    DEFAULT_CSS = """
    FormHead { height: 1; }
    """

    def __init__(self, title: Content, where: Content) -> None:
        super().__init__(id="trigger-head")
        self._title = title
        self._where = where

    def show(self, title: Content, where: Content) -> None:
        """Show another title and place."""
        self._title, self._where = title, where
        self.refresh()

    def render(self) -> Content:
        """Textual: the row; the title is cut where there is no room for both."""
        room = max(0, self.size.width - self._where.cell_length - 1)
        title = self._title.truncate(room, ellipsis=True, pad=True)
        return Content.assemble(title, " ", self._where)


class FormFoot(ControlRow):
    """What submitting will start, and below it key hints and the buttons.

    Args:
        keys: the key hints, most important first; those that do not fit are left out, in a narrow
            window all.
        buttons: the buttons, from left to right.
    """

    DEFAULT_CSS = """
    FormFoot { height: auto; align-horizontal: right; color: $foreground; }
    """

    def __init__(self, keys: Sequence[str], *buttons: Widget) -> None:
        super().__init__(*buttons, id="trigger-foot")
        self._keys = keys
        self.verdict = Content()
        """What submitting will start, or why it cannot be submitted."""
        self._verdict_rows = 1

    def show_verdict(self, verdict: Content) -> None:
        """Show another verdict."""
        if verdict == self.verdict:
            return
        self.verdict = verdict
        is_higher = len(self._lines(self.size.width)) != self._verdict_rows
        self.refresh(layout=is_higher)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Textual: the rows of the verdict, and that of the buttons."""
        del container, viewport
        self._verdict_rows = len(self._lines(width))
        return self._verdict_rows + 1

    def process_layout(self, placements: list[WidgetPlacement]) -> list[WidgetPlacement]:
        """Textual: the buttons are below the verdict."""
        below = Offset(0, self._verdict_rows)
        return WidgetPlacement.translate(super().process_layout(placements), below)

    def render(self) -> Content:
        """Textual: the verdict, and the key hints."""
        lines = self._lines(self.size.width)
        if not self.screen.has_class("-narrow"):
            lines.append(self._fitting_hints())
        return Content("\n").join(lines)

    def _fitting_hints(self) -> Content:
        hints = Content()
        for number in range(1, len(self._keys) + 1):
            more = Content.styled("  ".join(self._keys[:number]), "$text-muted")
            if more.cell_length >= self.room:
                break
            hints = more
        return hints

    def _lines(self, width: int) -> list[Content]:
        return self.verdict.wrap(width)[:_MAX_ROWS] if width else [self.verdict]
