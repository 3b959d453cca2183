"""Widget base class of what repaints regions: its screen knows of them at once.

A door to `ui.terminal.inside` as well: `ui.terminal.door` leads to what imports this.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Self

from textual.geometry import Region

from nodion_tui.ui.terminal.plain_textual import plain_textual
from nodion_tui.ui.terminal.row_segments import RowSegments

if TYPE_CHECKING or not plain_textual():
    from nodion_tui.ui.terminal.inside.direct_repaint import DirectRepaintWidget
else:
    from textual.widget import Widget as DirectRepaintWidget


class RegionWidget(DirectRepaintWidget):
    """Calls `invalidate_layout` on a full refresh; a refresh of regions keeps the layout.

    Must be the last base of a class, as Textual uses only the CSS of the first one.
    """

    def invalidate_layout(self) -> None:
        """Drop the cached layout; it is recomputed with the next paint."""

    def region_segments(self, region: Region) -> Sequence[RowSegments] | None:  # noqa: ARG002 - used by overrides
        """The rows of a region of the widget as they are sent; None: Textual paints them."""
        return None

    def refresh(
        self,
        *regions: Region,
        repaint: bool = True,
        layout: bool = False,
        recompose: bool = False,
    ) -> Self:
        """Textual: repaint the widget, or only these regions."""
        if repaint and not regions:
            self.invalidate_layout()
        return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)
