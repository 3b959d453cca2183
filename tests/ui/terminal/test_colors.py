"""How many colours the terminal has: by its environment, and by its answer among keys."""

import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from nodion_tui.ui.terminal.colors.answers import AnswerFilter
from nodion_tui.ui.terminal.colors.depth import (
    ColorDepth,
    assumed_depth,
    depth_from_environment,
)
from tests.support.terminal import Terminal

PROGRAM = str(Path(sys.executable).with_name("nodion-tui"))
ATTRIBUTES = b"\x1b[?62;4;22c"
XTERM = b"\x1bP1$r0;48:2::1:2:3m\x1b\\"
FOOT = b"\x1bP1+r524742=38\x1b\\"
NEAREST = b"\x1bP1$r0;48:5:16m\x1b\\\x1bP0+r524742\x1b\\\x1bP0+r5463\x1b\\"


@pytest.mark.parametrize(
    ("environ", "depth"),
    [
        ({"TERM": "xterm-256color", "COLORTERM": "truecolor"}, ColorDepth.TRUE),
        ({"TERM": "xterm-kitty"}, ColorDepth.TRUE),
        ({"TERM": "foot-extra"}, ColorDepth.TRUE),
        ({"TERM": "xterm-direct"}, ColorDepth.TRUE),
        ({"TERM": "xterm-256color", "LC_TERMINAL": "iTerm2"}, ColorDepth.TRUE),
        ({"TERM": "linux"}, ColorDepth.SIXTEEN),
        ({"TERM": "vt220"}, ColorDepth.SIXTEEN),
        ({"TERM": "screen-256color", "LC_TERMINAL": "iTerm2"}, ColorDepth.PALETTE),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "Apple_Terminal"}, ColorDepth.PALETTE),
        ({"TERM": "xterm-256color", "NO_COLOR": "1"}, ColorDepth.PALETTE),
        ({"TERM": "xterm-kitty", "TEXTUAL_COLOR_SYSTEM": "256"}, ColorDepth.PALETTE),
        ({"TERM": "xterm-256color"}, None),
        ({"TERM": "xterm"}, None),
        ({"TERM": "tmux-256color", "TERM_PROGRAM": "iTerm.app"}, None),
    ],
)
def test_a_terminal_is_asked_where_its_environment_does_not_tell(
    environ: Mapping[str, str], depth: ColorDepth | None
) -> None:
    support = depth_from_environment(environ)
    assert (support and support.depth) == depth


@pytest.mark.parametrize(
    ("term", "depth"),
    [
        ("xterm-256color", ColorDepth.PALETTE),
        ("xterm", ColorDepth.PALETTE),
        ("xterm-16color", ColorDepth.SIXTEEN),
        ("unheard-of", ColorDepth.SIXTEEN),
    ],
)
def test_a_terminal_that_does_not_answer_has_the_colours_of_its_name(
    term: str, depth: ColorDepth
) -> None:
    assert assumed_depth({"TERM": term}).depth is depth


@pytest.mark.parametrize(
    ("answer", "depth"),
    [
        (XTERM, ColorDepth.TRUE),
        (NEAREST + FOOT, ColorDepth.TRUE),
        (NEAREST, ColorDepth.PALETTE),
        (b"", ColorDepth.PALETTE),
    ],
)
def test_an_answer_in_any_pieces_is_told_from_the_keys_around_it(
    answer: bytes, depth: ColorDepth
) -> None:
    keys = (b"ab\x1b[A", b"\x1bOPc\x1b")
    whole = keys[0] + answer + ATTRIBUTES + keys[1]
    for cut in range(len(whole)):
        answers = AnswerFilter(expected=True)
        passed = answers.feed(whole[:cut]) + answers.feed(whole[cut:]) + answers.release()
        assert (passed, answers.is_complete) == (b"".join(keys), True)
        assert answers.has_true_colors == (depth is ColorDepth.TRUE)


def test_an_escape_key_alone_is_passed_on() -> None:
    answers = AnswerFilter(expected=True)
    assert (answers.feed(b"\x1b"), answers.release(), answers.release()) == (b"", b"\x1b", b"")


class LateTerminal(Terminal):
    """Answers when it is told to."""

    def answer_late(self) -> None:
        self.write(XTERM + ATTRIBUTES)

    def reply(self, data: bytes) -> None:
        """Terminal: nothing yet."""


@pytest.mark.pty
@pytest.mark.own_textual("it does not ask")
def test_keys_before_the_answer_reach_the_program(tmp_path: Path) -> None:
    env = {"HOME": str(tmp_path), "NODION_TUI_DATA": str(tmp_path / "data")}
    with Terminal([PROGRAM, "--local"], env=env, true_colors=True) as terminal:
        terminal.press("2")
        terminal.wait_for("Timeline")
        assert b"48;2;29;36;48" in terminal.raw  # the panel of the dark theme


@pytest.mark.pty
@pytest.mark.own_textual("it does not ask")
def test_a_late_answer_is_no_key_and_the_palette_stays(tmp_path: Path) -> None:
    env = {"HOME": str(tmp_path), "NODION_TUI_DATA": str(tmp_path / "data")}
    with LateTerminal([PROGRAM, "--local"], env=env) as terminal:
        terminal.wait_for("All runners")
        assert b"48;5;235m" in terminal.raw
        terminal.answer_late()
        terminal.press("?")
        terminal.wait_for("Esc closes")
        terminal.press("escape")
        terminal.wait_for(lambda screen: "Esc closes" not in screen)
        assert "All runners" in terminal.text
        assert b"48;2;" not in terminal.raw.partition(b"\x1b[?1049h")[2]


@pytest.mark.pty
@pytest.mark.own_textual("it does not ask")
def test_doctor_tells_what_the_dashboard_would_use(tmp_path: Path) -> None:
    env = {"HOME": str(tmp_path), "NODION_TUI_CONFIG": str(tmp_path)}
    with Terminal([PROGRAM, "doctor"], env=env, true_colors=True) as terminal:
        terminal.wait_for("16 million (reported by the terminal)")
        terminal.wait_exit()
        assert "$q" not in terminal.text
