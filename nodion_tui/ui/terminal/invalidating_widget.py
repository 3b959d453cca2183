"""Widget base class whose cached layout is invalidated by a full refresh."""

from typing import Self

from textual.geometry import Region
from textual.widget import Widget


class InvalidatingWidget(Widget):
    """Calls `invalidate_layout` on a full refresh; a refresh of regions keeps the layout.

    Must be the last base of a class, as Textual uses only the CSS of the first one.
    """

    def invalidate_layout(self) -> None:
        """Drop the cached layout; it is recomputed with the next paint."""

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
