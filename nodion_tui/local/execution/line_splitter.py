"""Splits the bytes that a job writes into lines of valid UTF-8, in bounded blocks.

Invalid UTF-8 becomes U+FFFD; carriage returns are kept. A line longer than the limit is split;
each part but the last ends with `CUT_MARK`.
"""

from typing import NamedTuple

CUT_MARK = " ⟪cut: line continues⟫"
BLOCK_LINES = 512
"""Maximum number of lines in one block: the unit of encoding, storing and sending."""


class SplitLines(NamedTuple):
    """Consecutive complete lines."""

    line_count: int
    bodies: bytes
    """UTF-8, joined by newlines."""


class LineSplitter:
    """Splits a job's output into lines; buffers a partial line, at most one line's limit."""

    def __init__(self, max_line_bytes: int = 65_536) -> None:
        self._max_line_bytes = max_line_bytes
        self._partial_line = b""

    @property
    def has_partial_line(self) -> bool:
        """Whether a line without its newline is buffered."""
        return bool(self._partial_line)

    def feed(self, data: bytes) -> list[SplitLines]:
        """Add output; returns the lines that it completes."""
        complete, newline, partial_line = (self._partial_line + data).rpartition(b"\n")
        lines = self._split_long_lines(complete.split(b"\n")) if newline else []
        *parts, self._partial_line = self._split_long_line(partial_line)
        return _in_blocks(lines + parts)

    def flush(self, *, final: bool = False) -> list[SplitLines]:
        """Return the buffered partial line.

        Args:
            final: no more output follows, so an incomplete character is returned too.
        """
        partial_line = self._partial_line
        kept_bytes = 0 if final else _incomplete_character_length(partial_line)
        end = len(partial_line) - kept_bytes
        complete, self._partial_line = partial_line[:end], partial_line[end:]
        return _in_blocks([complete]) if complete else []

    def _split_long_lines(self, lines: list[bytes]) -> list[bytes]:
        if max(map(len, lines)) <= self._max_line_bytes:
            return lines
        return [part for line in lines for part in self._split_long_line(line)]

    def _split_long_line(self, line: bytes) -> list[bytes]:
        parts = []
        start = 0
        while len(line) - start > self._max_line_bytes:
            end = start + self._max_line_bytes
            end -= _incomplete_character_length(line[start:end])
            parts.append(line[start:end] + CUT_MARK.encode())
            start = end
        return [*parts, line[start:]]


def _in_blocks(lines: list[bytes]) -> list[SplitLines]:
    return [
        SplitLines(len(block), _valid_utf8(b"\n".join(block)))
        for block in (lines[i : i + BLOCK_LINES] for i in range(0, len(lines), BLOCK_LINES))
    ]


def _valid_utf8(text: bytes) -> bytes:
    try:
        text.decode()
    except UnicodeDecodeError:
        return text.decode(errors="replace").encode()
    return text


def _incomplete_character_length(text: bytes) -> int:
    """Return the length of an incomplete UTF-8 character at the end; 0 if there is none."""
    for offset in range(1, min(4, len(text) + 1)):
        byte = text[-offset]
        if byte & 0xC0 == 0x80:
            continue
        length = 2 if byte >> 5 == 0b110 else 3 if byte >> 4 == 0b1110 else 4
        return offset if byte >= 0xC0 and length > offset else 0
    return 0
