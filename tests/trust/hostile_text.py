"""What a hostile service would send to a terminal, and what of it may never arrive there."""

import re

CONTROL_PROBES: tuple[str, ...] = (
    # C0 controls, DEL
    *"\x00\x05\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x1a\x1b\x7f",
    # C1 controls, as they are and as introducers
    *("\x84", "\x85", "\x88", "\x8d", "\x9b3J", "\x9d0;owned\x9c", "\x90+q544e\x9c", "\x9fG\x9c"),
    # cursor, erasing, modes
    *("\x1b[77;177H", "\x1b[3J", "\x1b[?1049l", "\x1b[?1003l", "\x1b[2;5r", "\x1b[4h", "\x1b[?5h"),
    # what types an answer into the keyboard
    *("\x1b[6n", "\x1b[>c", "\x1b[21t", "\x1b[5i", "\x1bP$qm\x1b\\", "\x1bP+q544e\x1b\\"),
    # title, clipboard, links, pictures, notices
    *(
        "\x1b]0;owned\x07",
        "\x1b]2;owned\x1b\\",
        "\x1b]52;c;b3duZWQ=\x07",
        "\x1b]52;c;b3duZWQ=\x1b\\",
    ),
    *("\x1b]8;;http://evil\x1b\\", "\x1b]4;1;#000000\x07", "\x1b]1337;File=x\x07"),
    *("\x1b_Gowned\x1b\\", "\x1b^owned\x1b\\", "\x1bc", "\x1b(0", "\x1b[8m"),
    # what hides or turns text round
    *("\u202e", "\u2066", "\u200b", "\ufeff\u2028\U000e0041", "e" + "\u0301" * 9),
)

MARKUP_PROBES: tuple[str, ...] = (
    "[/nope]",
    "[/var/log]",
    "[@click=app.quit]q[/]",
    "[link=http://e]l[/link]",
    "[bold]b[/bold]",
    "[red]r",
    "[[x]]",
    "\\[x]",
    "[$error]$",
    "[",
)

_TEXTUALS = re.compile(
    rb"\x1b\[(?!8m)[0-9;:]*m"  # looks
    rb"|\x1b\[(?:\d\d?|1[0-3]\d)?(?:;(?:\d\d?|1[0-6]\d))?H"  # places on a screen of 130 × 160
    rb"|\x1b\[\?(?:1000|1003|1004|1006|1015|1016|1049|2004|2026|2048|7|25)h"
    rb"|\x1b\[\?(?:25|7|2026)l"
    rb"|\x1b\[\?(?:2026|2048|1016)\$p|\x1b\[>25u|\x1b\[\?u|\x1b\[=[0-9;]*u|\x1b\[\?6c|\x1b\[c"
    rb"|\x1b\[[ABCD]|\x1b\[\?1049h|\x1b\[2J|\x1b\[[JK]|\x1b\[\d* q|\r\n"
    rb"|\x1b\]22;[a-z]+\x07"  # the shape of the mouse pointer
    # The window's title: kept, then ours, which holds nothing that a service said.
    rb"|\x1b\[22;2t|\x1b\]2;(?:\d+(?:\xe2\x97\x8f|\xe2\x9c\x97) ){0,2}nodion default\x07"
)
"""What Textual and the program write while they run; none of the probes is among it."""

_OBEYED = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff"
    "\ud800-\udfff\U000e0000-\U000e007f]|\u0301{5}"
)


def obeyed_sequences(raw: bytes) -> list[str]:
    """What a terminal would obey, or show nothing of, that is not ours."""
    whole = raw[: raw.rfind(b"\x1b")]  # the last sequence may not have come to its end yet
    text = _TEXTUALS.sub(b"", whole).decode("utf-8", "surrogateescape")
    return [text[max(0, m.start() - 20) : m.end() + 20] for m in _OBEYED.finditer(text)]
