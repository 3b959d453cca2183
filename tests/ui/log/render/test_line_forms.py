import pytest

from nodion_tui.monitor.log.line.pen import DEFAULT_PEN, Pen
from nodion_tui.ui.log.render.line_forms import expanded_form, is_expandable, one_row_form
from nodion_tui.ui.log.render.line_text import TextRole


@pytest.mark.parametrize(
    ("body", "rows"),
    [
        ("10%\r 50%\r100%\r\n", ["10%", " 50%", "100%"]),
        ("load\x1b[2K\x1b[1Gdone", ["load", "done"]),
        ("a\r|\b/\b-", ["a", "|␈/␈-", "- ␍"]),
        ('\x1b[36m{"a":1}\x1b[0m\r', ["{", '  "a": 1', "}"]),
        ('web-1  | {"a":1}', ["web-1  | {", '  "a": 1', "}"]),
    ],
)
def test_enter_shows_what_one_row_does_not(body: str, rows: list[str]) -> None:
    assert is_expandable(body)
    assert [line.text(0, 80) for line in expanded_form(body)] == rows


@pytest.mark.parametrize(
    "body", ["plain", "crlf\r\n", "N\bNA\bA", "\r100%", "x\r\x1b[K", "{", "web-1 | {a}"]
)
def test_a_line_that_hides_nothing_is_not_expandable(body: str) -> None:
    assert not is_expandable(body)


@pytest.mark.parametrize(
    ("body", "text", "role"),
    [
        ("\x1b[31mERROR\x1b[0m boom\r\n", "ERROR boom", TextRole.ERROR),
        ("E\bER\bRR\bRO\bOR\bR boom", "ERROR boom", TextRole.ERROR),
        ("ERROR: retrying\rINFO: done", "INFO: done ␍", TextRole.TEXT),
        ('\x1b[2m{"level":"warn","msg":"slow"}\x1b[0m', "warn    slow", TextRole.WARNING),
        (
            '\x1b[36mweb-1  |\x1b[0m {"level":"error","msg":"db down","t":7}',
            "web-1  | 7 error   db down",
            TextRole.ERROR,
        ),
        (
            '2026-11-28T12:00:00.123Z {"time":"12:00","level":"warn","msg":"slow","n":1}',
            "2026-11-28T12:00:00.123Z warn    slow n=1",
            TextRole.WARNING,
        ),
        ("web-1  | {not json}", "web-1  | {not json}", TextRole.TEXT),
        ("set {a} to {b}", "set {a} to {b}", TextRole.TEXT),
    ],
)
def test_the_level_is_that_of_what_is_shown(body: str, text: str, role: TextRole) -> None:
    line, line_role = one_row_form(body, DEFAULT_PEN, pretty=True)
    assert (line.text(0, 80), line_role) == (text, role)


def test_a_line_begins_in_the_colour_that_is_in_force() -> None:
    line, _ = one_row_form("red \x1b[0mplain", Pen(color=1), pretty=True)
    assert [segment.pen for segment in line.slice(0, 80)] == [Pen(color=1), DEFAULT_PEN]
