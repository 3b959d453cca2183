"""The forms of a line: as it was sent, in short if it is structured, or all that it has."""

import re
from collections.abc import Iterator

from nodion_tui.monitor.log import json_lines as logjson
from nodion_tui.monitor.log.level import Level, level_of
from nodion_tui.ui.log.render.line_text import LineText, Piece, Role, states

_HEAD = 400
"""Columns in which a level is looked for."""

_MOST_ROWS = 1000
"""Rows of an expanded line at most."""

_KEY = re.compile(r'( *"(?:[^"\\]|\\.)*": )')

_ROLES = {
    logjson.Role.TIME: Role.FAINT,
    logjson.Role.LEVEL: Role.LEVEL,
    logjson.Role.MESSAGE: Role.TEXT,
    logjson.Role.KEY: Role.KEY,
    logjson.Role.VALUE: Role.VALUE,
}


def usual(body: str, *, pretty: bool) -> tuple[LineText, Role]:
    """A line on one row, and the role of what brings no colour of its own."""
    structured = logjson.parse(body) if pretty else None
    if structured is not None:
        return LineText.of(_short(structured)), _role(structured.severity)
    line = LineText(body)
    return line, _role(level_of(line.text(0, _HEAD)))


def has_more(body: str) -> bool:
    """Whether `whole` shows more of a line than one row does."""
    return logjson.parse(body) is not None or len(states(body, _MOST_ROWS)) > 1


def whole(body: str) -> list[LineText]:
    """Everything that a line has, over several rows; of what has very many a part, and a word."""
    if logjson.looks_structured(body):
        texts = logjson.pretty(body)
        rows = [LineText.of(_field(text)) for text in texts[:_MOST_ROWS]]
        return rows + _left_out(len(texts) - len(rows), "rows; as it was sent (p) all is there")
    shown = states(body, _MOST_ROWS)
    earlier = body.rstrip("\r\n").count("\r") + 1 - _MOST_ROWS
    return _left_out(earlier, "states before these") + [
        LineText(state) for state in shown or [body]
    ]


def _left_out(count: int, what: str) -> list[LineText]:
    return [LineText.of([Piece(f"… {count:,} {what}", role=Role.FAINT)])] if count > 0 else []


def _field(text: str) -> Iterator[Piece]:
    """A row of an expanded JSON line: key and value, or a bracket."""
    found = _KEY.match(text)
    if found is not None:
        yield Piece(found[1], role=Role.KEY)
        text = text[found.end() :]
    yield Piece(text, role=Role.VALUE if text.strip(" {}[],") else Role.FAINT)


def _short(line: logjson.JsonLine) -> Iterator[Piece]:
    before = ""
    for role, text in line.parts():
        yield Piece(f"{before}{text}", role=_ROLES[role])
        before = "=" if role is logjson.Role.KEY else " "


def _role(level: Level | None) -> Role:
    if level is None or level < Level.WARN:
        return Role.TEXT
    return Role.WARNING if level < Level.ERROR else Role.ERROR
