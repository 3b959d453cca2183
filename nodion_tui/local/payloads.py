"""Payloads of the API: line ids, timestamps, log pages and stream events.

Log lines are encoded in bulk: a block of lines is one bytes object, shared by all readers.
"""

import re
import secrets
import time
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, NamedTuple

import msgspec

_json = msgspec.json.Encoder()


class LogBlock(NamedTuple):
    """Consecutive lines of a run that were read from the job at the same time."""

    first: int
    """Number of the first line; lines of a run are numbered from 1."""
    line_count: int
    read_at: int
    """Time of reading: milliseconds since 1970, UTC."""
    bodies: bytes
    """UTF-8, joined by newlines; no body contains a newline."""

    @property
    def last(self) -> int:
        """Number of the last line."""
        return self.first + self.line_count - 1

    def lines_after(self, line: int) -> "LogBlock":
        """Return the lines after a line number."""
        skip = line + 1 - self.first
        if skip <= 0:
            return self
        rest = self.bodies.split(b"\n", skip)[-1]
        return LogBlock(line + 1, self.line_count - skip, self.read_at, rest)

    def first_lines(self, lines: int) -> "LogBlock":
        """Return at most the given number of lines, from the first one."""
        if lines >= self.line_count:
            return self
        bodies = b"\n".join(self.bodies.split(b"\n", lines)[:lines])
        return LogBlock(self.first, lines, self.read_at, bodies)


def new_line_id_prefix(random_hex: str = "") -> str:
    """Make the prefix of a run's line ids: a version 8 UUID (RFC 9562) without its last group.

    The last group is the line number in hex.

    Args:
        random_hex: 20 hex digits; empty: random ones.
    """
    random_hex = random_hex or secrets.token_hex(10)
    variant = "89ab"[int(random_hex[18], 16) % 4]
    return f"{random_hex[:8]}-{random_hex[8:12]}-8{random_hex[12:15]}-{variant}{random_hex[15:18]}-"


def line_number(prefix: str, identifier: str) -> int | None:
    """Return the number of a line by its id; None if the id is not one of this run."""
    match = re.fullmatch(f"{prefix}([0-9a-f]{{12}})", identifier.lower())
    return int(match[1], 16) if match else None


def now_ms() -> int:
    """Current time in milliseconds since 1970."""
    return time.time_ns() // 1_000_000


def timestamp(milliseconds: int | None) -> str | None:
    """Format a time as in the API reference: ISO 8601, milliseconds, numeric offset."""
    if milliseconds is None:
        return None
    return datetime.fromtimestamp(milliseconds / 1000, UTC).isoformat(timespec="milliseconds")


def log_page(prefix: str, blocks: Iterable[LogBlock]) -> bytes:
    """Encode the response body of `GET logs`."""
    items: list[bytes] = []
    for block in blocks:
        at = _json_timestamp(block.read_at)
        suffix = b',"created_at":"%s","updated_at":"%s"}' % (at, at)
        items += _encode_lines(b"", prefix, block, suffix)
    return b'{"logs":[' + b",".join(items) + b"]}"


def log_events(prefix: str, block: LogBlock) -> bytes:
    """Encode the `log` stream events of a block."""
    suffix = b',"created_at":"%s"}\n\n' % _json_timestamp(block.read_at)
    return b"".join(_encode_lines(b"event: log\ndata: ", prefix, block, suffix))


def stream_event(name: str, payload: Any) -> bytes:
    """Encode one stream event of any name."""
    return b"event: %s\ndata: %s\n\n" % (name.encode(), _json.encode(payload))


def encode_json(payload: Any) -> bytes:
    """Encode a JSON response body."""
    return _json.encode(payload)


def _encode_lines(before: bytes, prefix: str, block: LogBlock, suffix: bytes) -> list[bytes]:
    """Encode the lines of a block; their bodies become JSON strings in one call into C."""
    head = before + b'{"id":"' + prefix.encode()
    bodies = _json.encode_lines(block.bodies.decode().split("\n")).split(b"\n")[:-1]
    return [
        b'%s%012x","body":%s,"log_level":"log_public"%s' % (head, line, body, suffix)
        for line, body in enumerate(bodies, block.first)
    ]


def _json_timestamp(milliseconds: int) -> bytes:
    return (timestamp(milliseconds) or "").encode()
