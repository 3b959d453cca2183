"""Frames whose rows have moved, on a terminal that gets only what is sent."""

import pyte
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from rich.color import ColorSystem
from rich.console import Console
from rich.segment import Segment
from rich.style import Style

from nodion_tui.ui.terminal.inside.minimal_compositor import MinimalUpdate
from nodion_tui.ui.terminal.inside.screen_diff import ScreenDiff
from nodion_tui.ui.terminal.output.output_form import COMPACT, PLAIN, OutputForm, output_form
from nodion_tui.ui.terminal.row_segments import PaintedRow, RowSegments
from tests.support.cells import Cells, differences

WIDTH, HEIGHT = 24, 12
CONSOLE = Console(color_system="truecolor", force_terminal=True)
FRAME, TEXT = Style(color="blue"), Style(color="white", bgcolor="#102030")
_WORDS = st.sampled_from(["", "tick", "one", "two", "three", "日本語", "an 🫨 emoji"])


class Terminal:
    """A terminal, and the difference of frames to it."""

    def __init__(self, form: OutputForm = COMPACT) -> None:
        self.cells = Cells(WIDTH, HEIGHT)
        self.wanted = Cells(WIDTH, HEIGHT)
        self._stream, self._all = pyte.Stream(self.cells), pyte.Stream(self.wanted)
        self._diff = ScreenDiff(form)

    def show(self, update: MinimalUpdate) -> str:
        """Show a frame as it would be sent, and the whole of it on the other terminal."""
        self._all.feed(update.render_segments(CONSOLE))
        part = self._diff.changed_part(update, WIDTH)
        assert part is None or isinstance(part, MinimalUpdate)
        sent = "" if part is None else part.render_segments(CONSOLE)
        self._stream.feed(sent)
        return sent

    def assert_right(self) -> None:
        assert not differences(self.cells.cells, self.wanted.cells)


def row(y: int, text: str, *, border: str = "│") -> PaintedRow:
    return PaintedRow(y, 0, framed(text, border))


def framed(text: str, border: str = "│") -> RowSegments:
    content = RowSegments((Segment(text, TEXT),), Segment(text).cell_length)
    filled = content.crop(0, WIDTH - 2)
    blank = Segment(" " * (WIDTH - 2 - filled.width), TEXT)
    return RowSegments(
        (Segment("│", FRAME), *filled.segments, blank, Segment(border, FRAME)), WIDTH
    )


def pane(lines: list[str], top: int = 0) -> MinimalUpdate:
    return MinimalUpdate(row(y, text) for y, text in enumerate(lines, top))


@given(
    st.lists(_WORDS, min_size=HEIGHT + 20, max_size=HEIGHT + 20),
    st.lists(st.tuples(st.integers(0, 20), st.integers(0, 4), st.integers(6, HEIGHT)), max_size=8),
)
def test_the_terminal_shows_every_frame(
    lines: list[str], frames: list[tuple[int, int, int]]
) -> None:
    terminal = Terminal()
    terminal.show(pane([""] * HEIGHT))
    for at, top, bottom in frames:
        terminal.show(pane(lines[at : at + bottom - top], top))
        terminal.assert_right()


@pytest.mark.parametrize("by", [1, 2, -1, -3])
def test_rows_that_moved_are_not_sent(by: int) -> None:
    terminal, lines = Terminal(), [f"line {number}" for number in range(30)]
    terminal.show(pane(lines[10 : 10 + HEIGHT]))
    sent = terminal.show(pane(lines[10 + by : 10 + by + HEIGHT]))
    terminal.assert_right()
    assert sent.count("line") == abs(by)


def test_rows_around_a_pane_stay_where_they_are() -> None:
    terminal, lines = Terminal(), [f"line {number}" for number in range(30)]
    terminal.show(pane(["title", *lines[:8], "", "status", "footer"]))
    sent = terminal.show(pane(lines[1:9], top=1))
    terminal.assert_right()
    assert sent.count("line") == 1
    assert "title" not in sent


def test_a_scroll_bar_and_a_cursor_that_stay_cost_their_cells() -> None:
    terminal, lines = Terminal(), [f"line {number}" for number in range(30)]
    bars = ["┃" if 4 <= y < 7 else "│" for y in range(HEIGHT)]

    def frame(at: int) -> MinimalUpdate:
        rows = enumerate(zip(lines[at : at + HEIGHT], bars, strict=True))
        return MinimalUpdate(row(y, text, border=bar) for y, (text, bar) in rows)

    terminal.show(frame(0))
    sent = terminal.show(frame(1))
    terminal.assert_right()
    assert sent.count("line") == 1
    assert sent.count("┃") == 1


def test_rows_of_which_a_part_is_not_known_are_not_moved() -> None:
    terminal, lines = Terminal(), [f"line {number}" for number in range(30)]

    def part(at: int) -> MinimalUpdate:
        texts = enumerate(lines[at : at + HEIGHT])
        return MinimalUpdate(PaintedRow(y, 2, framed(text).crop(2, 20)) for y, text in texts)

    terminal.show(part(0))
    assert "\x1b[r" not in terminal.show(part(1))
    terminal.assert_right()


def test_after_a_reset_nothing_is_moved() -> None:
    terminal, lines = Terminal(), [f"line {number}" for number in range(30)]
    terminal.show(pane(lines[:HEIGHT]))
    terminal._diff.reset()
    assert "\x1b[r" not in terminal.show(pane(lines[1 : 1 + HEIGHT]))


def test_a_plain_form_sends_text_colours_and_positions_only() -> None:
    terminal, lines = Terminal(PLAIN), [f"line {number}" for number in range(30)]
    terminal.show(pane(lines[:HEIGHT]))
    sent = terminal.show(pane(lines[1 : 1 + HEIGHT]))
    terminal.assert_right()
    assert not any(sequence in sent for sequence in ("\x1b[r", "\x1bD", "X", "C"))


@pytest.mark.parametrize(
    ("environ", "compact", "form"),
    [
        ({"TERM": "xterm-256color"}, None, COMPACT),
        ({"TERM": "tmux-256color"}, None, COMPACT),
        ({"TERM": "screen-256color", "TMUX": "/tmp/x,1,0"}, None, COMPACT),
        ({"TERM": "screen"}, None, replace(COMPACT, erases=False)),
        ({"TERM": "xterm", "STY": "1.pts"}, None, replace(COMPACT, erases=False)),
        (
            {"TERM": "screen", "STY": "1.pts", "TMUX": "/tmp/x"},
            None,
            replace(COMPACT, erases=False),
        ),
        ({"TERM": "tmux-256color", "STY": "1.pts", "TMUX": "/tmp/x"}, None, COMPACT),
        ({"TERM": "vt100"}, None, replace(COMPACT, erases=False, unsets=False)),
        ({"TERM": "linux"}, None, COMPACT),
        ({"TERM": "sun-cmd"}, None, PLAIN),
        ({}, None, PLAIN),
        ({"TERM": "xterm"}, False, PLAIN),
        ({"TERM": "sun-cmd"}, True, COMPACT),
    ],
)
def test_the_form_follows_the_terminal_and_the_setting(
    *, environ: dict[str, str], compact: bool | None, form: OutputForm
) -> None:
    assert output_form(environ, compact=compact) == form


def test_the_color_system_of_the_console_is_used() -> None:
    console = Console(color_system="256", force_terminal=True)
    assert console._color_system is ColorSystem.EIGHT_BIT
    assert "38;2;" not in pane(["a"]).render_segments(console)
