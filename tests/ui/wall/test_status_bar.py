"""The row under the wall: whole facts, as many as fit."""

from nodion_tui.ui.wall.status_bar import WallStats, WallStatusBar


def test_facts_that_do_not_fit_are_left_out() -> None:
    bar = WallStatusBar()
    bar._stats = WallStats(running=2, first=0, shown=1, streamed=1)
    texts = ["".join(piece.text for piece in bar.pieces(columns)) for columns in (52, 40, 20)]
    assert texts == [
        " Wall · ● 2 running · tile 1 of 2 · 1 live on screen",
        " Wall · ● 2 running · tile 1 of 2",
        " Wall · ● 2 running",
    ]
    bar._stats = WallStats(running=4, ended=1, first=2, shown=2, streamed=2)
    text = "".join(piece.text for piece in bar.pieces(80))
    assert text == " Wall · ● 4 running · 1 ended · tiles 3-4 of 5 · 2 live on screen"
    bar._stats = WallStats(running=2, shown=2, streamed=2)
    assert "".join(piece.text for piece in bar.pieces(80)) == " Wall · ● 2 running · 2 live"
