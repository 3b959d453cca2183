"""NodionApp: themes, screens, global commands, and whom it watches."""

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any, ClassVar

from rich.segment import Segments
from textual import work
from textual.app import App, SystemCommand
from textual.filter import LineFilter
from textual.screen import Screen

from nodion_tui.config import Profile, Secret
from nodion_tui.model.errors import NodionError
from nodion_tui.ui import errors
from nodion_tui.ui.commands import bindings
from nodion_tui.ui.guard import Guard
from nodion_tui.ui.held import Held
from nodion_tui.ui.messages import OpenRun
from nodion_tui.ui.modes import DASHBOARD, WALL_SECONDS, WALL_STREAMS, Modes
from nodion_tui.ui.palette import Palette
from nodion_tui.ui.plain import AsciiOnly
from nodion_tui.ui.screens.dashboard import DashboardScreen
from nodion_tui.ui.terminal import end_soon, is_gone
from nodion_tui.ui.theme import ASCII, DEFAULT_THEME, THEMES, UNICODE

if TYPE_CHECKING:
    from nodion_tui.monitor.monitor import Monitor

Connect = Callable[[], AbstractAsyncContextManager[Profile]]
"""Makes what has to be there before a profile can be watched (a key that a command gives, the
engine on this machine), gives the profile, and takes it down again."""


class NodionApp(App[None]):
    """The terminal monitor; `nodion_tui.ui.run.run` runs it and gives its exit code.

        NodionApp(profile)                          a profile with its key: watched at once
        NodionApp(profile, connect=with_its_key)    the profile that this context manager gives
        NodionApp(profile, connect=on_this_machine) the same, with the engine started in it
        NodionApp(profile, local=on_this_machine)   no key: the set-up screen, offering the engine

    `connect` is entered after the first paint, in the event loop, and left after the terminal is
    restored. A NodionError from it is told on the screen, which stays.

    Args:
        profile: what is known of the profile before `connect` gives it.
        connect: see above.
        connecting: what stands in the lists while `connect` is being entered.
        local: starts the engine on this machine, for the set-up screen.
        keep_key: keeps a key that was typed in the set-up screen; blocks, and gives the file.
        ascii_only: signs and frames of ASCII alone.
        theme: name of the theme.
        keys: command id → keys with commas between them, for commands that are rebound.
        requests_per_minute: the budget of polling; None is the monitor's default.
        max_log_bytes: memory for logs; None is the monitor's default.
        data_folder: where what was triggered from here is remembered; None remembers nothing.
        wall_streams: how many logs the wall streams at once.
        wall_seconds: how long a run that has ended stays on the wall.
    """

    TITLE = "nodion"
    DEFAULT_MODE = DASHBOARD
    # Textual 8.2 does not read the CSS_PATH of a first screen.
    CSS_PATH: ClassVar[list[str | PurePath]] = ["app.tcss", "screens/dashboard.tcss"]
    BINDINGS = bindings("app")
    COMMANDS = {Palette}  # noqa: RUF012 - Textual's own declaration says what it is

    def __init__(
        self,
        profile: Profile,
        *,
        connect: Connect | None = None,
        connecting: str = "Connecting …",
        local: Connect | None = None,
        keep_key: Callable[[Secret], Path] | None = None,
        ascii_only: bool = False,
        theme: str | None = None,
        keys: Mapping[str, str] | None = None,
        requests_per_minute: int | None = None,
        max_log_bytes: int | None = None,
        data_folder: Path | None = None,
        wall_streams: int = WALL_STREAMS,
        wall_seconds: float = WALL_SECONDS,
    ) -> None:
        super().__init__()
        self._profile = profile
        self._connect = connect
        self._connecting = connecting
        self._local = local
        self._keep_key = keep_key
        limits = {"requests_per_minute": requests_per_minute, "max_log_bytes": max_log_bytes}
        self._limits = {name: limit for name, limit in limits.items() if limit is not None}
        self._data_folder = data_folder
        self._held: Held[Profile] | None = None
        self._monitor: Monitor | None = None
        self._gates: list[LineFilter] = [Guard(), AsciiOnly()] if ascii_only else [Guard()]
        self.keys = dict(keys or {})
        """Command id → keys, for commands that are rebound."""
        self.glyphs = ASCII if ascii_only else UNICODE
        for each in THEMES:
            self.register_theme(each)
        self.theme = theme if theme in self.available_themes else DEFAULT_THEME
        if "TEXTUAL_ANIMATIONS" not in os.environ:
            self.animation_level = "none"
        self.dashboard = DashboardScreen(self.glyphs, self.keys, waiting=connecting)
        wall = {"streams": wall_streams, "grace": wall_seconds}
        looks = {"glyphs": self.glyphs, "keymap": self.keys}
        self.modes = Modes(self, self.dashboard, {"timeline": looks, "wall": looks | wall})

    def get_default_screen(self) -> Screen[Any]:
        """Textual: the first screen."""
        return self.dashboard

    def on_mount(self) -> None:
        """Textual: after the first paint, connect or ask for a key."""
        self.set_keymap(self.keys)
        self.app_resume_signal.subscribe(self, lambda _: self.refresh(layout=True))
        if not self.is_headless and not is_gone():
            self.set_interval(1.0, self._look_at_terminal)
        self.call_after_refresh(self._begin)

    def watch_profile(self, profile: Profile) -> None:
        """Watch another profile; nothing of the one before stays."""
        self._profile, self._connect = profile, None
        self._connecting = "Connecting …"
        self._watch()

    def watch_local(self) -> None:
        """Start the engine on this machine and watch it."""
        self._connect = self._local
        self._connecting = "Starting the engine on this machine …"
        self._watch()

    async def aclose(self) -> None:
        """Take down what was connected; after the terminal is restored."""
        monitor, self._monitor = self._monitor, None
        held, self._held = self._held, None
        if monitor is not None:
            await monitor.aclose()
        if held is not None:
            await held.leave()

    def action_help(self) -> None:
        """Show every key."""
        if not self.is_screen_installed("help"):
            from nodion_tui.ui.screens.help import HelpScreen  # noqa: PLC0415 - after the first paint

            self.install_screen(HelpScreen(self.keys), "help")
        self.push_screen("help")

    async def action_dashboard(self) -> None:
        """Show the dashboard."""
        await self.modes.show(DASHBOARD)

    async def action_timeline(self) -> None:
        """Show the runs of all runners as bars."""
        await self.modes.show("timeline")

    async def action_wall(self) -> None:
        """Show the logs of all running runs."""
        await self.modes.show("wall")

    async def on_open_run(self, message: OpenRun) -> None:
        """A mode wants a run in the dashboard."""
        run = self._monitor.runs.run(message.key) if self._monitor else None
        await self.modes.show(DASHBOARD)
        if run is None:
            self.notify("The service lists this run no more.", timeout=4)
        else:
            self.dashboard.show_run(run)

    async def action_back(self) -> None:
        """One level back; quits at the root."""
        if len(self.screen_stack) > 1:
            await self.screen.dismiss()
        elif self.current_mode != DASHBOARD:
            await self.modes.show(DASHBOARD)
        else:
            self.exit()

    def action_interrupt(self) -> None:
        """Copy what is selected; else say how to quit, for many fingers expect that here."""
        selected = self.screen.get_selected_text()
        if selected:
            self.copy_to_clipboard(selected)
            self.notify(f"Sent {len(selected):,} characters to the clipboard", timeout=3)
        else:
            self.notify("q goes back and quits, ctrl+q quits", timeout=3)

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Textual: what every line passes before it reaches the terminal."""
        return (*super().get_line_filters(), *self._gates)

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """Textual: none of its own; `Palette` has all of ours."""
        del screen
        return ()

    def _begin(self) -> None:
        if self._connect is None and self._profile.key is None:
            self._set_up()
        else:
            self._watch()

    @work(group="set-up", exclusive=True)
    async def _set_up(self) -> None:
        # Only a first start needs it, and none of it before the first paint.
        from nodion_tui.ui.screens.setup import Offer, SetupScreen  # noqa: PLC0415

        offer = Offer(engine=self._local is not None, keep_key=self._keep_key)
        chosen = await self.push_screen_wait(SetupScreen(self._profile, self.glyphs, offer))
        if chosen is None:
            self.exit()
        elif chosen.key is None:
            self.watch_local()
        else:
            self.watch_profile(chosen)

    @work(group="monitor", exclusive=True)
    async def _watch(self) -> None:
        from nodion_tui.monitor.monitor import Monitor  # noqa: PLC0415 - after the first paint

        self.dashboard.detach(self._connecting)
        self.modes.detach(self._connecting)
        await self.aclose()
        try:
            profile = await self._connected()
            self._monitor = Monitor(profile, data_folder=self._data_folder, **self._limits)
            self.dashboard.attach(self._monitor)
            self.modes.attach(self._monitor)
            await self._monitor.run()
        except NodionError as error:
            self.dashboard.detach(errors.sentence(error))
            self.modes.detach(errors.sentence(error))

    async def _connected(self) -> Profile:
        if self._connect is None:
            return self._profile
        self._held = Held(self._connect)
        return await self._held.enter()

    def _look_at_terminal(self) -> None:
        if is_gone():
            end_soon(129)
            self.exit(return_code=129)

    def _fatal_error(self) -> None:
        """Textual's crash report shows the locals of every frame, which may hold secrets."""
        from rich.traceback import Traceback  # noqa: PLC0415 - with all of pygments

        self.bell()
        report = Traceback(show_locals=False, width=None)
        self._exit_renderables.append(Segments(self.console.render(report, self.console.options)))
        self._close_messages_no_wait()
