"""Arbitrary input from keyboard, service or configuration is accepted or rejected, never a crash.

`tests/bench/fuzz.py` runs these tests with more examples.
"""

import re
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.strip import Strip

from nodion_tui.cli.output.terminal_lines import TerminalLines
from nodion_tui.cli.output.terminal_text import terminal_json
from nodion_tui.config import read_settings
from nodion_tui.model.dotenv import parse_dotenv
from nodion_tui.model.errors import ConfigError
from nodion_tui.model.text.sanitize import sanitize
from nodion_tui.model.trigger import format_argv, parse_argv
from nodion_tui.monitor.log.line.pen import Pen, apply_sgr
from nodion_tui.monitor.runs.filter import parse_filter
from nodion_tui.ui.log.render.line_text import LineText
from nodion_tui.ui.log.render.pen_style import pen_style
from nodion_tui.ui.terminal.sanitize_filter import SanitizeFilter
from tests.api.http.sse_standard import interpret
from tests.api.http.test_sse import WORDS, decode
from tests.trust.hostile_text import CONTROL_PROBES, MARKUP_PROBES

CONSOLE = Console(color_system="truecolor", force_terminal=True)
GATE = SanitizeFilter()
OURS = re.compile("\x1b\\[[0-9;]*m")
OBEYED = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
)
PIECES = st.sampled_from(
    (
        *CONTROL_PROBES,
        *MARKUP_PROBES,
        "\x1b[",
        "31",
        ";",
        "m",
        "38;2;",
        "\r",
        "\t",
        "é",
        "日本",
        "🏳️‍🌈",
    )
)
HOSTILE = st.lists(PIECES | st.text(st.characters(), max_size=6), max_size=14).map("".join)
SYNTAX = st.lists(
    st.sampled_from(
        (*"'\"\\$`#=[]{}()<>|&;!:~,.\n\t -", "export ", "A=", "${x", "status:", "age>", "1d")
    )
    | st.text(max_size=5),
    max_size=20,
).map("".join)


@given(HOSTILE)
def test_what_is_shown_as_text_is_inert(text: str) -> None:
    shown = sanitize(text)
    assert not OBEYED.search(shown)
    assert sanitize(shown) == shown


@given(HOSTILE)
def test_a_line_on_a_terminal_has_colours_and_no_other_control(text: str) -> None:
    assert not OBEYED.search(TerminalLines(color=False).line(text))
    painted = TerminalLines(color=True).line(text)
    assert not OBEYED.search(OURS.sub("", painted))
    assert "\x1b[8" not in painted
    if OURS.search(painted):
        assert painted.removesuffix(" ␍").endswith("\x1b[0m")


@given(st.binary(max_size=80))
def test_json_on_a_terminal_has_no_control(raw: bytes) -> None:
    assert not OBEYED.search(terminal_json(raw).decode())


@given(st.text(alphabet="0123456789;:-x\u0661", max_size=40))
def test_any_colour_parameters_give_a_style_or_nothing(parameters: str) -> None:
    pen = apply_sgr(parameters, Pen())
    assert pen is None or pen_style(pen) is not None


@given(
    st.lists(st.sampled_from(WORDS) | st.binary(max_size=3), max_size=40).map(b"".join),
    st.lists(st.integers(0, 200), max_size=6),
)
def test_any_stream_in_any_pieces_means_what_the_standard_says(
    body: bytes, cuts: list[int]
) -> None:
    bounds = [0, *sorted(min(cut, len(body)) for cut in cuts), len(body)]
    assert decode([body[start:end] for start, end in pairwise(bounds)]) == interpret(body)


@given(st.text(alphabet="0123456789;:m\x1b[A\t\r\x08", max_size=60) | HOSTILE)
def test_any_line_of_a_log_is_shown_inert(body: str) -> None:
    assert not OBEYED.search(LineText(body).text(0, 500))


@given(HOSTILE)
def test_whatever_is_painted_sends_looks_and_nothing_else(text: str) -> None:
    """Log lines, and unsanitized text, which the output filter sanitizes."""
    line = [Segment(piece.text, pen_style(piece.pen)) for piece in LineText(text).slice(0, 118)]
    for segments in (line, [Segment(text, Style(bold=True))]):
        sent = Strip(GATE.apply(segments, Color(0, 0, 0))).render(CONSOLE)
        assert not OBEYED.search(OURS.sub("", sent))


@given(SYNTAX)
def test_any_typed_argv_is_tokens_or_an_error(text: str) -> None:
    try:
        argv = parse_argv(text)
    except ValueError:
        return
    assert parse_argv(format_argv(argv)) == argv


@given(SYNTAX)
def test_any_env_file_is_variables_or_problems_with_lines(text: str) -> None:
    read = parse_dotenv(text)
    lines = text.count("\n") + text.count("\r") + 1
    assert all(1 <= problem.line <= lines for problem in read.problems)


@given(SYNTAX)
def test_any_filter_parses_and_says_where_it_does_not(text: str) -> None:
    assert parse_filter(text).text == text


@given(st.binary(max_size=60) | SYNTAX.map(lambda text: text.encode("utf-8", "replace")))
def test_any_config_file_is_read_or_refused(content: bytes) -> None:
    with TemporaryDirectory() as folder:
        Path(folder, "config.toml").write_bytes(content)
        try:
            read_settings(environ={"NODION_TUI_CONFIG": folder, "NODION_TUI_DATA": folder})
        except ConfigError as error:
            assert "config.toml:" in str(error)  # noqa: PT017 - what is not refused is fine too
