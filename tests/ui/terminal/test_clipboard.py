from textual.app import App

from nodion_tui.ui.terminal import clipboard


async def test_as_much_as_a_terminal_takes_is_sent() -> None:
    app = App[None]()
    async with app.run_test():
        text = "é" * (clipboard.MAX_BYTES // 2)
        assert clipboard.copy(app, text)
        assert app.clipboard == text


async def test_more_is_not_sent_and_that_is_said() -> None:
    app = App[None]()
    async with app.run_test() as pilot:
        assert not clipboard.copy(app, "é" * (clipboard.MAX_BYTES // 2) + "x")
        await pilot.pause()
        assert app.clipboard == ""
        (said,) = app._notifications
        assert said.message.startswith("102,401 bytes exceed the terminal clipboard limit")
