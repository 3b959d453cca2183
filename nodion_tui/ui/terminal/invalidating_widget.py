"""A widget that paints what it has laid out before, and lays all of it out anew on request."""

from typing import Self

from textual.geometry import Region
from textual.widget import Widget


class InvalidatingWidget(Widget):
    """Calls `forget` before all of the widget is repainted; a repaint of regions forgets nothing.

    It is the last base of a class, as Textual takes the CSS of the first one alone.
    """

    def forget(self) -> None:
        """Drop what was laid out; it is laid out again when it is next painted."""

    def refresh(
        self,
        *regions: Region,
        repaint: bool = True,
        layout: bool = False,
        recompose: bool = False,
    ) -> Self:
        """Textual: repaint the widget, or only these regions of it."""
        if repaint and not regions:
            self.forget()
        return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)
