from nodion_tui.ui.log.viewport.viewport import LogViewport
from tests.support.loglines import buffer_of, log_lines

SECTION = ["a", "##[group]Run", *["wait"] * 4, "b", "##[endgroup]", "c"]


def visible(viewport: LogViewport) -> list[int]:
    return [viewport.entries.index_at(position) for position in range(len(viewport.entries))]


def test_equal_lines_that_come_join_those_that_are_folded() -> None:
    buffer = buffer_of(["start", *["wait"] * 3])
    viewport = LogViewport(buffer)
    assert viewport.toggle_fold(2)
    assert visible(viewport) == [0, 1]
    buffer.extend(log_lines(["wait", "wait", "go", "wait"], first=4))
    viewport.sync()
    assert visible(viewport) == [0, 1, 6, 7]
    assert len(viewport.layouts.folded[1].hidden) == 4


def test_long_lines_that_differ_at_their_end_are_not_equal() -> None:
    viewport = LogViewport(buffer_of(["x" * 2000 + str(number) for number in range(5)]))
    assert not viewport.toggle_fold(2)


def test_what_lies_in_two_folds_is_shown_again_at_once() -> None:
    viewport = LogViewport(buffer_of(SECTION))
    assert viewport.toggle_fold(3)
    assert viewport.toggle_fold(6)
    assert visible(viewport) == [0, 1, 8]
    assert viewport.unfold(4)
    assert visible(viewport) == [*range(9)]


def test_a_line_that_can_be_expanded_folds_nothing_but_its_own_section() -> None:
    viewport = LogViewport(buffer_of(SECTION))
    assert not viewport.toggle_fold(4, expandable=True)
    assert not viewport.toggle_fold(6, expandable=True)
    assert viewport.toggle_fold(1, expandable=True)
    assert visible(viewport) == [0, 1, 8]
