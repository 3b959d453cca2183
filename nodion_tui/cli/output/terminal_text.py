"""Sanitizes log lines and JSON for a terminal; colours are the only sequences that are kept."""

import re
from collections.abc import Iterator

from nodion_tui.model.sanitize import sanitize, sanitize_json

TAB_WIDTH = 8
_RESET = "\x1b[0m"
_SGR = re.compile(r"\x1b\[([0-9;]{0,64})m")
_STYLE_PARAMETERS = frozenset({0, 1, 2, 3, 4, 7, 21, 22, 23, 24, 27, 39, 49})
_COLOR_PARAMETERS = frozenset((*range(30, 38), *range(40, 48), *range(90, 98), *range(100, 108)))
_IGNORED_PARAMETERS = frozenset({5, 6, 9, 10, 25, 28, 29, 53, 55, 59})
"""Blink, strike-through and the like: dropped without a mark. Conceal (8) is not among them."""


def terminal_line(body: str, *, color: bool) -> str:
    """Sanitizes the body of a log line for a terminal, on one line.

    Tabs become spaces, only the last state of a progress bar drawn with carriage returns is kept,
    colours are kept (`color`) or removed, and every other sequence, control or hidden character
    is replaced by a visible mark.
    """
    body = body.rstrip("\r\n")
    if body.isascii() and body.isprintable():
        return body
    body = body[body.rfind("\r") + 1 :]
    parts: list[str] = []
    column, has_style = 0, False
    for text, parameters in _split(body):
        expanded = _expand_tabs(text, column)
        parts.append(expanded)
        column += len(expanded)
        if parameters is None:
            continue
        allowed = _allowed_parameters(parameters)
        if allowed is None:
            parts.append(sanitize(f"\x1b[{parameters}m"))
        elif color and allowed:
            parts.append(f"\x1b[{allowed}m")
            has_style = True
    return "".join(parts) + (_RESET if has_style else "")


def terminal_json(raw: bytes) -> bytes:
    r"""JSON for a terminal: the same value, with hidden and control characters as `\uXXXX`."""
    return sanitize_json(raw.decode("utf-8", "backslashreplace")).encode()


def _split(body: str) -> Iterator[tuple[str, str | None]]:
    """Yields each text and the SGR parameters that follow it; None after the last text."""
    position = 0
    for match in _SGR.finditer(body):
        yield body[position : match.start()], match[1]
        position = match.end()
    yield body[position:], None


def _expand_tabs(text: str, column: int) -> str:
    parts = text.split("\t")
    out = sanitize(parts[0])
    for part in parts[1:]:
        out += " " * (TAB_WIDTH - (column + len(out)) % TAB_WIDTH) + sanitize(part)
    return out


def _allowed_parameters(parameters: str) -> str | None:
    """Removes the ignored parameters; None if a parameter is unknown."""
    allowed: list[str] = []
    numbers = iter(int(part or 0) for part in parameters.split(";"))
    for number in numbers:
        if number in {38, 48}:
            color = _extended_color(numbers)
            if color is None:
                return None
            allowed.append(f"{number};{color}")
        elif number in _STYLE_PARAMETERS or number in _COLOR_PARAMETERS:
            allowed.append(str(number))
        elif number not in _IGNORED_PARAMETERS:
            return None
    return ";".join(allowed)


def _extended_color(numbers: Iterator[int]) -> str | None:
    """Parameters of an extended colour: `5;n` or `2;r;g;b`; None if invalid."""
    kind = next(numbers, None)
    count = {5: 1, 2: 3}.get(kind or 0)
    if count is None:
        return None
    values = [next(numbers, 256) for _ in range(count)]
    return f"{kind};{';'.join(map(str, values))}" if max(values) < 256 else None
