"""Which lines of a merged log are not public, as the logs of its runs tell it."""

from collections.abc import Callable, Iterator

from nodion_tui.monitor.log.levels.service_levels import ServiceLevels
from nodion_tui.monitor.merged.merged_index import SourceEntry
from nodion_tui.monitor.merged.merged_source import MergedSource


class MergedLevels:
    """See `LineLevels`. Such lines are marked here, and hidden in the log of their run only.

    Args:
        shown: returns the sources that are shown.
        source_of: returns the source of an entry, and the entry's index there.
    """

    def __init__(
        self,
        shown: Callable[[], Iterator[MergedSource]],
        source_of: Callable[[int], tuple[MergedSource, SourceEntry]],
    ) -> None:
        self._shown = shown
        self._source_of = source_of

    @property
    def count(self) -> int:
        """Number of lines that are not public."""
        return sum(levels.count for levels in self._levels())

    @property
    def names(self) -> tuple[str, ...]:
        """The levels. As sent: sanitize before display."""
        return tuple(dict.fromkeys(name for levels in self._levels() for name in levels.names))

    def at(self, index: int) -> str:
        """The level of the line at an index; empty if it is public."""
        source, entry = self._source_of(index)
        return source.session.buffer.service_levels.at(entry.position)

    def spans(self) -> Iterator[range]:
        """None: each late line would move all of them."""
        return iter(())

    def _levels(self) -> Iterator[ServiceLevels]:
        return (source.session.buffer.service_levels for source in self._shown())
