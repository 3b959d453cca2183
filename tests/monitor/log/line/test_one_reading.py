"""What a job printed is searched, saved, copied, printed and compared as it is shown."""

from pathlib import Path

import pytest

from nodion_tui.cli.output.terminal_lines import TerminalLines
from nodion_tui.model.log_line import LogLine
from nodion_tui.monitor.log.buffer import LogBuffer
from nodion_tui.monitor.log.compare.normalize import normalize, normalized_lines
from nodion_tui.monitor.log.line.carried import MAX_LINES, carried_pen
from nodion_tui.monitor.log.line.pen import DEFAULT_PEN, Pen
from nodion_tui.monitor.log.plain_text import TextFormat, format_log
from nodion_tui.monitor.log.search.query import Matcher, SearchQuery
from nodion_tui.monitor.log.search.scan import scan_segment
from nodion_tui.ui.log.copied_text import all_text
from nodion_tui.ui.log.render.layout_cache import LayoutCache
from nodion_tui.ui.log.viewport.viewport import LogViewport

CASES = Path(__file__).with_name("cases")
SHOWN = {
    "colour-over-lines": [
        "before (plain)",
        "first red line",
        "second line of the same red block",
        "third line of it",
        "after (plain)",
    ],
    "colour-never-reset": ["green and never reset", "plain line one", "plain line two"],
    "gcc-erase-in-line": [
        "app.c:7:12: error: 'nmae' undeclared; did you mean 'name'?",
        "    7 |   return nmae;",
        "      |          ^~~~",
        "notes.txt:find the needlework here",
        "last line",
    ],
    "tqdm": [f" 100%|{'█' * 10}| 100/100 [00:04<00:00, 25.00it/s]", "loss 0.25"],
    "crlf": ["alpha done", "beta done", "gamma failed", "KeyError"],
    "tabs-wide": [
        "name\tvalue\tx",
        "abcdefg\t1\tx",
        "名前\t値\tx",
        "日本語名前\t値段\tx",
        "👍👍\t🎉\tx",
        "café\tnfd\tx",
    ],
    "nfd-text": ["one Müller café nfd", "two Müller café nfc", "three plain"],
    "sgr-forms": [
        "colon truecolour red end",
        "colon indexed red end",
        "curly under end",
        "underline colour under end",
        "five two hundred green on blue end",
        "bright white on red end",
        "overline over strike strike blink blink",
        "fonts font end",
        "empty red end",
        "hidden ␛[8msecret end",
        " 20% after",
    ],
    "tsv-copy": ["id\tname\tsize", "1\talpha\t300", "\tindented by a tab"],
    "paste-with-leading-newline": ["", "", "first line is empty in this paste"],
}
DRAWN = {
    "tabs-wide": [
        "name    value   x",
        "abcdefg 1       x",
        "名前    値      x",
        "日本語名前      値段    x",
        "👍👍    🎉      x",
        "café    nfd     x",
    ],
    "tqdm": [f" 100%|{'█' * 10}| 100/100 [00:04<00:00, 25.00it/s] ␍", "loss 0.25"],
    "sgr-forms": [*SHOWN["sgr-forms"][:-1], " 20% after ␍"],
    "tsv-copy": ["id      name    size", "1       alpha   300", "        indented by a tab"],
}
SEARCHES = [
    ("crlf", "(?:done|failed)$", [0, 1, 2]),
    ("crlf", r"^\w+Error$", [3]),
    ("nfd-text", "Müller", [0, 1]),
    ("nfd-text", "Mu\u0308ller caf[e\u0301é]", [0, 1]),
    ("nfd-text", "M.ller café", [0, 1]),
    ("gcc-erase-in-line", "app.c:7:12: error: 'nmae'", [0]),
    ("gcc-erase-in-line", "needlework", [3]),
    ("tqdm", "epoch 1|95/100", []),
    ("tqdm", r"100/100 .*it/s\]$", [0]),
    ("tsv-copy", r"1\talpha", [1]),
    ("colour-over-lines", "^second line .* block$", [2]),
]


def filled(case: str) -> LogBuffer:
    bodies = (CASES / f"{case}.txt").read_bytes().decode().removesuffix("\n").split("\n")
    buffer = LogBuffer()
    buffer.extend([LogLine(str(number), body) for number, body in enumerate(bodies)])
    return buffer


@pytest.mark.parametrize("case", SHOWN)
def test_what_is_shown_is_what_is_searched_saved_copied_printed_and_compared(case: str) -> None:
    buffer = filled(case)
    (segment,) = buffer.snapshot()
    drawn = DRAWN.get(case, SHOWN[case])
    terminal = TerminalLines(color=False)
    layouts = LayoutCache(buffer)
    saved = b"".join(format_log(buffer.snapshot(), TextFormat.PLAIN)).decode()
    viewport = LogViewport(buffer)
    for index, text in enumerate(SHOWN[case]):
        (line,) = layouts.get(index).lines
        assert line.text(0, line.width) == drawn[index]
        assert line.head(1000) == line.shown_text(0, line.width) == text
        assert terminal.line(buffer.entry(index).body) == drawn[index]
        assert not text or index in scan_segment(
            segment, [Matcher(SearchQuery(text, literal=True))]
        )
    assert saved.split("\n")[:-1] == all_text(viewport).text.split("\n") == SHOWN[case]
    assert normalized_lines(segment) == list(map(normalize, SHOWN[case]))


@pytest.mark.parametrize("case", SHOWN)
def test_a_raw_log_is_what_the_job_printed(case: str) -> None:
    raw = b"".join(format_log(filled(case).snapshot(), TextFormat.RAW))
    assert raw == (CASES / f"{case}.txt").read_bytes()


@pytest.mark.parametrize(("case", "pattern", "found"), SEARCHES)
def test_a_search_finds_what_is_shown(case: str, pattern: str, found: list[int]) -> None:
    (segment,) = filled(case).snapshot()
    assert list(scan_segment(segment, [Matcher(SearchQuery(pattern))])) == found


@pytest.mark.parametrize(
    ("case", "colours"),
    [
        ("colour-over-lines", [None, 1, 1, 1, None]),
        ("colour-never-reset", [2, 2, 2]),
    ],
)
def test_colour_over_lines_is_shown_and_printed(case: str, colours: list[int | None]) -> None:
    buffer, terminal = filled(case), TerminalLines(color=True)
    layouts = LayoutCache(buffer)
    for index, color in enumerate(colours):
        (segment,) = layouts.get(index).lines[0].slice(0, 80)
        assert segment.pen == (DEFAULT_PEN if color is None else Pen(color=color))
        printed = terminal.line(buffer.entry(index).body)
        text = SHOWN[case][index]
        assert printed == (text if color is None else f"\x1b[3{color}m{text}\x1b[0m")


def test_colour_is_known_in_the_middle_of_a_log() -> None:
    before = filled("colour-over-lines").regions_before(3, MAX_LINES)
    assert carried_pen(before) == Pen(color=1)
