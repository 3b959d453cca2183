"""The border of a log: whole texts, or an ellipsis."""

import pytest
from textual.app import App, ComposeResult

from nodion_tui.ui.log.border import BorderText, LogBorder


class BorderApp(App[None]):
    """An app with only a border."""

    def compose(self) -> ComposeResult:
        yield LogBorder("top")


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("two runs", "╭ two runs ╮"),
        ("two runs.", "╭ two runs.╮"),
        ("three runs", "╭ three ru…╮"),
        ("1234567日本", "╭ 1234567… ╮"),
    ],
)
async def test_a_text_that_is_cut_ends_with_an_ellipsis(text: str, row: str) -> None:
    app = BorderApp()
    async with app.run_test(size=(12, 1)):
        border = app.query_one(LogBorder)
        border.set_text((BorderText(text, "title"),))
        assert border.render_line(0).text == row


@pytest.mark.parametrize(
    ("columns", "row"), [(20, "╭ 3 of 4 as sent ──╮"), (15, "╭ 3 of 4 ─────╮")]
)
async def test_an_optional_text_is_whole_or_left_out(columns: int, row: str) -> None:
    app = BorderApp()
    async with app.run_test(size=(columns, 1)):
        border = app.query_one(LogBorder)
        border.set_text((BorderText("3 of 4"), BorderText(" as sent", is_optional=True)))
        assert border.render_line(0).text == row
