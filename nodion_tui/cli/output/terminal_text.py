"""A log line for a person's terminal: its colours, and nothing else that a terminal obeys."""

import re
from collections.abc import Iterator

from nodion_tui.model.sanitize import sanitize, sanitize_json

TAB_WIDTH = 8
_RESET = "\x1b[0m"
_SGR = re.compile(r"\x1b\[([0-9;]{0,64})m")
_LOOKS = frozenset({0, 1, 2, 3, 4, 7, 21, 22, 23, 24, 27, 39, 49})
_LOOKS_OF_COLOR = frozenset((*range(30, 38), *range(40, 48), *range(90, 98), *range(100, 108)))
_HARMLESS = frozenset({5, 6, 9, 10, 25, 28, 29, 53, 55, 59})
"""Blinking, struck and the like: left out, and nothing is lost by that. Conceal is not here."""


def terminal_line(body: str, *, color: bool) -> str:
    """The body fit for a terminal, on one line.

    Tabs are spaces, of a progress bar drawn with carriage returns the last state stays, colour is
    kept (`color`) or left out, and every other sequence, control or hidden character is a mark
    that can be seen and does nothing.
    """
    body = body.rstrip("\r\n")
    if body.isascii() and body.isprintable():
        return body
    body = body[body.rfind("\r") + 1 :]
    out: list[str] = []
    column, painted = 0, False
    for text, parameters in _split(body):
        shown = _tabs(text, column)
        out.append(shown)
        column += len(shown)
        if parameters is None:
            continue
        allowed = _allowed(parameters)
        if allowed is None:
            out.append(sanitize(f"\x1b[{parameters}m"))
        elif color and allowed:
            out.append(f"\x1b[{allowed}m")
            painted = True
    return "".join(out) + (_RESET if painted else "")


def terminal_json(raw: bytes) -> bytes:
    r"""JSON for a terminal: the same value, hidden and control characters as `\uXXXX`."""
    return sanitize_json(raw.decode("utf-8", "backslashreplace")).encode()


def _split(body: str) -> Iterator[tuple[str, str | None]]:
    """Text and the SGR parameters behind it; None behind the last."""
    position = 0
    for found in _SGR.finditer(body):
        yield body[position : found.start()], found[1]
        position = found.end()
    yield body[position:], None


def _tabs(text: str, column: int) -> str:
    parts = text.split("\t")
    out = sanitize(parts[0])
    for part in parts[1:]:
        out += " " * (TAB_WIDTH - (column + len(out)) % TAB_WIDTH) + sanitize(part)
    return out


def _allowed(parameters: str) -> str | None:
    """The parameters without the harmless ones; None if there is one that is not known."""
    kept: list[str] = []
    numbers = iter(int(part or 0) for part in parameters.split(";"))
    for number in numbers:
        if number in {38, 48}:
            paint = _paint(numbers)
            if paint is None:
                return None
            kept.append(f"{number};{paint}")
        elif number in _LOOKS or number in _LOOKS_OF_COLOR:
            kept.append(str(number))
        elif number not in _HARMLESS:
            return None
    return ";".join(kept)


def _paint(numbers: Iterator[int]) -> str | None:
    """`5;n` or `2;r;g;b` of an extended colour."""
    kind = next(numbers, None)
    count = {5: 1, 2: 3}.get(kind or 0)
    if count is None:
        return None
    values = [next(numbers, 256) for _ in range(count)]
    return f"{kind};{';'.join(map(str, values))}" if max(values) < 256 else None
