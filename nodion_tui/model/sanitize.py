"""Text from outside made fit for a terminal: visible, inert, and as wide as it looks.

Everything that a terminal would obey or hide (escape sequences, C0 and C1 controls, bidirectional
overrides, zero-width and tag characters, stacks of combining marks, lone surrogates) becomes a
mark that can be seen and does nothing. Emoji clusters are taken apart, for terminals disagree
about their width: what only tints or joins an emoji is left out, flags are spelled as letters.
The original stays in the model, for saving and re-running.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache

MAX_COMBINING = 4
"""Combining marks kept on one character; more is a trick, no script needs them."""

HIDDEN_CHARACTERS = (
    r"\x00-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200c"
    r"\u200e\u200f\u2028-\u202e\u2060-\u206f\u3164\ud800-\udfff\ufe00-\ufe0d\ufeff\uffa0"
    r"\ufff0-\ufffb\U000e0000-\U000e0fff"
)
"""The inside of a character class: what a terminal obeys, or shows nothing of."""

_PLAIN = (
    "[ -~\xa0-\xac\xae-\u02ff\u0370-\u0482\u048a-\u0590\u1e00-\u200a\u2010-\u2027\u202f-\u205f"
    "\u2070-\u20cf\u2100-\u2cee\u2cf2-\u2d7e\u2e00-\u3029\u3030-\u3098\u309b-\u3163\u3165-\ua66e"
    "\uac00-\ud7a3\ue000-\ufaff\uff01-\uff9d\U0001f200-\U0001f3fa\U0001f400-\U0001faff]*"
)
"""Text that needs no second look: nothing in these blocks hides, combines or clusters."""

_MARKED = f"[{HIDDEN_CHARACTERS}]"
_EMOJI = "[\xa9\xae\u203c-\u3299\U0001f000-\U0001f1e5\U0001f200-\U0001faff]"
_KEYCAP_BASE = frozenset("0123456789#*")
_MODIFIERS = {
    "\u200d": "joiner",
    "\u20e3": "keycap",
    **dict.fromkeys("\ufe0e\ufe0f", "selector"),
    **dict.fromkeys("\U0001f3fb\U0001f3fc\U0001f3fd\U0001f3fe\U0001f3ff", "skin"),
}
"""What changes the look of the emoji before it or joins it to the next; each kind once."""

_FLAG_A = 0x1F1E6
_JAMO = "[\u1161-\u11ff\ud7b0-\ud7ff]"
"""Korean vowels and finals: they have no width of their own."""


@cache
def _matcher(pattern: str) -> re.Pattern[str]:
    """Compiled when it is first needed: that takes milliseconds, and most text is ASCII."""
    return re.compile(pattern)


def visible_form(character: str) -> str:
    """The visible stand-in of one control or hidden character.

    C0 controls become their control pictures (ESC is ␛), everything else `<U+202E>`.
    """
    code = ord(character)
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "␡"
    return f"<U+{code:04X}>"


def is_clean(text: str) -> bool:
    """Whether `visible` would leave the text as it is, told without looking at each character."""
    return (text.isascii() and text.isprintable()) or _matcher(_PLAIN).fullmatch(text) is not None


def sanitize(text: str) -> str:
    """The text on one line, with every control and hidden character as a visible mark."""
    if is_clean(text):
        return text
    return "".join(piece for piece, _ in sanitized_pieces(text))


def sanitize_json(text: str) -> str:
    r"""JSON that means the same, with control and hidden characters as `\uXXXX`."""
    if is_clean(text):
        return text
    return "".join(each if sanitize(each) == each else _escaped(each) for each in text)


def sanitized_pieces(text: str) -> Iterator[tuple[str, bool]]:
    """The parts of `visible(text)`: characters that were there, and marks (told by True)."""
    composed = unicodedata.normalize("NFC", text)
    base, stacked, used = "", 0, set[str]()
    marked = _matcher(_MARKED).match
    for position, character in enumerate(composed):
        if kind := _MODIFIERS.get(character):
            if kind not in used and _acts(kind, base, composed[position + 1 : position + 2]):
                used.add(kind)
            else:
                yield visible_form(character), True
        elif marked(character):
            base, stacked, used = "", 0, set()
            yield visible_form(character), True
        elif _combines(character):
            stacked += 1
            hidden = not base or stacked > MAX_COMBINING
            yield (visible_form(character) if hidden else character), hidden
        else:
            base, stacked, used = character, 0, set()
            yield _unflagged(character), False


def _acts(kind: str, base: str, after: str) -> bool:
    """Whether a modifier does what it is for after this base, and so hides nothing."""
    if base in _KEYCAP_BASE:
        return kind in {"selector", "keycap"}
    if kind == "joiner":
        return bool(_matcher(_EMOJI).match(base) and _matcher(_EMOJI).match(after))
    return kind != "keycap" and _matcher(_EMOJI).match(base) is not None


def _combines(character: str) -> bool:
    """Whether it is drawn on the character before it and takes no column."""
    return unicodedata.category(character)[0] == "M" or _matcher(_JAMO).match(character) is not None


def _unflagged(character: str) -> str:
    """The letter that a regional indicator stands for; anything else as it is."""
    letter = ord(character) - _FLAG_A
    return chr(ord("A") + letter) if 0 <= letter < 26 else character


def _escaped(character: str) -> str:
    units = character.encode("utf-16-be", "surrogatepass")
    pairs = (units[at : at + 2] for at in range(0, len(units), 2))
    return "".join(f"\\u{int.from_bytes(pair):04x}" for pair in pairs)
