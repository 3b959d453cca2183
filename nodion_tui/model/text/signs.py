"""Signs for the statuses of runs, and the ASCII characters that stand in for signs.

Everything is written with the signs. A terminal limited to ASCII gets the stand-ins, as the last
step: on the screen from `ui.terminal.ascii_filter`, on the command line from `cli.output`.
"""

from collections.abc import Mapping

from nodion_tui.model.run import RunStatus

STATUS_SIGNS: Mapping[str, str] = {
    RunStatus.PENDING: "◌",
    RunStatus.RUNNING: "●",
    RunStatus.SUCCEEDED: "✓",
    RunStatus.FAILED: "✗",
    RunStatus.CANCELED: "⊘",
}
UNKNOWN_STATUS_SIGN = "?"
OVERDUE_SIGN = "◷"
"""Of a runner that did not run when it was due."""
POLLED_SIGN = "↻"
"""Of a running run that has no stream, so that its end is polled for."""

AWAITED_SIGN = "♪"
"""Of a run whose end will be told."""

MARK_SIGN, MARK_UNDER_CURSOR_SIGN = "◆", "◈"
"""Of a marked row; the other one where the cursor, which has the same column, is on it."""

STAND_INS: Mapping[str, str] = {
    "✓": "+",
    **dict.fromkeys("●◉•", "*"),
    **dict.fromkeys("◌○", "o"),
    **dict.fromkeys("✗×", "x"),
    "⊘": "/",
    "♪": "!",
    "◆": "#",
    "◇": "o",
    "◈": "@",
    **dict.fromkeys("▌→▶▸›»␉", ">"),
    **dict.fromkeys("←◀‹«␍≤", "<"),
    **dict.fromkeys("↑▲△", "^"),
    **dict.fromkeys("↓▼▽", "v"),
    **dict.fromkeys("·–—‒─╌┅┈┉╴╶╸╺", "-"),
    **dict.fromkeys("━═", "="),
    **dict.fromkeys("…⋯±╍", "~"),
    **dict.fromkeys("┄╌∙", "."),
    **dict.fromkeys("│║╎╏┆┇┊┋╵╷╹╻▎▍▐▕", "|"),
    **dict.fromkeys("╭╮╰╯┌┐└┘├┤┬┴┼┏┓┗┛┣┫┳┻╋╔╗╚╝╠╣╦╩╬▛▜▙▟▗▖▝▘", "+"),
    **dict.fromkeys("┃█▉▊▋", "#"),
    **dict.fromkeys("▁▂▃▄▅▆▇▀▔\N{NO-BREAK SPACE}", " "),
    **dict.fromkeys("‘’‚", "'"),
    **dict.fromkeys("“”„", '"'),
    "␣": "_",
    "◷": "@",
    "↻": "%",
    **dict.fromkeys("⠶▏", ":"),
    "\N{REPLACEMENT CHARACTER}": "?",
}
"""Sign → similar ASCII character. Partial blocks become spaces; their colours remain."""

_TRANSLATION = str.maketrans(dict(STAND_INS))


def status_sign(status: str) -> str:
    """The sign of a run's status."""
    return STATUS_SIGNS.get(status, UNKNOWN_STATUS_SIGN)


def in_ascii(text: str) -> str:
    """The text with stand-ins for its signs, in the same width; other characters stay."""
    return text.translate(_TRANSLATION)
