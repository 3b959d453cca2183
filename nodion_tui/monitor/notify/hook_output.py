"""What the command of a rule prints: its last line alone is kept, and no secret in it."""

import asyncio
import re
from collections.abc import Iterable

from nodion_tui.model.text.masking import MASK, mask_command
from nodion_tui.model.text.sanitize import sanitize
from nodion_tui.monitor.log.line.reader import shown_text

MAX_BYTES = 1_000_000
"""A command that prints more is stopped."""
MAX_LINE = 200
"""Characters of the last line that are told."""
_TAIL_BYTES = 8192
_MIN_SECRET = 4
"""Shorter values are in many words by chance."""
_LINE_ENDS = re.compile(r"[\r\n]+")


class HookOutput:
    """The end of the output of one command."""

    def __init__(self) -> None:
        self._tail = b""
        self._size = 0
        self.flooded = asyncio.Event()
        """Set once more than `MAX_BYTES` came."""

    def feed(self, data: bytes) -> bool:
        """Take what was written; False: no more is wanted."""
        self._size += len(data)
        self._tail = (self._tail + data)[-_TAIL_BYTES:]
        if self._size > MAX_BYTES:
            self.flooded.set()
        return not self.flooded.is_set()

    def last_line(self, secrets: Iterable[str]) -> str:
        """The last line that is not empty, as it would be shown, with a mask for secrets.

        Args:
            secrets: values that must not be told.
        """
        values = sorted({each for each in secrets if len(each) >= _MIN_SECRET}, key=len)[::-1]
        text = self._tail.decode(errors="replace")
        if self._size > len(self._tail):
            # What is cut off may begin within a secret, of which the rest is not recognized.
            text = text[max(map(len, values), default=0) :]
        for value in values:
            text = text.replace(value, MASK)
        lines = [line for line in _LINE_ENDS.split(text) if line.strip()]
        line = sanitize(shown_text(lines[-1]).strip()) if lines else ""
        for value in values:  # again: a sequence in the middle of one is gone now
            line = line.replace(value, MASK)
        line = mask_command(line[: 2 * MAX_LINE])  # its time grows with the square of the length
        return line if len(line) <= MAX_LINE else f"{line[: MAX_LINE - 1]}…"
