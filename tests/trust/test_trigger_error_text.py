"""A trigger answered by a server error: its text is shown without markup."""

from nodion_tui.config import Profile, Secret
from nodion_tui.ui.commands.dispatch import dispatch
from tests.support.keys import command_of, handled, press
from tests.support.onscreen import on_screen
from tests.trust.hostile_text import MARKUP_PROBES
from tests.trust.test_every_command import check
from tests.trust.test_server_text import hostile, says


async def test_the_text_of_a_server_error_is_not_markup() -> None:
    async with hostile(MARKUP_PROBES) as server:
        server.always("trigger", says(500, {"error": f"W:{''.join(MARKUP_PROBES)}"}))
        profile = Profile(name="hostile", api_url=server.url, key=Secret("key"))
        async with on_screen(profile, size=(120, 40)) as screen:
            await screen.sees("R00:", "the service reports")
            dispatch(screen.app.screen, command_of("run.trigger"))
            await handled(screen.pilot)
            await press(screen.pilot, "ctrl+j")
            await screen.sees("Was it started?", f"W:{''.join(MARKUP_PROBES)[:24]}")
            check(screen, "a trigger without an answer")
