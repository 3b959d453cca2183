"""The colour of a line and the jumps to errors agree."""

from pathlib import Path

from nodion_tui.model.log_line import LogLine
from nodion_tui.monitor.log.line.pen import DEFAULT_PEN
from nodion_tui.monitor.log.search.error_jumps import error_lines
from nodion_tui.monitor.log.segment import pack_segment
from nodion_tui.ui.log.render.line_forms import one_row_form
from nodion_tui.ui.log.render.line_text import TextRole

TABLE = Path(__file__).parents[3] / "monitor" / "log" / "levels" / "lines.tsv"
ROLES = {"error": TextRole.ERROR, "warn": TextRole.WARNING, "none": TextRole.TEXT}


def test_jumps_find_exactly_the_lines_in_the_colour_of_errors() -> None:
    rows = [line.split("\t", 1) for line in TABLE.read_text("utf-8").splitlines()]
    bodies = [body for _, body in rows] + [f"\x1b[1m{body}\x1b[0m" for _, body in rows]
    for pretty in (True, False):
        roles = [one_row_form(body, DEFAULT_PEN, pretty=pretty)[1] for body in bodies]
        assert roles[: len(rows)] == [ROLES[expected] for expected, _ in rows]
        segment = pack_segment(0, [LogLine("1", body) for body in bodies], (), None)
        errors = [index for index, role in enumerate(roles) if role is TextRole.ERROR]
        assert list(error_lines(segment)) == errors
