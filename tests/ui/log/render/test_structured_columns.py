"""Abbreviated forms of structured lines."""

import pytest

from nodion_tui.monitor.log.line.pen import DEFAULT_PEN
from nodion_tui.ui.log.render.line_forms import one_row_form

LINE = '{"time":"2026-01-02T03:04:05Z","level":"%s","msg":"ready","port":80}'


@pytest.mark.parametrize(
    ("timed", "text"), [(True, "ready port=80"), (False, "2026-01-02T03:04:05Z")]
)
def test_the_time_of_a_structured_line_is_not_shown_twice(*, timed: bool, text: str) -> None:
    line, _ = one_row_form(LINE % "info", DEFAULT_PEN, pretty=True, timed=timed)
    assert text in line.text(0, 100)
    assert ("2026" in line.text(0, 100)) != timed


def test_levels_of_structured_lines_have_one_width() -> None:
    lines = [
        one_row_form(LINE % level, DEFAULT_PEN, pretty=True, timed=True)[0]
        for level in ("info", "WARNING")
    ]
    columns = [line.text(0, 100).index("ready") for line in lines]
    assert len(set(columns)) == 1


def test_a_line_of_nothing_but_a_time_keeps_it() -> None:
    line, _ = one_row_form('{"time":"2026-01-02T03:04:05Z"}', DEFAULT_PEN, pretty=True, timed=True)
    assert "2026" in line.text(0, 100)
