"""Parts of frames in the order of least bytes, on a terminal that gets only what is sent."""

from random import Random

import pyte
import pytest
from rich.color import ColorSystem
from rich.console import Console
from rich.segment import Segment
from rich.style import Style

from nodion_tui.ui.terminal.inside.minimal_compositor import MinimalUpdate
from nodion_tui.ui.terminal.inside.screen_diff import ScreenDiff
from nodion_tui.ui.terminal.output.frame_writer import FrameWriter
from nodion_tui.ui.terminal.output.output_form import COMPACT, PLAIN, OutputForm
from nodion_tui.ui.terminal.row_segments import PaintedRow, RowSegments
from tests.support.cells import Cells, differences

WIDTH, HEIGHT = 20, 6
CONSOLE = Console(color_system="truecolor", force_terminal=True, width=WIDTH)
MUTED, BRIGHT, BOLD = Style(color="#808080"), Style(color="white"), Style(color="white", bold=True)
STYLES = (None, MUTED, BRIGHT, BOLD, Style(bgcolor="#102030", dim=True))


def _piece(*segments: Segment) -> RowSegments:
    return RowSegments(segments, sum(segment.cell_length for segment in segments))


def _row(y: int, random: Random) -> PaintedRow:
    """A part of a row, of few characters and styles; whole rows have wide characters too."""
    is_whole = y % 2 == 0  # Half of a wide character cannot be written over.
    letters = "01 ─é語" if is_whole else "01 ─é"
    texts = ("".join(random.choices(letters, k=random.randint(1, WIDTH))) for _ in range(3))
    segments = _piece(*(Segment(text, random.choice(STYLES)) for text in texts))
    x = 0 if is_whole else random.randrange(WIDTH)
    if is_whole:
        segments = RowSegments.joined([segments, _piece(Segment(" " * WIDTH))])
    return PaintedRow(y, x, segments.crop(0, WIDTH - x))


@pytest.mark.parametrize("form", [PLAIN, COMPACT])
@pytest.mark.parametrize("seed", range(10))
def test_the_terminal_shows_what_it_would_if_each_part_was_written_in_its_place(
    seed: int, form: OutputForm
) -> None:
    random = Random(seed)  # noqa: S311 - no secret
    sent, all_sent = Cells(WIDTH, HEIGHT), Cells(WIDTH, HEIGHT)
    stream, every = pyte.Stream(sent), pyte.Stream(all_sent)
    diff = ScreenDiff(form)
    blank = RowSegments((Segment(" " * WIDTH),), WIDTH)
    diff.changed_part(MinimalUpdate(PaintedRow(y, 0, blank) for y in range(HEIGHT)), WIDTH)
    for _ in range(40):
        rows = [_row(y, random) for y in random.sample(range(HEIGHT), random.randint(1, HEIGHT))]
        for row in rows:
            every.feed(MinimalUpdate([row]).render_segments(CONSOLE))
        part = diff.changed_part(MinimalUpdate(rows), WIDTH)
        if part is not None:
            assert isinstance(part, MinimalUpdate)
            stream.feed(part.render_segments(CONSOLE))
        assert not differences(sent.cells, all_sent.cells)


def _tick(second: int) -> MinimalUpdate:
    return MinimalUpdate(
        PaintedRow(y, 0, _piece(Segment(f"{second:>4}s ago ", MUTED), Segment(f"00:{second:02}")))
        for y in range(HEIGHT)
    )


def test_a_column_that_ticks_costs_five_bytes_a_row() -> None:
    diff = ScreenDiff(COMPACT)
    diff.changed_part(_tick(10), WIDTH)
    part = diff.changed_part(_tick(20), WIDTH)
    assert isinstance(part, MinimalUpdate)
    sent = part.render_segments(CONSOLE)
    assert sent.count("2") >= 2 * HEIGHT
    assert sent.count("\x1b[38") == 1, "one colour for all rows"
    assert len(sent) <= 2 * HEIGHT * 5 + 50


def test_behind_the_last_column_and_wide_characters_the_position_is_absolute() -> None:
    writer = FrameWriter(ColorSystem.TRUECOLOR, WIDTH, COMPACT)
    rows = [
        PaintedRow(0, 0, _piece(Segment("語"))),
        PaintedRow(0, 4, _piece(Segment("x"))),
        PaintedRow(1, WIDTH - 1, _piece(Segment("y"))),
        PaintedRow(2, WIDTH - 1, _piece(Segment("z"))),
    ]
    written = "".join(writer.write(rows))
    assert written == "\x1b[1H語\x1b[1;5Hx\x1b[2;20Hy\x1b[3;20Hz"
