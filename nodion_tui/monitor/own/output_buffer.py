"""What a command has written: the first lines, within bounds; the rest is counted and dropped."""

from codecs import getincrementaldecoder
from collections.abc import Sequence

from nodion_tui.monitor.log.line.reader import shown_text

MAX_BYTES = 1_000_000
"""Bytes of output that are kept."""
MAX_LINE = 10_000
"""Characters of a line that are shown."""


class OutputBuffer:
    """The output of a command, read as a log is: colours and progress bars are no text."""

    def __init__(self, max_bytes: int = MAX_BYTES) -> None:
        self._max_bytes = max_bytes
        self._decode = getincrementaldecoder("utf-8")("replace").decode
        self._kept = 0
        self._rest = ""
        self._lines: list[str] = []
        self.size = 0
        """Bytes that were written."""

    @property
    def dropped(self) -> int:
        """Bytes that were written and not kept."""
        return self.size - self._kept

    @property
    def lines(self) -> Sequence[str]:
        """The lines, the last unfinished one included; not sanitized."""
        return (*self._lines, _shown(self._rest)) if self._rest else tuple(self._lines)

    def feed(self, data: bytes) -> None:
        """Take what was written."""
        kept = data[: max(0, self._max_bytes - self._kept)]
        self.size += len(data)
        self._kept += len(kept)
        if kept:
            *ended, self._rest = (self._rest + self._decode(kept)).split("\n")
            self._lines += map(_shown, ended)


def _shown(line: str) -> str:
    return shown_text(line.removesuffix("\r"), MAX_LINE)
