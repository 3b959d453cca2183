"""The pane in a real pseudo-terminal, fed by a hostile run."""

import asyncio
import base64
import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.hostile import Exchange, HostileServer, until
from tests.support.terminal import Terminal

PROGRAM = str(Path(sys.executable).with_name("nodion-tui"))

ATTACKS = [
    "\x1b]0;pwned-title\x07bell ends it",
    "\x1b]52;c;cHduZWQ=\x1b\\clipboard",
    "\x1b[2J\x1b[H\x1b[?1049l\x1b[?1000l screen",
    "\x1bc\x1b[6n\x1b[c answers",
    "\x9b31m\x9d0;pwned\x9c eight bit",
    "\x1bP+q544e\x1b\\\x1b_apc\x1b\\ strings",
    "\x1b]8;;http://evil\x1b\\link\x1b]8;;\x1b\\",
    "a\rb\x00\x08\x7f\x0e controls",
    "\u202etxt.exe\u2066 bidi \u200b zero \ufeff",
    "\x1b[31mcolour is kept\x1b[0m",
]

OURS = re.compile(
    rb"\x1b\[[0-9;]*m|\x1b\[[0-9]+(?:;[0-9]+)?H|\x1b\[(?:[0-9]+;[0-9]+)?r|\x1b[DM]|\x1b\[[0-9]+[XC]|\x1b\[\?(?:25|2026)[hl]"
)
"""What paints: colours, cursor position, scroll region, erased cells, synchronised output."""


def program(server: HostileServer, home: Path) -> Terminal:
    """The installed program in an empty home."""
    env = {
        "HOME": str(home),
        "NODION_API_URL": server.url,
        "NODION_API_KEY": "test-key",
        "NODION_TUI_CONFIG": str(home / "config"),
        "NODION_TUI_DATA": str(home / "data"),
    }
    return Terminal([PROGRAM], columns=100, rows=24, env=env)


def alone(screen: str) -> bool:
    """Whether only the log is on screen, and it is painted completely."""
    return " Runs · " not in screen and "pwned-title␇bell" in screen and "colour is kept" in screen


@pytest.mark.pty
async def test_no_control_sequence_of_a_run_reaches_the_terminal(tmp_path: Path) -> None:
    async with HostileServer(bodies=ATTACKS) as server:
        with program(server, tmp_path) as terminal:
            await asyncio.to_thread(terminal.wait_for, "10 lines · complete")
            begun = len(terminal.raw)
            terminal.press("enter", "z")
            await asyncio.to_thread(terminal.wait_for, alone)
            screen, painted = terminal.text, bytes(terminal.raw[begun:])
    painted = painted[: painted.rindex(b"\x1b")]
    assert re.search(rb"\x1b\[[0-9;]*31[m;]|38;[25]", painted)
    assert "␛]0;pwned-title␇bell ends it" in screen
    assert "<U+202E>txt.exe<U+2066> bidi" in screen
    left = OURS.sub(b"", painted).replace(b"\r\n", b"")  # Textual ends the rows of a whole screen
    assert not re.search(rb"[\x00-\x1f\x7f]", left)
    assert not re.search("[\x80-\x9f\u202a-\u202e\u2066-\u2069\u200b\ufeff]", left.decode())
    for row in screen.split("\n")[2:-2]:
        assert row.startswith("│")
        assert row.endswith(("│", "┃", "›"))
        assert len(row) == 100


async def flood(exchange: Exchange) -> None:
    """Send 200 lines a second until the client leaves."""
    await exchange.head(chunked=True)
    for start in range(exchange.after, 100_000, 2):
        try:
            await exchange.lines(start, start + 2)
        except OSError:
            return
        await asyncio.sleep(0.01)


def grown(server: HostileServer, lines: int) -> Callable[[], bool]:
    """Whether so many more lines have been written since."""
    wanted = server.written + lines
    return lambda: server.written >= wanted


def copied(raw: bytes) -> list[str]:
    """The texts that were sent to the terminal's clipboard (OSC 52)."""
    texts = re.findall(rb"\x1b\]52;c;([A-Za-z0-9+/=]+)", raw)
    return [base64.b64decode(text).decode() for text in texts]


@pytest.mark.pty
async def test_a_drag_of_one_row_copies_its_text_while_lines_flood_in(tmp_path: Path) -> None:
    async with HostileServer(lines=100_000) as server:
        server.always("stream", flood)
        with program(server, tmp_path) as terminal:
            await asyncio.to_thread(terminal.wait_for, "line 60")
            terminal.press("enter", "z")
            await asyncio.to_thread(
                terminal.wait_for, lambda screen: " Runs · " not in screen and "line 90" in screen
            )
            terminal.type("\x1b[<0;12;12M")
            held = await asyncio.to_thread(held_rows, terminal)
            await until(grown(server, 100))
            assert page_rows(terminal) == held, "the page is held, reading goes on"
            terminal.type("\x1b[<32;40;12M\x1b[<0;40;12m")
            await asyncio.to_thread(terminal.wait_for, " new ")
            terminal.type("\x03")
            await asyncio.to_thread(terminal.wait_for, lambda _: bool(copied(bytes(terminal.raw))))
            (text,) = copied(bytes(terminal.raw))
            assert re.fullmatch(r"line \d+", text)
            assert f" {text} " in held[9]


def held_rows(terminal: Terminal) -> list[str]:
    """The rows of a log that is held, once it is: two frames change the border and no row.

    The server may send any number of lines before a busy program takes the mouse button.
    """
    unchanged, rows = 0, page_rows(terminal)
    for _ in range(500):
        await_other_border(terminal)
        unchanged = unchanged + 1 if page_rows(terminal) == rows else 0
        rows = page_rows(terminal)
        if unchanged == 2:
            return rows
    raise AssertionError("the log is not held")


def await_other_border(terminal: Terminal) -> None:
    """Wait for a frame that counts more lines."""
    before = border_row(terminal.text)
    terminal.wait_for(lambda screen: border_row(screen) != before)


def border_row(screen: str) -> str:
    """The lower border of the log, which counts its lines."""
    return screen.split("\n")[-2]


def page_rows(terminal: Terminal) -> list[str]:
    """The rows of the log without its border, in which the scrollbar moves."""
    return [row[1:-1] for row in terminal.text.split("\n")[2:-2]]
