"""Layout of the tiles: as many side by side as stay readable, each row full width."""

from textual.geometry import Region

MIN_WIDTH, MIN_HEIGHT = 36, 5
"""A smaller tile is not readable."""
_GOOD_WIDTH, _GOOD_HEIGHT = 58, 9
"""A larger tile is hardly better."""


def capacity(width: int, height: int) -> int:
    """Maximum number of tiles on a screen of this size, at least 1."""
    return max(1, width // MIN_WIDTH) * max(1, height // MIN_HEIGHT)


def tile_regions(count: int, width: int, height: int) -> list[Region]:
    """The regions of the tiles, row by row, without gaps or overlaps.

    Args:
        count: number of tiles, at most `capacity`.
        width: columns of the screen.
        height: rows of the screen.
    """
    if not count:
        return []
    columns = _columns(count, width, height)
    rows = -(-count // columns)
    regions: list[Region] = []
    for row, (top, row_height) in enumerate(_split(height, rows)):
        in_row = -(-(count - len(regions)) // (rows - row))
        regions += [Region(x, top, part, row_height) for x, part in _split(width, in_row)]
    return regions


def neighbour(regions: list[Region], index: int, across: int, down: int) -> int:
    """Index of the neighbor of a tile in a direction; the tile itself if it has none.

    Args:
        regions: the regions of all tiles.
        index: index of the tile.
        across: -1 to the left, 1 to the right.
        down: -1 up, 1 down.
    """
    if not 0 <= index < len(regions):
        return max(0, min(index, len(regions) - 1))
    current = regions[index]
    if across:
        other = index + across
        is_same_row = 0 <= other < len(regions) and regions[other].y == current.y
        return other if is_same_row else index
    x = current.x + current.width // 2
    y = current.y - 1 if down < 0 else current.bottom
    return next((i for i, region in enumerate(regions) if region.contains(x, y)), index)


def _columns(count: int, width: int, height: int) -> int:
    """Number of tiles side by side with the most readable sizes; the larger of equal ones."""

    def readability(columns: int) -> tuple[float, int]:
        tile_width, tile_height = width / columns, height / -(-count // columns)
        share = min(tile_width / _GOOD_WIDTH, 1.0) * min(tile_height / _GOOD_HEIGHT, 1.0)
        return share, columns

    min_columns = -(-count // max(1, height // MIN_HEIGHT))
    max_columns = max(min_columns, min(count, width // MIN_WIDTH))
    return max(range(min_columns, max_columns + 1), key=readability)


def _split(length: int, parts: int) -> list[tuple[int, int]]:
    """Start and length of each part, as evenly as possible."""
    ends = [length * part // parts for part in range(1, parts + 1)]
    starts = [0, *ends[:-1]]
    return [(start, end - start) for start, end in zip(starts, ends, strict=True)]
