"""The row under the wall: whole facts, as many as fit."""

from nodion_tui.ui.wall.status_bar import WallStats, WallStatusBar


def test_facts_that_do_not_fit_are_left_out() -> None:
    bar = WallStatusBar()
    bar._stats = WallStats(running=2, first=0, shown=1, streamed=2)
    texts = ["".join(piece.text for piece in bar.pieces(columns)) for columns in (50, 40, 20)]
    assert texts == [
        " Wall · ● 2 running · tiles 1-1 of 2 · 2 live",
        " Wall · ● 2 running · tiles 1-1 of 2",
        " Wall · ● 2 running",
    ]
