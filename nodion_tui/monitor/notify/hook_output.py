"""What the command of a rule prints: its last line alone is kept, and no secret in it.

The pipe is our own: with asyncio's, waiting for a command that has ended waits for every process
that it left behind with the pipe open.
"""

import asyncio
import contextlib
import os
import re
from collections.abc import Iterable
from typing import Self

from nodion_tui.model.text.masking import MASK, mask_command
from nodion_tui.model.text.sanitize import sanitize
from nodion_tui.monitor.log.line.reader import shown_text

MAX_BYTES = 1_000_000
"""A command that prints more is stopped."""
MAX_LINE = 200
"""Characters of the last line that are told."""
_TAIL_BYTES = 8192
_READ_BYTES = 65_536
_MIN_SECRET = 4
"""Shorter values are in many words by chance."""
_LINE_ENDS = re.compile(r"[\r\n]+")


class HookOutput:
    """Reads stdout and stderr of one command; a context manager that closes its pipe."""

    def __init__(self) -> None:
        self._read_end, self.write_end = os.pipe()
        """`write_end` is for the command; `start` closes it here."""
        self._tail = b""
        self._size = 0
        self.flooded = asyncio.Event()
        """Set once more than `MAX_BYTES` came; no more is read then."""
        self.closed = asyncio.Event()
        """Set once every process has closed the pipe."""

    def __enter__(self) -> Self:
        os.set_blocking(self._read_end, False)
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.get_running_loop().remove_reader(self._read_end)
        self._close_write_end()
        os.close(self._read_end)

    def start(self) -> None:
        """Read, as the command has its end of the pipe now."""
        self._close_write_end()
        asyncio.get_running_loop().add_reader(self._read_end, self._read)

    async def settle(self, seconds: float) -> None:
        """Wait for the rest of the output, for a time at most."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self.closed.wait()

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

    def _read(self) -> None:
        try:
            data = os.read(self._read_end, _READ_BYTES)
        except BlockingIOError:
            return
        self._size += len(data)
        self._tail = (self._tail + data)[-_TAIL_BYTES:]
        if not data:
            self.closed.set()
        elif self._size > MAX_BYTES:
            self.flooded.set()
        else:
            return
        asyncio.get_running_loop().remove_reader(self._read_end)

    def _close_write_end(self) -> None:
        if self.write_end >= 0:
            os.close(self.write_end)
            self.write_end = -1
