"""Forms of a line: as sent, abbreviated if structured, or expanded over several rows."""

import re
from collections.abc import Iterator

from nodion_tui.monitor.log.level import LogLevel
from nodion_tui.monitor.log.levels.judge import detect_level
from nodion_tui.monitor.log.segment_text import body_text
from nodion_tui.monitor.log.structured import json_lines as logjson
from nodion_tui.monitor.log.structured.formatted import pretty as pretty_rows
from nodion_tui.monitor.log.structured.members import MAX_LENGTH, looks_like_json, split_members
from nodion_tui.ui.log.render.line_text import LineSegment, LineText, TextRole, progress_states

_MAX_ROWS = 1000
"""Maximum number of rows of an expanded line."""

_KEY = re.compile(r'( *"(?:[^"\\]|\\.)*": )')

_ROLES = {
    logjson.JsonRole.TIME: TextRole.FAINT,
    logjson.JsonRole.LEVEL: TextRole.LEVEL,
    logjson.JsonRole.MESSAGE: TextRole.TEXT,
    logjson.JsonRole.KEY: TextRole.KEY,
    logjson.JsonRole.VALUE: TextRole.VALUE,
}


def one_row_form(body: str, *, pretty: bool) -> tuple[LineText, TextRole]:
    """A line on one row, and the role of its uncoloured text."""
    structured = logjson.parse_json_line(body) if pretty else None
    line = LineText(body) if structured is None else LineText.from_segments(_short(structured))
    return line, _role(detect_level(_level_text(body)))


def _level_text(body: str) -> str:
    """The text that is judged, the same in which jumps look for errors."""
    return body_text(body[: MAX_LENGTH + 1].encode("utf-8", "surrogatepass"))


def is_expandable(body: str) -> bool:
    """Whether `expanded_form` shows more of a line than one row does."""
    return split_members(body) is not None or len(progress_states(body, _MAX_ROWS)) > 1


def expanded_form(body: str) -> list[LineText]:
    """A line expanded over several rows, truncated with a note if there are too many."""
    if looks_like_json(body):
        texts = pretty_rows(body)
        rows = [LineText.from_segments(_field(text)) for text in texts[:_MAX_ROWS]]
        return rows + _truncation_note(
            len(texts) - len(rows), "more rows; p shows the line as sent"
        )
    shown = progress_states(body, _MAX_ROWS)
    earlier = body.rstrip("\r\n").count("\r") + 1 - _MAX_ROWS
    return _truncation_note(earlier, "earlier states") + [
        LineText(state) for state in shown or [body]
    ]


def _truncation_note(count: int, subject: str) -> list[LineText]:
    return (
        [LineText.from_segments([LineSegment(f"… {count:,} {subject}", role=TextRole.FAINT)])]
        if count > 0
        else []
    )


def _field(text: str) -> Iterator[LineSegment]:
    """A row of an expanded JSON line: key and value, or a bracket."""
    key_match = _KEY.match(text)
    if key_match is not None:
        yield LineSegment(key_match[1], role=TextRole.KEY)
        text = text[key_match.end() :]
    yield LineSegment(text, role=TextRole.VALUE if text.strip(" {}[],") else TextRole.FAINT)


def _short(line: logjson.JsonLine) -> Iterator[LineSegment]:
    before = ""
    for role, text in line.tokens():
        yield LineSegment(f"{before}{text}", role=_ROLES[role])
        before = "=" if role is logjson.JsonRole.KEY else " "


def _role(level: LogLevel | None) -> TextRole:
    if level is None or level < LogLevel.WARN:
        return TextRole.TEXT
    return TextRole.WARNING if level < LogLevel.ERROR else TextRole.ERROR
