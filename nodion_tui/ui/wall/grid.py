"""Where tiles stand: as many beside each other as stay readable, each row across the screen."""

from textual.geometry import Region

MIN_WIDTH, MIN_HEIGHT = 36, 5
"""A smaller tile is not worth reading."""
_WIDTH_GOOD, _HEIGHT_GOOD = 58, 9
"""Beyond this a tile gains little."""


def capacity(width: int, height: int) -> int:
    """How many tiles a screen of this size has room for, at least 1."""
    return max(1, width // MIN_WIDTH) * max(1, height // MIN_HEIGHT)


def tile_regions(count: int, width: int, height: int) -> list[Region]:
    """The places of so many tiles, row by row; without gaps, none over another.

    Args:
        count: not more than `capacity`.
        width: columns of the screen.
        height: rows of the screen.
    """
    if not count:
        return []
    columns = _columns(count, width, height)
    rows = -(-count // columns)
    places: list[Region] = []
    for row, (top, tall) in enumerate(_cuts(height, rows)):
        shown = -(-(count - len(places)) // (rows - row))
        places += [Region(left, top, wide, tall) for left, wide in _cuts(width, shown)]
    return places


def neighbour(places: list[Region], here: int, across: int, down: int) -> int:
    """The tile next to one, in a direction; the same where there is none.

    Args:
        places: of all tiles.
        here: index of the one.
        across: -1 to the left, 1 to the right.
        down: -1 up, 1 down.
    """
    if not 0 <= here < len(places):
        return max(0, min(here, len(places) - 1))
    own = places[here]
    if across:
        there = here + across
        return there if 0 <= there < len(places) and places[there].y == own.y else here
    x = own.x + own.width // 2
    y = own.y - 1 if down < 0 else own.bottom
    return next((at for at, place in enumerate(places) if place.contains(x, y)), here)


def _columns(count: int, width: int, height: int) -> int:
    """How many beside each other: what leaves most to read, more where it is the same."""

    def worth(columns: int) -> tuple[float, int]:
        wide, tall = width / columns, height / -(-count // columns)
        return min(wide / _WIDTH_GOOD, 1.0) * min(tall / _HEIGHT_GOOD, 1.0), columns

    fewest = -(-count // max(1, height // MIN_HEIGHT))
    most = max(fewest, min(count, width // MIN_WIDTH))
    return max(range(fewest, most + 1), key=worth)


def _cuts(length: int, parts: int) -> list[tuple[int, int]]:
    """Where each part begins and how long it is, as even as can be."""
    ends = [length * part // parts for part in range(1, parts + 1)]
    starts = [0, *ends[:-1]]
    return [(start, end - start) for start, end in zip(starts, ends, strict=True)]
