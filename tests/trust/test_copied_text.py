"""Text copied from a hostile service is sanitized."""

import pytest

from nodion_tui.config import Profile, Secret
from nodion_tui.ui.commands.dispatch import dispatch
from tests.support.keys import command_of, handled, press
from tests.support.onscreen import OnScreen, on_screen
from tests.trust.test_every_command import PROBES
from tests.trust.test_fuzz import OBEYED
from tests.trust.test_server_text import hostile


async def copied(screen: OnScreen, what: str) -> str:
    app = screen.app
    run = app.dashboard.current_run
    assert run is not None
    assert OBEYED.search(run.id + "".join(run.argv))
    log = app.dashboard.log_slot.pane
    assert log is not None
    await screen.until(lambda: log.session is not None and log.session.key == run.key)
    if what == "run.copy_id":
        dispatch(app.screen, command_of(what))
    else:
        dispatch(app.screen, command_of("log.copy"))
        await handled(screen.pilot)
        await press(screen.pilot, what)
    await handled(screen.pilot)
    await screen.until(lambda: app.clipboard, what)
    return app.clipboard


@pytest.mark.parametrize("what", ["run.copy_id", "i", "c", "u"])
async def test_copied_text_of_a_run_is_sanitized(what: str) -> None:
    async with hostile(PROBES) as server:
        profile = Profile(name="hostile", api_url=server.url, key=Secret("key"))
        async with on_screen(profile, size=(160, 40)) as screen:
            await screen.sees("R00:", "the service reports")
            await press(screen.pilot, "tab")
            if what in {"run.copy_id", "i"}:
                await press(
                    screen.pilot, "j"
                )  # the newest run has a valid id and hostile arguments
            text = await copied(screen, what)
            assert not OBEYED.search(text.replace(" \\\n", " "))  # the curl command has line breaks
