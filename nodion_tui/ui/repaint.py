"""Repaints no more than what has changed.

Textual 8.2 repaints a changed region from the left edge of its widget on (`ChopsUpdate` crops at
the right end alone), so that one digit at the end of a row costs the whole row; over SSH, with many
running rows that tick, this is most of the traffic. And it renders every line between the first and
the last change, so that a clock at the top and a row at the bottom cost a whole screen of work.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from rich.console import Console, ConsoleOptions, RenderResult
from rich.control import Control
from textual._compositor import Compositor, CompositorUpdate
from textual.geometry import Region
from textual.strip import Strip


class Part(NamedTuple):
    """Rows that touch each other."""

    spans: list[tuple[int, int, int]]
    """Row, first column, column behind the last."""
    lines: Sequence[Mapping[int, Strip | None]]
    """Of each row: where a strip begins → the strip."""


class TightUpdate(CompositorUpdate):
    """An update that is cropped at both ends, in parts that have nothing between them.

    Args:
        parts: what has changed.
        ends: of each row: where its strips end.
    """

    def __init__(self, parts: Sequence[Part], ends: Sequence[Sequence[int]]) -> None:
        self._parts = parts
        self._ends = ends

    def render_segments(self, console: Console) -> str:
        """Textual: the update as what is written to the terminal."""
        written: list[str] = []
        for spans, lines in self._parts:
            for y, start, stop in spans:
                for end, (x, strip) in zip(self._ends[y], lines[y].items(), strict=False):
                    left, right = max(x, start), min(stop, end)
                    if strip is not None and left < right:
                        part = strip.crop(left - x, right - x)
                        written += (Control.move_to(left, y).segment.text, part.render(console))
        return "".join(written)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Rich's way to write it, which Textual leaves to inline apps."""
        raise NotImplementedError


class TightCompositor(Compositor):
    """Textual's compositor, with tight updates."""

    def render_partial_update(self) -> TightUpdate | None:  # type: ignore[override]  # its sibling
        """Textual: what has changed since the last update."""
        screen = self.size.region
        # After a resize there may be some of the larger screen before.
        changed = [part for each in self._dirty_regions if (part := each.intersection(screen))]
        self._dirty_regions.clear()
        if not changed:
            return None
        ends = [cuts[1:] for cuts in self.cuts]
        return TightUpdate([self._part(group) for group in touching(changed)], ends)

    def _part(self, regions: list[Region]) -> Part:
        spans = list(self._regions_to_spans(regions))
        rows = {y for y, _, _ in spans}
        return Part(spans, self._render_chops(Region.from_union(regions), rows.__contains__))


def touching(regions: Iterable[Region]) -> Iterator[list[Region]]:
    """The regions in groups, from the top: those of a group have no free row between them."""
    group: list[Region] = []
    bottom = 0
    for region in sorted(regions, key=lambda region: region.y):
        if group and region.y > bottom:
            yield group
            group = []
        bottom = max(bottom, region.bottom) if group else region.bottom
        group.append(region)
    if group:
        yield group
