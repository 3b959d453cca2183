"""Which parts of the title bar give way where it is narrow, without a screen."""

import pytest
from msgspec.structs import replace

from nodion_tui.ui.chrome.title_bar import TitleBar, TitleText
from nodion_tui.ui.paint.styled_row import row_text, row_width

TITLE = TitleText(
    profile="demo",
    project="127.0.0.1:40633",
    runners=9,
    running=2,
    pending=1,
    failed_today=12,
    overdue=1,
    freshness="up to date",
    health="good",
    clock="09:50:22",
)


@pytest.mark.parametrize(
    ("columns", "there", "gone"),
    [
        (160, "9 runners   ● 2 running   ◌ 1 pending   ✗ 12 failed today", "…"),
        (125, "● 2 running   ◌ 1 pending   ✗ 12 failed today   ◷ 1 overdue", "runners"),
        (110, "● 2 running   ✗ 12 failed   ◷ 1 overdue", "today"),
    ],
)
def test_the_number_of_runners_gives_way_before_what_the_failures_are(
    columns: int, there: str, gone: str
) -> None:
    bar = TitleBar()
    bar._contents = TITLE
    text = row_text(bar.pieces(columns))
    assert row_width(bar.pieces(columns)) == columns
    assert there in text
    assert gone not in text


@pytest.mark.parametrize(
    ("columns", "there"),
    [
        (64, "○ unreachable since 10:54:01 · retry in 2 s"),
        (40, "○ unreachable since 10:54"),
        (34, "○ unreachable"),
    ],
)
def test_a_narrow_window_tells_of_an_outage_in_fewer_words(columns: int, there: str) -> None:
    bar = TitleBar()
    bar._contents = replace(
        TITLE,
        profile="production",
        freshness="unreachable since 10:54:01 · retry in 2 s",
        short_freshness="unreachable since 10:54",
        health="trouble",
    )
    text = row_text(bar.pieces(columns))
    assert len(text) <= columns
    assert there in text
    assert ("…" in text) == (columns < 40)
