"""What a person looks at stays, whatever comes late or goes."""

from nodion_tui.ui.log.open_log import LogViews, OpenLog
from nodion_tui.ui.log.render.display_options import DisplayOptions
from nodion_tui.ui.log.viewport.selection import Selection, TextPosition
from nodion_tui.ui.merged.run_labels import RunLabels
from tests.support.merged_writers import Merge


def shown(merge: Merge) -> OpenLog:
    log = LogViews().open(merge.log, None, DisplayOptions())
    log.viewport.set_size(60, 5)
    log.viewport.labels = RunLabels(merge.log.buffer, lambda: merge.log.sources, lambda: 80)  # type: ignore[arg-type,return-value]
    merge.log.subscribe_renumbering(log.renumber)
    return log


def body(log: OpenLog, index: int) -> str:
    return log.viewport.buffer.entry(index).body


def texts(log: OpenLog) -> list[str]:
    """The lines on the screen, from their layouts."""
    rows = log.viewport.visible_rows()
    return [log.viewport.row_slice(row).line.shown_text(0, 60) for row in rows]


def test_cursor_marks_and_selection_stay_at_their_lines() -> None:
    merge = Merge("a", "b")
    log = shown(merge)
    merge.writers["a"].write(*range(0, 40, 2))
    merge.after(1)
    log.sync()
    log.viewport.go_to(10)
    merge.log.buffer.bookmarks = {4, 12}
    log.annotations.selection = Selection(TextPosition(6), TextPosition(8), whole_lines=True)
    before = texts(log)
    merge.writers["b"].write(3, 5, 7)
    merge.after(1)
    assert texts(log) == before
    assert body(log, log.viewport.cursor) == "a 10"
    assert {body(log, index) for index in merge.log.buffer.bookmarks} == {"a 4", "a 12"}
    selection = log.annotations.selection
    assert (body(log, selection.start.index), body(log, selection.stop.index - 1)) == ("a 6", "a 8")
    assert log.viewport.labels.is_late(log.viewport.buffer.first + 2)
    merge.log.set_hidden(merge.sources["b"], hidden=True)
    assert body(log, log.viewport.cursor) == "a 10"
    assert texts(log) == before


def test_a_label_has_the_short_name_of_the_run_and_its_colour() -> None:
    merge = Merge("Nightly database backup e5f6a7b8", "etl 12345678")
    merge.writers["etl 12345678"].write(1)
    merge.writers["Nightly database backup e5f6a7b8"].write(2)
    merge.after(1)
    log = shown(merge)
    labels = log.viewport.labels
    first, second = (labels.label(index, 0)[0] for index in range(2))
    assert first.text.rstrip() == "etl 12345678"
    assert second.text.rstrip().endswith("… e5f6")
    assert len(first.text) == len(second.text) == labels.width - 2
    assert first.role is not second.role
