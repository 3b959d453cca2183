"""From the bytes that a job writes to lines of valid text, in bounded blocks.

Bytes that are no UTF-8 become U+FFFD; a carriage return stays where it is. A line longer than the
limit is cut in pieces, each but the last with `CUT_MARK`.
"""

from typing import NamedTuple

CUT_MARK = " ⟪cut: the line goes on⟫"
BLOCK_LINES = 512
"""Lines in one block at most: what is encoded, stored and sent at once."""


class SplitLines(NamedTuple):
    """Some complete lines."""

    line_count: int
    bodies: bytes
    """UTF-8, joined by newlines."""


class LineSplitter:
    """Cuts a job's output into lines; keeps what has no end yet, at most one line's limit."""

    def __init__(self, max_line_bytes: int = 65_536) -> None:
        self._max_line_bytes = max_line_bytes
        self._partial_line = b""

    @property
    def has_partial_line(self) -> bool:
        """Whether a line has begun and not ended."""
        return bool(self._partial_line)

    def feed(self, data: bytes) -> list[SplitLines]:
        """The lines that are complete with this."""
        complete, newline, partial_line = (self._partial_line + data).rpartition(b"\n")
        lines = self._split_long_lines(complete.split(b"\n")) if newline else []
        *parts, self._partial_line = self._split_long_line(partial_line)
        return _in_blocks(lines + parts)

    def flush(self, *, final: bool = False) -> list[SplitLines]:
        """What there is of a line that has not ended.

        Args:
            final: nothing more will come, so half a character is let go too.
        """
        partial_line = self._partial_line
        kept_bytes = 0 if final else _incomplete_character_length(partial_line)
        complete, self._partial_line = (
            partial_line[: len(partial_line) - kept_bytes],
            partial_line[len(partial_line) - kept_bytes :],
        )
        return _in_blocks([complete]) if complete else []

    def _split_long_lines(self, lines: list[bytes]) -> list[bytes]:
        if max(map(len, lines)) <= self._max_line_bytes:
            return lines
        return [piece for line in lines for piece in self._split_long_line(line)]

    def _split_long_line(self, line: bytes) -> list[bytes]:
        parts = []
        start = 0
        while len(line) - start > self._max_line_bytes:
            end = (
                start
                + self._max_line_bytes
                - _incomplete_character_length(line[start : start + self._max_line_bytes])
            )
            parts.append(line[start:end] + CUT_MARK.encode())
            start = end
        return [*parts, line[start:]]


def _in_blocks(lines: list[bytes]) -> list[SplitLines]:
    return [
        SplitLines(len(some), _valid_utf8(b"\n".join(some)))
        for some in (lines[at : at + BLOCK_LINES] for at in range(0, len(lines), BLOCK_LINES))
    ]


def _valid_utf8(text: bytes) -> bytes:
    try:
        text.decode()
    except UnicodeDecodeError:
        return text.decode(errors="replace").encode()
    return text


def _incomplete_character_length(text: bytes) -> int:
    """How many bytes at the end are the start of a UTF-8 character that goes on."""
    for offset in range(1, min(4, len(text) + 1)):
        byte = text[-offset]
        if byte & 0xC0 == 0x80:
            continue
        length = 2 if byte >> 5 == 0b110 else 3 if byte >> 4 == 0b1110 else 4
        return offset if byte >= 0xC0 and length > offset else 0
    return 0
