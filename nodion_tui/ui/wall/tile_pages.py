"""Which runs have a tile: page by page, with a cursor and a zoom."""

from collections.abc import Sequence

from nodion_tui.model.run import RunKey


class TilePages:
    """The runs of the current page, the one under the cursor, and the zoomed one."""

    def __init__(self) -> None:
        self._runs: tuple[RunKey, ...] = ()
        self._room = 1
        self.first = 0
        """Index of the first run of the page among all runs."""
        self.keys: tuple[RunKey, ...] = ()
        """The runs of the page, in the order of the tiles."""
        self.cursor = 0
        """Index of the current tile."""
        self.zoomed: RunKey | None = None
        """The run whose tile fills the board."""

    @property
    def current(self) -> RunKey | None:
        """The run of the current tile."""
        return self.keys[self.cursor] if self.keys else None

    @property
    def visible(self) -> tuple[RunKey, ...]:
        """The runs whose logs are on the screen."""
        return self.keys if self.zoomed is None else (self.zoomed,)

    @property
    def has_more(self) -> bool:
        """Whether there are other pages to turn to."""
        return len(self.keys) < len(self._runs) and self.zoomed is None

    def fill(self, runs: Sequence[RunKey], room: int) -> None:
        """Fill the page; cursor and zoom stay on their runs while these are there.

        Args:
            runs: all runs.
            room: maximum number of tiles, at least 1.
        """
        current = self.current
        self._runs, self._room = tuple(runs), room
        self.first = max(0, min(self.first, (len(runs) - 1) // room * room))
        if self.zoomed not in self._runs:
            self.zoomed = None
        elif self.zoomed not in self._runs[self.first : self.first + room]:
            self.first = self._runs.index(self.zoomed) // room * room
        self.keys = self._runs[self.first : self.first + room]
        self.move_to(self.keys.index(current) if current in self.keys else self.cursor)

    def move_to(self, index: int) -> None:
        """Put the cursor on the tile at an index, clamped."""
        self.cursor = max(0, min(index, len(self.keys) - 1))

    def toggle_zoom(self) -> None:
        """Zoom the current tile, or show all tiles again."""
        self.zoomed = None if self.zoomed is not None else self.current

    def cycle(self, by: int) -> None:
        """Go to the next tile by number, cyclically; a zoom goes with the cursor."""
        if self.keys:
            self.cursor = (self.cursor + by) % len(self.keys)
            if self.zoomed is not None:
                self.zoomed = self.current

    def turn(self, by: int) -> None:
        """Turn to another page, if there is one; the cursor is on its first tile."""
        first = self.first + by * self._room
        if 0 <= first < len(self._runs):
            self.first, self.cursor = first, 0
            self.fill(self._runs, self._room)
