from nodion_tui.monitor.log.folds.fold import Fold, FoldKind
from nodion_tui.monitor.log.folds.repeats import find_repeats

LINES = ["a", "b", "b", "b", "b", "c", "c"]


def test_equal_lines_in_a_row_fold_from_any_of_them() -> None:
    folds = [find_repeats(LINES.__getitem__, index, range(7)) for index in range(7)]
    assert folds == [None, *[Fold(1, 5, FoldKind.REPEATS)] * 4, None, None]
    assert find_repeats(LINES.__getitem__, 3, range(2, 5)) == Fold(2, 5, FoldKind.REPEATS)
