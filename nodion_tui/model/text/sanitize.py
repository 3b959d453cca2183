"""Sanitizes external text for a terminal: no control sequences, no hidden text, known width.

Everything that a terminal would execute or hide (escape sequences, C0 and C1 controls,
bidirectional overrides, zero-width and tag characters, stacks of combining marks, lone surrogates)
is replaced by a visible placeholder. Emoji clusters are split, as terminals disagree about their
width: modifiers and joiners are dropped, flags are spelled as letters. The original text stays in
the model, for saving and re-running.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache

MAX_COMBINING = 4
"""Combining marks kept per character; no script needs more."""

HIDDEN_IN_LINES = (
    r"\x00-\x08\x0a-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200c"
    r"\u200e\u200f\u2028-\u202e\u2060-\u206f\u3164\ud800-\udfff\ufe00-\ufe0d\ufeff\uffa0"
    r"\ufff0-\ufffb\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    r"\U000e0000-\U000e0fff"
)
"""Body of a regex character class: characters that a log line must not hold; tabs may stay."""

HIDDEN_CHARACTERS = rf"\t{HIDDEN_IN_LINES}"
"""As above, with the tab: characters that a terminal executes or does not show."""

_CLEAN = (
    "[ -~\xa0-\xac\xae-\u02ff\u0370-\u0482\u048a-\u0590\u1e00-\u200a\u2010-\u2027\u202f-\u205f"
    "\u2070-\u20cf\u2100-\u2cee\u2cf2-\u2d7e\u2e00-\u3029\u3030-\u3098\u309b-\u3163\u3165-\ua66e"
    "\uac00-\ud7a3\ue000-\ufaff\uff01-\uff9d\U0001f200-\U0001f3fa\U0001f400-\U0001faff]*"
)
"""Fast path: blocks without hidden, combining or clustering characters."""

_HIDDEN = f"[{HIDDEN_CHARACTERS}]"
_EMOJI = "[\xa9\xae\u203c-\u3299\U0001f000-\U0001f1e5\U0001f200-\U0001faff]"
_KEYCAP_BASE = frozenset("0123456789#*")
_MODIFIERS = {
    "\u200d": "joiner",
    "\u20e3": "keycap",
    **dict.fromkeys("\ufe0e\ufe0f", "selector"),
    **dict.fromkeys("\U0001f3fb\U0001f3fc\U0001f3fd\U0001f3fe\U0001f3ff", "skin"),
}
"""Modifiers of the preceding emoji and joiners to the next; each kind is allowed once."""

_PLAIN, _MARK, _FLAG, _OTHER = "pmfx"
"""Kinds of characters: as it is, combining, half a flag, hidden or modifying."""
_MAX_KINDS = 8192
"""Characters whose kind is remembered: more than any script but Chinese has."""
_FLAG_A = 0x1F1E6
_JAMO = "[\u1161-\u11ff\ud7b0-\ud7ff]"
"""Korean vowels and finals, which have no width of their own."""


@cache
def _pattern(pattern: str) -> re.Pattern[str]:
    """Compiles lazily: it takes milliseconds, and most text is ASCII."""
    return re.compile(pattern)


def visible_form(character: str) -> str:
    """The visible placeholder of one control or hidden character.

    C0 controls become control pictures (ESC is ␛), all others the form `<U+202E>`.
    """
    code = ord(character)
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "␡"
    return f"<U+{code:04X}>"


def is_clean(text: str) -> bool:
    """Whether `sanitize` would leave the text unchanged; quick."""
    if text.isascii():
        return text.isprintable()
    if not unicodedata.is_normalized("NFC", text):
        return False
    if _pattern(_CLEAN).fullmatch(text):
        return True
    kinds = text.translate(_KINDS)
    return "\t" not in kinds and _FLAG not in kinds and _is_tidy(kinds)


def is_tidy(text: str) -> bool:
    """Whether a text holds nothing hidden, and is in NFC: it may have tabs and flags; quick."""
    return unicodedata.is_normalized("NFC", text) and _is_tidy(text.translate(_KINDS))


def is_standalone(character: str) -> bool:
    """Whether a character is shown as it is, whatever stands before and after it."""
    return _KINDS[ord(character)] in {_PLAIN, _FLAG} and unicodedata.is_normalized("NFC", character)


def _is_tidy(kinds: str) -> bool:
    """Whether nothing is hidden, and each combining mark has a base and few others beside it."""
    stack = _MARK * (MAX_COMBINING + 1)
    has_bases = not kinds.startswith(_MARK) and f"\t{_MARK}" not in kinds
    return has_bases and _OTHER not in kinds and stack not in kinds


class _Kinds(dict[int, str]):
    """The kind of each character, by code point, as `str.translate` needs it."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        if character == "\t":
            kind = "\t"
        elif _pattern(_HIDDEN).match(character) or character in _MODIFIERS:
            kind = _OTHER
        elif _combines(character):
            kind = _MARK
        else:
            kind = _FLAG if _flag_letter(character) != character else _PLAIN
        if len(self) < _MAX_KINDS:
            self[code] = kind
        return kind


_KINDS = _Kinds()


def sanitize(text: str) -> str:
    """The text on one line, with a visible placeholder for every control and hidden character."""
    if is_clean(text):
        return text
    return "".join(piece for piece, _ in sanitized_pieces(text))


def sanitize_json(text: str) -> str:
    r"""JSON that means the same, with control and hidden characters as `\uXXXX`."""
    if is_clean(text):
        return text
    return "".join(char if sanitize(char) == char else _json_escape(char) for char in text)


def sanitized_pieces(text: str, *, drawn: bool = True) -> Iterator[tuple[str, bool]]:
    """The parts of a text, each with True if it is a placeholder.

    Args:
        text: any.
        drawn: for the cells of a terminal, as in `sanitize`; else emoji clusters stay whole.
    """
    composed = unicodedata.normalize("NFC", text)
    base, combining_count, used = "", 0, set[str]()
    is_hidden = _pattern(_HIDDEN).match
    for position, character in enumerate(composed):
        if kind := _MODIFIERS.get(character):
            if kind not in used and _is_effective(
                kind, base, composed[position + 1 : position + 2]
            ):
                used.add(kind)
                if not drawn:
                    yield character, False
            else:
                base, combining_count, used = "", 0, set()
                yield visible_form(character), True
        elif is_hidden(character):
            base, combining_count, used = "", 0, set()
            yield visible_form(character), True
        elif _combines(character):
            combining_count += 1
            hidden = not base or combining_count > MAX_COMBINING
            base = "" if hidden else base
            yield (visible_form(character) if hidden else character), hidden
        else:
            base, combining_count, used = character, 0, set()
            yield (_flag_letter(character) if drawn else character), False


def _is_effective(kind: str, base: str, after: str) -> bool:
    """Whether a modifier is valid after this base character, and so hides nothing."""
    if base in _KEYCAP_BASE:
        return kind in {"selector", "keycap"}
    if kind == "joiner":
        return bool(_pattern(_EMOJI).match(base) and _pattern(_EMOJI).match(after))
    return kind != "keycap" and _pattern(_EMOJI).match(base) is not None


def _combines(character: str) -> bool:
    """Whether the character combines with the preceding one and has no width."""
    return unicodedata.category(character)[0] == "M" or _pattern(_JAMO).match(character) is not None


def _flag_letter(character: str) -> str:
    """The letter of a regional indicator; any other character unchanged."""
    letter = ord(character) - _FLAG_A
    return chr(ord("A") + letter) if 0 <= letter < 26 else character


def _json_escape(character: str) -> str:
    units = character.encode("utf-16-be", "surrogatepass")
    pairs = (units[at : at + 2] for at in range(0, len(units), 2))
    return "".join(f"\\u{int.from_bytes(pair):04x}" for pair in pairs)
