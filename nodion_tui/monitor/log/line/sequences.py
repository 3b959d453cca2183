"""Grammar of the escape sequences in log lines (ECMA-48 and xterm's control sequences).

Written once, for single lines and for whole segments (`segment_text`), so that both are read alike.
Numbers are matched possessively: each sequence can be parsed in one way only.
"""

import re

_ZEROS = "0{0,3}+"
_BYTE = rf"{_ZEROS}(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9][0-9]?|)"
_CODE = rf"{_ZEROS}(?:[1-79]|1[0-9]|2[0-9]|3[0-79]|4[0-79]|5[0-59]|6[0-5]|7[3-5]|9[0-7]|10[0-7]|)"
"""All but conceal (8), on purpose: a log must not hide its content."""
_EXTENDED = rf"{_ZEROS}[345]8;{_ZEROS}(?:5;{_BYTE}|2;{_BYTE};{_BYTE};{_BYTE})"
_COLON = rf"{_ZEROS}4:{_BYTE}|{_ZEROS}[345]8:{_ZEROS}(?:5:{_BYTE}|2(?::{_BYTE}){{3,6}})"
_FIELD = rf"(?:{_COLON}|{_EXTENDED}|{_CODE})"
MAX_FIELDS = 32
"""A sequence with more attributes is shown as text."""
_PARAMETERS = rf"{_FIELD}(?:;{_FIELD}){{0,{MAX_FIELDS - 1}}}"

_SGR = rf"\x1b\[({_PARAMETERS})m\x0f?"
"""Attributes and colours. `tput sgr0` adds a shift-in for some terminals."""

_SILENT = (
    r"\x1b(?:\[(?:0?[JK]|[0-9]{0,4}[AB]|\?(?:1|7|12|25|2004|2026)[hl]|\?[0-9]{0,2}c|[0-6]? q)"
    r"|\(B|[=>]|\]8;;(?:\x07|\x1b\\))"
)
"""Sequences that are removed, as they take nothing from a line: erasing what follows the cursor, a
move to another line, modes of cursor, keypad, paste and output, the cursor's shape, ASCII, the end
of a hyperlink. Its beginning is a mark: the address is content, which a log must not hide."""

_CARRIAGE = r"(?:\r|(?<!\x1b7)\x1b\[0?1?G)(?!\x1b\[[0-9]{0,4}C)|\x1b\[(?:[0-9]{0,4}[EF]|[12]K)"
"""What begins a line anew: the text before it is overwritten. Not so in the reports of init
scripts, which go on to a column, or back to a saved position."""

_MOVE = r"[\x08\r]|\x1b(?:\[(?:[0-9]{0,4}[CDGX]|[su])|[78])"
"""Moves within a line: backspace, return, left, right, to a column, to a saved position; characters
that are erased."""

SGR = re.compile(_SGR)
SILENT = re.compile(_SILENT)
SGR_OR_SILENT = re.compile(f"{_SGR}|{_SILENT}")
CARRIAGE = re.compile(_CARRIAGE)
MOVE = re.compile(_MOVE)
SEQUENCE = re.compile(
    r"\x1b(?:\[[0-?]{0,64}[ -/]{0,8}[@-~]"
    r"|[\]PX^_][ -~\xa0-\ud7ff\ue000-\ufeff]{0,256}(?:\x07|\x1b\\)?"
    r"|[ -/]{0,8}[0-~]"
    r"|\x1b{0,255})"
)
"""Any escape sequence as delimited by ECMA-48, bounded; at least one or several ESC."""
