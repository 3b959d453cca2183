from datetime import UTC, datetime, timedelta

import pytest

from nodion_tui.model.log_line import LogLine
from nodion_tui.monitor.log.buffer import LogBuffer
from nodion_tui.monitor.log.search.visible_rows import RangeRows
from nodion_tui.ui.log.render.display_options import DisplayOptions, TimestampMode
from nodion_tui.ui.log.render.time_column import TimeColumn
from nodion_tui.ui.log.screen_rows import Annotations, screen_rows
from nodion_tui.ui.log.viewport.day_rows import DAY_ROW
from nodion_tui.ui.log.viewport.row_window import EntryRow
from nodion_tui.ui.log.viewport.viewport import LogViewport
from tests.support.log_styles import LOOK

EVENING = datetime(2026, 1, 15, 23, 59, 58, tzinfo=UTC)
DATE = "── Fri 2026-01-16 ──"
SECOND = timedelta(seconds=1)


def opened(count: int, *, height: int = 4, mode: TimestampMode = TimestampMode.UTC) -> LogViewport:
    """A viewport on lines of one second each; midnight is before the third."""
    buffer = LogBuffer()
    buffer.extend(
        [
            LogLine(id=f"{number}", body=f"line {number}", created_at=EVENING + number * SECOND)
            for number in range(count)
        ]
    )
    viewport = LogViewport(buffer, DisplayOptions(timestamps=mode))
    viewport.days.set_column(
        TimeColumn(mode=mode, started_at=buffer.started_at, newest_at=buffer.newest_at)
    )
    viewport.set_size(40, height)
    return viewport


def shown(viewport: LogViewport) -> list[str]:
    return [
        "".join(segment.text for segment in row.segments)
        for row in screen_rows(viewport, Annotations(), LOOK)
    ]


def test_a_line_of_its_own_where_the_day_changes() -> None:
    viewport = opened(6, height=10)
    assert shown(viewport) == ["line 0", "line 1", DATE, "line 2", "line 3", "line 4", "line 5"]


@pytest.mark.parametrize("mode", [TimestampMode.ELAPSED, TimestampMode.OFF])
def test_no_date_without_times_of_day(mode: TimestampMode) -> None:
    assert DATE not in shown(opened(6, height=10, mode=mode))


def test_following_keeps_the_newest_line_at_the_bottom() -> None:
    viewport = opened(5)
    assert shown(viewport) == [DATE, "line 2", "line 3", "line 4"]
    viewport.scroll(-1)
    assert shown(viewport) == ["line 1", DATE, "line 2", "line 3"]


def test_a_filter_shows_the_date_where_its_lines_have_different_ones() -> None:
    viewport = opened(8, height=10)
    rows = RangeRows()
    rows.add(1, 2)
    rows.add(5, 7)
    viewport.entries.filter(rows)
    viewport.sync()
    assert shown(viewport) == ["line 1", DATE, "line 5", "line 6"]


def test_another_format_of_times_takes_the_date_away_from_the_page() -> None:
    viewport = opened(5)
    assert viewport.days.set_column(TimeColumn(mode=TimestampMode.ELAPSED))
    viewport.sync()
    assert shown(viewport) == ["line 1", "line 2", "line 3", "line 4"]


def test_every_row_is_reached_in_either_direction() -> None:
    viewport = opened(6, height=10)
    rows = viewport.visible_rows()
    assert rows[2] == EntryRow(2, DAY_ROW)
    for number, row in enumerate(rows):
        for further, other in enumerate(rows[number:]):
            assert viewport.below(row, further) == other
            assert viewport.above(other, further) == row


def test_the_cursor_passes_over_the_date() -> None:
    viewport = opened(6)
    viewport.to_start()
    cursors = []
    for _ in range(5):
        cursors.append(viewport.cursor)
        viewport.move_cursor(1)
    assert cursors == [0, 1, 2, 3, 4]
    while viewport.cursor:
        viewport.move_cursor(-1)
    assert shown(viewport) == ["line 0", "line 1", DATE, "line 2"]
