"""Reads what a job printed as a line of text with colours: the only place that does.

The *shown text* of a line is what the screen shows, a search matches, and a copy or a saved file
holds: the last state of a progress bar, without colours, in NFC, its tabs as they are, and every
other control or hidden character as a visible mark. A line may be ten megabytes long while only a
window of it is shown, so it is read from the left, piece by piece.

pyte, a terminal emulator, was weighed: it takes some ten times as long, cuts or wraps a line at
the width of its screen, and drops what is overwritten or unknown to it.
"""

import re
from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from nodion_tui.model.text.sanitize import HIDDEN_IN_LINES, is_tidy, sanitize, sanitized_pieces
from nodion_tui.monitor.log.line.edits import EditedLine, Look
from nodion_tui.monitor.log.line.pen import DEFAULT_PEN, Pen, apply_sgr
from nodion_tui.monitor.log.line.sequences import MOVE, SEQUENCE, SGR, SILENT
from nodion_tui.monitor.log.line.states import last_state

_CHUNK = 1024
"""Characters of ordinary text per piece, initially."""
_LARGEST_CHUNK = 65_536
"""Characters per piece after that much of the line: reading far to the right stays fast."""
_MAX_EDITED = 65_536
"""Characters of a line whose moves are carried out; in a longer one they are marks."""
_CLUSTER_REACH = 64
"""Characters after a piece that are searched for the end of a grapheme cluster."""
_SPECIAL = re.compile(f"[{HIDDEN_IN_LINES}]")
_CONTROLS = re.compile(f"(?:(?!\\x1b)[{HIDDEN_IN_LINES}]){{1,256}}")
_CLUSTER_START = re.compile("[\t -~]|(?<!\u200d)[\u3041-\u3096\u30a1-\u30ff\u4e00-\u9fff]|$")
"""Characters that begin a cluster, of scripts with and without spaces."""
_PARTS = re.compile("[\t -~]+(?![^\t -~])|[ -~]?[^\t -~]+|[\t -~]")
"""ASCII, and other characters with the one before them, which they may combine with."""


class Piece(NamedTuple):
    """Shown text of one look."""

    text: str
    pen: Pen = DEFAULT_PEN
    is_mark: bool = False
    """Whether it is the visible mark of a control sequence or hidden character."""


class ReadLine(NamedTuple):
    """A line as it is shown."""

    pieces: Iterator[Piece]
    """From left to right, read on demand."""
    length: int
    """Characters of the state that is shown, as sent."""
    overwritten: bool
    """Whether text was overwritten, which `states.line_states` has."""


def read_line(body: str, pen: Pen = DEFAULT_PEN) -> ReadLine:
    """A line as it is shown.

    Args:
        body: as sent.
        pen: in force at its beginning, see `carried_pen`.
    """
    state = last_state(body, pen)
    if _has_moves(state.text):
        edited = EditedLine(state.text, state.pen)
        pieces = (piece for run in edited.runs() for piece in _run_pieces(*run))
        return ReadLine(pieces, len(state.text), state.overwritten or edited.overwritten)
    return ReadLine(_pieces(state.text, state.pen), len(state.text), state.overwritten)


def read_verbatim(body: str) -> ReadLine:
    """A state of a line with its moves as marks."""
    return ReadLine(_pieces(body, DEFAULT_PEN), len(body), overwritten=False)


def shown_text(body: str, limit: int | None = None) -> str:
    """The shown text of a line, or its first characters: at least `limit`, if it has as many."""
    if body.isascii() and body.isprintable():
        return body if limit is None else body[:limit]
    texts: list[str] = []
    length = 0
    for piece in read_line(body).pieces:
        texts.append(piece.text)
        length += len(piece.text)
        if limit is not None and length >= limit:
            break
    return "".join(texts)


def _has_moves(text: str) -> bool:
    """Whether the moves in a text are carried out."""
    if len(text) > _MAX_EDITED or not ("\x08" in text or "\x1b" in text):
        return False
    return MOVE.search(text) is not None


def visible_text(text: str) -> str:
    """Text of the program's own making, such as a field of JSON, as it is shown."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(character for character, _ in _sanitized(text))


def visible_pieces(text: str, pen: Pen = DEFAULT_PEN) -> Iterator[Piece]:
    """Text without escape sequences as pieces: NFC, and marks for hidden characters."""
    if text.isascii() or is_tidy(text):
        yield Piece(text, pen)
        return
    for is_mark, run in groupby(_sanitized(text), key=itemgetter(1)):
        yield Piece("".join(character for character, _ in run), pen, is_mark)


def _sanitized(text: str) -> Iterator[tuple[str, bool]]:
    """The parts of a text, each with True if it is a mark; tabs stay."""
    for part in _PARTS.findall(text):
        if is_tidy(part):
            yield part, False
        else:
            yield from sanitized_pieces(part, drawn=False)


def _run_pieces(text: str, look: Look) -> Iterator[Piece]:
    if look.is_mark:
        yield Piece(text, *look)
    else:
        yield from visible_pieces(text, look.pen)


def _pieces(source: str, pen: Pen) -> Iterator[Piece]:
    """The pieces of a text in which nothing moves; moves are marks."""
    position = 0
    while position < len(source):
        is_escape = source[position] == "\x1b"
        if is_escape and (sgr := SGR.match(source, position)):
            pen = apply_sgr(sgr[1], pen) or pen
            position = sgr.end()
        elif is_escape and (silent := SILENT.match(source, position)):
            position = silent.end()
        elif mark := _mark_at(source, position):
            yield Piece(sanitize(mark), pen, is_mark=True)
            position += len(mark)
        else:
            end = _text_end(source, position)
            yield from visible_pieces(source[position:end], pen)
            position = end


def _mark_at(source: str, position: int) -> str:
    """The escape sequence or the control characters at a position; empty before other text."""
    if source[position] == "\x1b":
        sequence = SEQUENCE.match(source, position)
        return sequence.group() if sequence else "\x1b"
    controls = _CONTROLS.match(source, position)
    return controls.group() if controls else ""


def _text_end(source: str, position: int) -> int:
    """Where a piece of ordinary text ends; no grapheme cluster is split."""
    end = position + min(max(_CHUNK, position), _LARGEST_CHUNK)
    if special := _SPECIAL.search(source, position, end):
        return special.start()
    ahead = _CLUSTER_START.search(source, end, end + _CLUSTER_REACH)
    return ahead.start() if ahead else end
