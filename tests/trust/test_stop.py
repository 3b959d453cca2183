"""Stop, pressed repeatedly: one dialog, one request, and the state of the service."""

from nodion_tui.config import Profile, Secret
from nodion_tui.ui.stop.dialog import StopDialog
from tests.support.hostile import Exchange, HostileServer
from tests.support.onscreen import on_screen


async def stop_without_answer(exchange: Exchange) -> None:
    """Stops the run, but the answer is lost."""
    exchange.server.finish()
    exchange.keep = False


async def endless(exchange: Exchange) -> None:
    await exchange.head()
    await exchange.lines(exchange.after)
    await exchange.silence()


async def test_five_key_presses_open_one_dialog_and_send_one_request() -> None:
    async with HostileServer(20, exit_code=137) as server:
        server.always("stream", endless)
        server.always("stop", stop_without_answer)
        profile = Profile(name="test", api_url=server.url, key=Secret("key"))
        async with on_screen(profile) as screen:
            await screen.sees("line 19", "● running")
            await screen.press(*"XXXXX")
            dialogs = [item for item in screen.app.screen_stack if isinstance(item, StopDialog)]
            assert len(dialogs) == 1
            await screen.press("tab", "enter")
            await screen.sees("✗ failed", "exit code 137")
            await screen.press(*"XXXXX")
            assert not isinstance(screen.app.screen, StopDialog)
            assert server.count("stop") == 1
