"""Control sequences and markup that a hostile service sends, and a check of terminal output."""

import re

from nodion_tui.ui.terminal.colors.answers import COLOR_QUESTION

CONTROL_PROBES: tuple[str, ...] = (
    # C0 controls, DEL
    *"\x00\x05\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x1a\x1b\x7f",
    # C1 controls, alone and as introducers
    *("\x84", "\x85", "\x88", "\x8d", "\x9b3J", "\x9d0;owned\x9c", "\x90+q544e\x9c", "\x9fG\x9c"),
    # cursor, erase, modes
    *("\x1b[77;177H", "\x1b[3J", "\x1b[?1049l", "\x1b[?1003l", "\x1b[2;5r", "\x1b[4h", "\x1b[?5h"),
    # queries: the terminal writes the reply to its input
    *("\x1b[6n", "\x1b[>c", "\x1b[21t", "\x1b[5i", "\x1bP$qm\x1b\\", "\x1bP+q544e\x1b\\"),
    # title, clipboard, links, images, notifications
    *(
        "\x1b]0;owned\x07",
        "\x1b]2;owned\x1b\\",
        "\x1b]52;c;b3duZWQ=\x07",
        "\x1b]52;c;b3duZWQ=\x1b\\",
    ),
    *("\x1b]8;;http://evil\x1b\\", "\x1b]4;1;#000000\x07", "\x1b]1337;File=x\x07"),
    *("\x1b_Gowned\x1b\\", "\x1b^owned\x1b\\", "\x1bc", "\x1b(0", "\x1b[8m"),
    # characters that hide or reverse text
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

_PROGRAM_OUTPUT = re.compile(
    rb"\x1b\[(?!8m)[0-9;:]*m"  # styles
    rb"|\x1b\[(?:\d\d?|1[0-3]\d)?(?:;(?:\d\d?|1[0-6]\d))?H"  # cursor positions, up to 130 × 160
    rb"|\x1b\[\?(?:1000|1003|1004|1006|1015|1016|1049|2004|2026|2048|7|25)h"
    rb"|\x1b\[\?(?:25|7|2026)l"
    rb"|\x1b\[\?(?:2026|2048|1016)\$p|\x1b\[>25u|\x1b\[\?u|\x1b\[=[0-9;]*u|\x1b\[\?6c|\x1b\[c"
    rb"|\x1b\[\d{0,3}[AB]\x08{0,3}|\x1b\[\d{0,3}[CD]"  # steps of the cursor
    rb"|\x1b\[\?1049h|\x1b\[2J|\x1b\[[JK]|\x1b\[\d* q|\r\n"
    rb"|\x1b\[(?:\d\d?;\d\d?)?r|\x1b[DM]"  # rows that the terminal moves
    rb"|\x1b\[\d\d?\d?[XC]"  # blanks that it erases
    rb"|\x1b\]22;[a-z]+\x07"  # the shape of the mouse pointer
    # The window title: saved, then set by the program, without text of the service.
    rb"|\x1b\[22;2t|\x1b\]2;(?:\d+\+?(?:\xe2\x97\x8f|\xe2\x9c\x97) ){0,2}nodion default\x07"
)
"""Sequences that Textual and the program write; contains none of the probes."""

_CONTROLS = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff"
    "\ud800-\udfff\U000e0000-\U000e007f]|\u0301{5}"
)


def obeyed_sequences(raw: bytes) -> list[str]:
    """Control or hidden characters in the output that the program did not write itself."""
    output = raw.removeprefix(COLOR_QUESTION.encode())
    complete = output[: output.rfind(b"\x1b")]  # the last sequence may be incomplete
    text = _PROGRAM_OUTPUT.sub(b"", complete).decode("utf-8", "surrogateescape")
    return [text[max(0, m.start() - 20) : m.end() + 20] for m in _CONTROLS.finditer(text)]
