"""Keeps the end of output beyond a run's limit: that is where most failures are explained."""

TAIL_BYTES = 64 << 10


class OutputTail:
    """The last `TAIL_BYTES` of what it is given, and the size of what it is not."""

    def __init__(self) -> None:
        self._bytes = bytearray()
        self._received = 0

    def __bool__(self) -> bool:
        return self._received > 0

    def add(self, data: bytes) -> None:
        """Add output; what is too old is dropped."""
        self._received += len(data)
        self._bytes += data
        if len(self._bytes) > 2 * TAIL_BYTES:  # half of the time, to move less
            del self._bytes[:-TAIL_BYTES]

    def end(self) -> tuple[int, bytes]:
        """Return how many bytes were left out and the rest, which starts with a complete line."""
        kept = bytes(self._bytes[-TAIL_BYTES:])
        if self._received > len(kept):
            kept = kept.partition(b"\n")[2] or kept
        return self._received - len(kept), kept
