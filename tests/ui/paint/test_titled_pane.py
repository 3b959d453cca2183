"""The title of a pane says as much as fits."""

from textual.app import App, ComposeResult

from nodion_tui.ui.paint.theme import DEFAULT_THEME, THEMES
from nodion_tui.ui.paint.titled_pane import TitledPane


class OnePane(App[None]):
    def on_mount(self) -> None:
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = DEFAULT_THEME

    def compose(self) -> ComposeResult:
        yield TitledPane()


async def test_of_several_titles_the_first_that_fits_is_shown() -> None:
    titles = (
        "Runs · Database backup, which is 1 of 9 · 168",
        "Runs · Database backup · 168",
        "168",
    )
    async with OnePane().run_test(size=(40, 10)) as pilot:
        pane = pilot.app.query_one(TitledPane)
        pane.set_titles(titles, ("20 differences · Esc back", "20 differences"))
        assert str(pane.border_title) == titles[1]
        assert str(pane.border_subtitle) == "20 differences · Esc back"
        pane.set_zoomed(zoomed=True)
        assert str(pane.border_title) == r"168 \[zoomed]"
        await pilot.resize_terminal(80, 10)
        assert str(pane.border_title) == rf"{titles[0]} \[zoomed]"
        await pilot.resize_terminal(12, 10)
        assert str(pane.border_title) == r"168 \[zoomed]", "what does not fit is cut"
