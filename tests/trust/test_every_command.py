"""Every command on hostile data: nothing breaks, and all text is sanitized."""

import pytest

from nodion_tui.config import Profile, Secret
from nodion_tui.model.run import RunKey
from nodion_tui.ui.commands.dispatch import dispatch
from nodion_tui.ui.commands.registry import COMMANDS
from nodion_tui.ui.session.messages import DASHBOARD
from tests.support.hostile import RUN_ID, RUNNER_ID, Exchange
from tests.support.keys import handled, press
from tests.support.onscreen import OnScreen, on_screen
from tests.trust.hostile_text import CONTROL_PROBES, MARKUP_PROBES
from tests.trust.test_fuzz import OBEYED
from tests.trust.test_server_text import hostile

OUT = frozenset({"app.quit", "app.suspend", "app.back", "run.open"})
"""Commands that leave the app."""
SCOPES = {
    DASHBOARD: {"app", "dashboard", "list", "runs", "log"},
    "timeline": {"timeline"},
    "wall": {"wall"},
}
SHOWN = {"log.copy": f"c  Command          'A0:{MARKUP_PROBES[0]}{MARKUP_PROBES[1]}"}
"""Command → text that shows that its dialog is open."""
PROBES = ("".join((*MARKUP_PROBES, *CONTROL_PROBES)),) * 3
"""All probes at once, so every selected item contains them."""


async def lost(exchange: Exchange) -> None:
    """Closes the connection without an answer."""
    exchange.keep = False


def check(screen: OnScreen, what: str) -> None:
    """Checks that the app is running and its output is sanitized."""
    strips = screen.app.screen._compositor.render_strips()
    unsanitized = [strip.text for strip in strips if OBEYED.search(strip.text)]
    assert not unsanitized, f"{what}: {unsanitized}"
    styles = [segment.style for strip in strips for segment in strip if segment.style]
    assert not any(style.link for style in styles), f"{what}: a link"
    assert not any("app.quit" in str(style.meta) for style in styles), f"{what}: an action"
    assert screen.app.is_running, what
    assert screen.app.return_code is None, what


async def close_all(screen: OnScreen, mode: str) -> None:
    """Closes all dialogs and returns to the mode."""
    app = screen.app
    while len(app.screen_stack) > 1:
        await app.screen.dismiss()
        await handled(screen.pilot)
    if app.current_mode != mode:
        await app.modes.show(mode)
        await handled(screen.pilot)
    monitor = app.watcher.monitor
    run = monitor.runs.run(RunKey(RUNNER_ID, RUN_ID)) if monitor else None
    if mode == DASHBOARD and run is not None:
        app.dashboard.show_run(run)  # the next command needs a run
        await handled(screen.pilot)


@pytest.mark.parametrize("mode", SCOPES)
async def test_every_command_works_with_hostile_text(mode: str) -> None:
    async with hostile(PROBES) as server:
        server.always("trigger", lost)
        profile = Profile(name=PROBES[0], api_url=server.url, key=Secret("key"))
        async with on_screen(profile, size=(120, 40)) as screen:
            await screen.sees("R00:", "the service reports")
            await close_all(screen, mode)
            for command in COMMANDS:
                if command.id in OUT or command.scope not in SCOPES[mode]:
                    continue
                dispatch(screen.app.screen, command)
                await handled(screen.pilot)
                if (shown := SHOWN.get(command.id)) is not None:
                    await screen.sees(shown)
                check(screen, command.id)
                if command.id == "run.trigger":
                    await press(screen.pilot, "ctrl+j")
                    await screen.sees("Was it started?")
                    check(screen, "a trigger without an answer")
                await close_all(screen, mode)
