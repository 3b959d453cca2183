"""Runs are marked one by one or as a range, by keys that act on the run under the cursor."""

from operator import attrgetter

from nodion_tui.model.run import Run, RunKey
from nodion_tui.ui.dashboard.lists.list_cursor import ListCursor
from nodion_tui.ui.dashboard.lists.marked_rows import MarkedRows


class Marking:
    """Four runs, a cursor on the first, and the keys."""

    def __init__(self, *ids: str) -> None:
        self.cursor = ListCursor[Run](attrgetter("key"))
        self.cursor.items = [Run(id=each, runner_id="r", status="running") for each in ids]
        self.changes = 0
        self.marks = MarkedRows(self.cursor, lambda by: self.go(self.cursor.index + by), self.note)

    def go(self, index: int) -> None:
        self.cursor.move_to(index)

    def note(self) -> None:
        self.changes += 1

    @property
    def marked(self) -> list[str]:
        return sorted(key.run_id for key in self.marks.keys)


def test_marking_goes_to_the_next_run_and_stays_on_the_last() -> None:
    marking = Marking("a", "b", "c")
    for place in (1, 2, 2, 2):
        marking.marks.action_mark()
        assert marking.cursor.index == place
    assert marking.marked == ["a", "b"], "the last was marked and unmarked"
    assert marking.changes == 4


def test_a_range_has_both_ends_in_either_direction() -> None:
    for first, last in ((1, 3), (3, 1)):
        marking = Marking("a", "b", "c", "d")
        marking.go(first)
        marking.marks.action_mark_range()
        assert marking.marked == [marking.cursor.items[first].id]
        marking.go(last)
        marking.marks.action_mark_range()
        assert marking.marked == ["b", "c", "d"]
        assert marking.marks.anchor is None


def test_a_range_whose_start_has_gone_begins_anew() -> None:
    marking = Marking("a", "b", "c")
    marking.marks.action_mark_range()
    marking.cursor.items = marking.cursor.items[1:]
    marking.go(1)
    marking.marks.action_mark_range()
    assert marking.marked == ["a", "c"]
    assert marking.marks.anchor == marking.cursor.items[1].key


def test_in_an_empty_list_nothing_is_marked() -> None:
    marking = Marking()
    marking.marks.action_mark()
    marking.marks.action_mark_range()
    assert (marking.marked, marking.changes) == ([], 0)


def test_a_mark_is_taken_away_by_marking_again() -> None:
    marking = Marking("a", "b")
    for run_id in ("a", "b", "a"):
        marking.marks.toggle(RunKey("r", run_id))
    assert marking.marked == ["b"]
    assert marking.marks.clear()
    assert not marking.marks.clear()


def test_clearing_tells_whether_anything_was_marked() -> None:
    marking = Marking("a")
    assert marking.marks.clear() is False
    assert marking.changes == 0
    marking.marks.action_mark()
    assert marking.marks.clear() is True
    assert marking.changes == 2
    assert not marking.marks
