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
        self._limit = max_line_bytes
        self._rest = b""

    @property
    def has_rest(self) -> bool:
        """Whether a line has begun and not ended."""
        return bool(self._rest)

    def feed(self, data: bytes) -> list[SplitLines]:
        """The lines that are complete with this."""
        complete, newline, rest = (self._rest + data).rpartition(b"\n")
        lines = self._cut_all(complete.split(b"\n")) if newline else []
        *pieces, self._rest = self._cut(rest)
        return _blocks(lines + pieces)

    def flush(self, *, final: bool = False) -> list[SplitLines]:
        """What there is of a line that has not ended.

        Args:
            final: nothing more will come, so half a character is let go too.
        """
        rest = self._rest
        keep = 0 if final else _unfinished(rest)
        ready, self._rest = rest[: len(rest) - keep], rest[len(rest) - keep :]
        return _blocks([ready]) if ready else []

    def _cut_all(self, lines: list[bytes]) -> list[bytes]:
        if max(map(len, lines)) <= self._limit:
            return lines
        return [piece for line in lines for piece in self._cut(line)]

    def _cut(self, line: bytes) -> list[bytes]:
        pieces = []
        start = 0
        while len(line) - start > self._limit:
            end = start + self._limit - _unfinished(line[start : start + self._limit])
            pieces.append(line[start:end] + CUT_MARK.encode())
            start = end
        return [*pieces, line[start:]]


def _blocks(lines: list[bytes]) -> list[SplitLines]:
    return [
        SplitLines(len(some), _valid(b"\n".join(some)))
        for some in (lines[at : at + BLOCK_LINES] for at in range(0, len(lines), BLOCK_LINES))
    ]


def _valid(text: bytes) -> bytes:
    try:
        text.decode()
    except UnicodeDecodeError:
        return text.decode(errors="replace").encode()
    return text


def _unfinished(text: bytes) -> int:
    """How many bytes at the end are the start of a UTF-8 character that goes on."""
    for back in range(1, min(4, len(text) + 1)):
        byte = text[-back]
        if byte & 0xC0 == 0x80:
            continue
        length = 2 if byte >> 5 == 0b110 else 3 if byte >> 4 == 0b1110 else 4
        return back if byte >= 0xC0 and length > back else 0
    return 0
