"""Stop, pressed in anger: one question, one request, and the state that the service has."""

from nodion_tui.config import Profile, Secret
from nodion_tui.ui.stop.dialog import StopDialog
from tests.support.hostile import Exchange, HostileServer
from tests.support.onscreen import on_screen


async def stopped_but_mute(exchange: Exchange) -> None:
    """It takes effect, and the answer is lost."""
    exchange.server.finish()
    exchange.keep = False


async def endless(exchange: Exchange) -> None:
    await exchange.head()
    await exchange.lines(exchange.after)
    await exchange.silence()


async def test_pressed_five_times_it_asks_once_and_shows_what_is() -> None:
    async with HostileServer(20, exit_code=137) as server:
        server.always("stream", endless)
        server.always("stop", stopped_but_mute)
        profile = Profile(name="anger", api_url=server.url, key=Secret("key"))
        async with on_screen(profile) as screen:
            await screen.sees("line 19", "● running")
            await screen.press(*"XXXXX")
            dialogs = [each for each in screen.app.screen_stack if isinstance(each, StopDialog)]
            assert len(dialogs) == 1
            await screen.press("tab", "enter")
            await screen.sees("✗ failed", "exit code 137")
            await screen.press(*"XXXXX")
            assert not isinstance(screen.app.screen, StopDialog)
            assert server.count("stop") == 1
