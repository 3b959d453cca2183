"""The buttons of a dialog: in one row, or in as many as the window needs."""

from textual.containers import Horizontal
from textual.geometry import Region, Size
from textual.layout import ArrangeResult, Layout
from textual.layouts.horizontal import HorizontalLayout
from textual.widget import Widget


class _FlowLayout(HorizontalLayout):
    """From left to right, and below where there is no room."""

    name = "flow"

    def arrange(
        self,
        parent: Widget,
        children: list[Widget],
        size: Size,
        greedy: bool = True,  # noqa: FBT001, FBT002 - Textual's signature
    ) -> ArrangeResult:
        """Textual: where the children are."""
        placements: ArrangeResult = []
        x = y = row_height = 0
        for placement in super().arrange(parent, children, size, greedy):
            width, height = placement.region.size
            x += placement.margin.left
            if placements and x + width > size.width:
                x, y = placement.margin.left, y + row_height
                row_height = 0
            placements.append(placement._replace(region=Region(x, y, width, height)))
            x += width
            row_height = max(row_height, height)
        return placements


_FLOW = _FlowLayout()


class ButtonRow(Horizontal):
    """Buttons that stand side by side as far as they fit.

    In a low window every row that they take is one less of what is asked.
    """

    @property
    def layout(self) -> Layout:
        """Textual: how the buttons are arranged."""
        return _FLOW
