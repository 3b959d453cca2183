"""Quits the program; what runs on an engine that is kept is asked about first."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Literal

from nodion_tui.model.errors import NodionError
from nodion_tui.model.run import RunKey
from nodion_tui.model.text.format import count
from nodion_tui.ui.session import error_text as errors
from nodion_tui.ui.session.unsent_starts import unsent_starts

if TYPE_CHECKING:
    from textual.app import App

    from nodion_tui.monitor.monitor import Monitor

_FOLLOW_SECONDS = 0.5
"""Seconds between looks at what is still running, while it is asked about."""
_NONE_LEFT = "none left"
"""Closes the question: nothing is left to ask about, so the program quits, as it was told to."""


class QuitFlow:
    """Exits at once, or asks what becomes of running runs.

    Args:
        app: shows the question, and exits.
        monitor: returns what is watched, if anything is.
        leave_running: lets the engine stay until its runs have ended, or raises NodionError.
    """

    def __init__(
        self,
        app: "App[Any]",
        monitor: "Callable[[], Monitor | None]",
        leave_running: Callable[[], None],
    ) -> None:
        self._app = app
        self._monitor = monitor
        self._leave_running = leave_running
        self._stage: Literal["watching", "asking", "stopping"] = "watching"

    def action_quit(self) -> None:
        """Exit, or ask; a second request does not ask again, and does not wait for stops."""
        unsent = unsent_starts(self._app)
        if unsent and self._stage == "watching":
            self._app.run_worker(self._ask_about_unsent(unsent), group="quit")
        else:
            self._quit()

    def _quit(self) -> None:
        monitor = self._monitor()
        runs = _runs_that_would_end(monitor)
        if monitor is None or not runs or self._stage == "stopping":
            self._app.exit()
        elif self._stage == "watching":
            self._app.run_worker(self._ask(monitor), group="quit")

    async def _ask_about_unsent(self, number: int) -> None:
        from nodion_tui.ui.dialogs.menu import Menu, MenuEntry  # noqa: PLC0415 - at the end

        entries = (
            MenuEntry("c", "stay", "Stay in the dashboard"),
            MenuEntry("q", "quit", "Quit", "they are not started"),
        )
        self._stage = "asking"
        title = f"{count(number, 'run')} not sent yet"
        chosen = await self._app.push_screen_wait(Menu(title, entries))
        self._stage = "watching"
        if chosen == "quit":
            self._quit()

    def leave_for_other_profile(self) -> None:
        """Leave runs running, as another profile is about to be watched."""
        if _runs_that_would_end(self._monitor()):
            self._leave()

    async def _ask(self, monitor: "Monitor") -> None:
        from nodion_tui.monitor.runs.bulk_stop import stop_runs  # noqa: PLC0415 - at the end
        from nodion_tui.ui.dialogs.menu import Menu, MenuEntry  # noqa: PLC0415 - at the end

        entries = (
            MenuEntry("l", "leave", "Leave them running", "the engine ends after the last one"),
            MenuEntry("s", "stop", "Stop them", "canceled; logs stay"),
            MenuEntry("c", "stay", "Stay in the dashboard"),
        )
        self._stage = "asking"
        menu = Menu(_question(monitor), entries)

        def follow() -> None:
            # An engine that does not answer may still have its runs.
            if monitor.poller.outage is None:
                if _runs_that_would_end(monitor):
                    menu.retitle(_question(monitor))
                elif menu.is_open:
                    menu.dismiss(_NONE_LEFT)

        timer = self._app.set_interval(_FOLLOW_SECONDS, follow)
        chosen = await self._app.push_screen_wait(menu)
        timer.stop()
        self._stage = "watching"
        if chosen == _NONE_LEFT:
            self._app.exit()
        elif chosen == "stop":
            self._stage = "stopping"
            # What fails to stop ends with the engine.
            await stop_runs(
                _runs_that_would_end(monitor), monitor.run_control.stop, lambda *_: None
            )
            self._app.exit()
        elif chosen == "leave" and self._leave():
            self._app.exit()

    def _leave(self) -> bool:
        """Leave runs running; says so and returns False if that fails."""
        try:
            self._leave_running()
        except NodionError as error:
            errors.toast(self._app, error)
            return False
        return True


def _question(monitor: "Monitor") -> str:
    return f"Quit? {count(len(_runs_that_would_end(monitor)), 'run')} still running here"


def _runs_that_would_end(monitor: "Monitor | None") -> Sequence[RunKey]:
    """The unfinished runs of an engine that this program keeps, as far as it can be reached."""
    if monitor is None or monitor.profile.engine != "kept" or monitor.poller.outage is not None:
        return ()  # an engine is never one of several accounts
    return tuple(monitor.runs.active)
