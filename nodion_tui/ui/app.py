"""The Textual app: themes, screens, global commands, and the profile that is watched."""

import gc
import os
from collections.abc import Iterable
from functools import partial
from pathlib import Path, PurePath
from typing import Any, ClassVar

from textual import events, work
from textual.app import SystemCommand
from textual.command import Provider
from textual.reactive import Reactive
from textual.screen import Screen

from nodion_tui.config import Profile
from nodion_tui.model.text.sanitize import sanitize
from nodion_tui.ui.app_options import AppOptions
from nodion_tui.ui.chrome.ticking_screen import TickingScreen
from nodion_tui.ui.commands.command_log import log_command
from nodion_tui.ui.commands.delegate import delegate_actions, delegate_late
from nodion_tui.ui.commands.registry import bindings, focused_scopes
from nodion_tui.ui.dashboard.screen import STYLE_SHEET, DashboardScreen
from nodion_tui.ui.modes import Modes
from nodion_tui.ui.notify.notifier import TICK_SECONDS, Notifier
from nodion_tui.ui.on_demand import OnDemand
from nodion_tui.ui.own.own_commands import OwnCommands
from nodion_tui.ui.own.target import find_target
from nodion_tui.ui.paint import ansi_palettes
from nodion_tui.ui.paint.theme import DEFAULT_THEME
from nodion_tui.ui.paint.theme_depths import themes_of
from nodion_tui.ui.preload import SECONDS, preload
from nodion_tui.ui.problems.config_problems import ConfigProblems
from nodion_tui.ui.session.messages import DASHBOARD, OpenRun
from nodion_tui.ui.session.pins import Pins
from nodion_tui.ui.session.quit_flow import QuitFlow
from nodion_tui.ui.session.watcher import Connect, Watcher, WatchTarget
from nodion_tui.ui.terminal.door import paint_changes
from nodion_tui.ui.terminal.restore import exit_after_grace, has_hung_up
from nodion_tui.ui.terminal.terminal_app import TerminalApp

__all__ = ["AppOptions", "Connect", "NodionApp"]


def command_provider() -> type[Provider]:
    """What offers commands in the palette, when it is opened."""
    from nodion_tui.ui.commands.palette import CommandProvider  # noqa: PLC0415 - after the first paint

    return CommandProvider


def finder_provider() -> type[Provider]:
    """What offers all else in the palette, when it is opened."""
    from nodion_tui.ui.finder import FinderProvider  # noqa: PLC0415 - as above

    return FinderProvider


class NodionApp(TerminalApp):
    """The terminal monitor; `nodion_tui.ui.run.run` runs it and returns its exit code.

        NodionApp(profile)                                     with its key: watched at once
        NodionApp(profile, AppOptions(connect=with_its_key))   what this context manager yields
        NodionApp(profile, AppOptions(connect=this_machine))   the same, with the engine started
        NodionApp(profile, AppOptions(demo=a_demo))            no key: the set-up screen

    Args:
        profile: what is known of the profile before `connect` yields it.
        options: everything else.
    """

    TITLE = "nodion"
    DEFAULT_MODE = DASHBOARD
    # Textual 8.2 does not read the CSS_PATH of a first screen. Paths are absolute because it
    # resolves relative ones from the folder of the subclass.
    CSS_PATH: ClassVar[list[str | PurePath]] = [Path(__file__).with_suffix(".tcss"), STYLE_SHEET]
    BINDINGS = bindings("app")
    ansi_theme_dark = Reactive(ansi_palettes.DARK, init=False)
    ansi_theme_light = Reactive(ansi_palettes.LIGHT, init=False)
    COMMANDS = {command_provider, finder_provider}  # noqa: RUF012 - Textual's own declaration says what it is

    _has_theme = False

    def __init__(self, profile: Profile, options: AppOptions = AppOptions()) -> None:  # noqa: B008 - immutable
        super().__init__(
            ascii_only=options.ascii_only,
            hold=self._pause_background,
            log_action=log_command,
            question=options.question,
            form=options.output_form,
        )
        self._options = options
        self._saved_state = options.memory
        self._started = False
        self.keys = dict(options.keys)
        """Command id → keys, for rebound commands."""
        self._init_theme(options.theme or (options.memory.state.theme if options.memory else ""))
        self.own = OwnCommands(
            self, options.commands, lambda: find_target(self.screen, self.dashboard)
        )
        """The commands of config.toml."""
        pins = Pins()
        self.dashboard = DashboardScreen(
            self.keys,
            waiting=options.connecting,
            ascii_only=options.ascii_only,
            pins=pins,
            fits_log=options.fits_log,
        )
        self.modes = Modes(
            self,
            self.dashboard,
            self.keys,
            options.mode_options(pins, self.dashboard.lists.run_choice),
        )
        self.notifier = Notifier(
            self,
            options.notify_options,
            self.keys,
            pause_after=options.pause_after,
            ascii_only=options.ascii_only,
        )
        self.config_problems = ConfigProblems(
            self,
            options.problems,
            self.keys,
            self.notifier.toasts.tell,
            partial(self.run_worker, group="menu"),
        )
        self.on_demand = OnDemand(self, self.dashboard, self.modes, self._watch, options)
        """Controllers that are made when they are first used."""
        first_view = [self.on_demand.views] if options.view else []
        self.watcher = Watcher(
            WatchTarget(profile, options.connect, options.connecting, tuple(options.members)),
            options.limits,
            (self.dashboard, self.modes, self.notifier, *first_view),
        )
        self._quit_flow = QuitFlow(self, lambda: self.watcher.monitor, options.leave_running)
        shown = (self.notifier.toasts, self.config_problems, self.own, self.modes)
        delegate_actions(self, self._quit_flow, *shown)
        delegate_late(self, lambda: self.on_demand.views, "action_views")
        delegate_late(self, lambda: self.on_demand.theme_menu, "action_choose_theme")
        delegate_late(self, lambda: self.on_demand.failures, "action_next_failure")

    @property
    def theme_to_save(self) -> str:
        """The theme to save: the one that was chosen on the screen, or else the saved one."""
        saved_theme = self._saved_state.state.theme if self._saved_state else ""
        return saved_theme if self.theme == self._first_theme else self.theme

    async def on_event(self, event: events.Event) -> None:
        """Textual: dispatches an event; a key or a click marks the user as active."""
        if isinstance(event, events.Key | events.MouseDown):
            self.notifier.user_active(self.dashboard.read_run)
        await super().on_event(event)

    def get_default_screen(self) -> Screen[Any]:
        """Textual: the first screen."""
        return self.dashboard

    def on_mount(self) -> None:
        """Textual: start timers; connect or ask for a key after the first paint."""
        self.set_keymap(self.keys)
        self.own.bind(self.keys)
        self.app_resume_signal.subscribe(self, lambda _: self.action_redraw())
        can_hang_up = not self.is_headless and not has_hung_up()
        self.set_interval(1.0, partial(_tick, self, can_hang_up=can_hang_up))
        self.set_interval(TICK_SECONDS, self._check_regularly)
        focus_changed = self.notifier.focus_changed
        self.watch(self, "app_focus", lambda gained: focus_changed(gained=gained), init=False)
        self.call_after_refresh(self._connect_first)

    async def aclose(self) -> None:
        """Close the connection and save the state; called after the terminal is restored."""
        self.notifier.close()
        if self._started:
            await self._save_state()
        await self.watcher.aclose()

    def on_runs_changed(self) -> None:
        """Check the notification rules when runs have changed, in every mode."""
        self.notifier.runs_changed()

    def on_reconnect(self) -> None:
        """Reconnect, and ask for the key again."""
        monitor = self.watcher.monitor
        if monitor is not None and monitor.has_several:
            self.run_worker(
                self.on_demand.profile_chooser.renew_keys(monitor), group="set-up", exclusive=True
            )
        else:
            self.on_demand.profile_chooser.reconnect(self.watcher.target)

    async def on_open_run(self, message: OpenRun) -> None:
        """Show a run of another mode in the dashboard."""
        monitor = self.watcher.monitor
        run = monitor.runs.run(message.key) if monitor else None
        await self.modes.show(DASHBOARD)
        if run is None:
            self.notify("The service no longer lists this run.", timeout=4)
        else:
            self.dashboard.show_run(run)
            if message.entry is not None:
                self.dashboard.show_entry(message.entry)
            if message.search:
                await self.dashboard.search_log()

    def action_help(self) -> None:
        """Show the help screen with all keys."""
        from nodion_tui.ui.commands.help_screen import HelpScreen  # noqa: PLC0415 - after the first paint

        if not self.is_screen_installed("help"):
            self.install_screen(HelpScreen(self.keys, self.own.declared), "help")
        screen = self.get_screen("help", HelpScreen)
        screen.open_for(focused_scopes(self.screen))
        self.push_screen(screen)

    def action_command_palette(self) -> None:
        """Textual: show the command palette."""
        from nodion_tui.ui.commands.palette import PLACEHOLDER, PaletteScreen  # noqa: PLC0415 - after the first paint

        if not isinstance(self.screen, PaletteScreen):
            self.push_screen(PaletteScreen(placeholder=PLACEHOLDER, id="--command-palette"))

    @work(group="menu", exclusive=True)
    async def action_profiles(self) -> None:
        """Switch the profile."""
        await self.on_demand.profile_chooser.choose(self.watcher.target)

    @work(group="menu", exclusive=True)
    async def action_missed(self) -> None:
        """List the runs that started or ended while the user was away, and go to one."""
        from nodion_tui.ui.notify.missed_menu import open_missed_run  # noqa: PLC0415 - seldom

        await open_missed_run(self, self.watcher.monitor)

    async def action_back(self) -> None:
        """Go one level back; quits at the top level."""
        if len(self.screen_stack) > 1:
            await self.screen.dismiss()
        elif self.current_mode != DASHBOARD:
            await self.modes.show(DASHBOARD)
        else:
            self._quit_flow.action_quit()

    def action_interrupt(self) -> None:
        """Copy the selection; without one, show how to quit, which many expect of ctrl+c."""
        selected = self.screen.get_selected_text()
        if selected:
            from nodion_tui.ui.terminal import clipboard  # noqa: PLC0415 - seldom

            if clipboard.copy(self, selected):
                self.notify(f"Sent {len(selected):,} characters to the clipboard", timeout=3)
        else:
            self.notify("q: back or quit, ctrl+q: quit", timeout=3)

    def get_css_variables(self) -> dict[str, str]:
        """Textual: the variables of the theme; none of the one before the first of ours."""
        # Textual works them out in its constructor, too: half a percent of the first paint.
        return super().get_css_variables() if self._has_theme else {}

    def refresh_css(self, animate: bool = True) -> None:  # noqa: FBT001, FBT002 - Textual's signature
        """Textual: restyle everything; also called for a theme set before the first screen."""
        if self.screen_stack:
            super().refresh_css(animate=animate)
        else:
            # Nothing is styled yet, and parsing every rule twice takes 2 % of the first paint.
            self.stylesheet.set_variables(self.get_css_variables())

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """Textual: no built-in commands; `CommandProvider` offers all of ours."""
        del screen
        return ()

    def _init_theme(self, theme: str) -> None:
        for available in themes_of(self.color_depth):
            self.register_theme(available)
        self._has_theme, before = True, self.theme
        self.theme = theme if theme in self.available_themes else DEFAULT_THEME
        if self.theme == before:  # Textual notices no change
            self.stylesheet.set_variables(self.get_css_variables())
        self._first_theme = self.theme
        if "TEXTUAL_ANIMATIONS" not in os.environ:
            self.animation_level = "none"

    async def _save_state(self) -> None:
        if self._saved_state is not None:
            profile = self.watcher.target.profile.name
            is_offered = any(each.name == profile for each in self._options.profiles)
            await self._saved_state.save(
                (self.dashboard, self.modes),
                mode=self.current_mode,
                theme=self.theme_to_save,
                profile=profile if is_offered else "",
                warn=self._warn,
            )

    def _warn(self, problem: str) -> None:
        if self.is_running:
            self.notify(sanitize(problem), severity="warning", timeout=10, markup=False)

    async def _connect_first(self) -> None:
        self._started = True
        mount = self.dashboard.run_actions.prepare_form
        self.set_timer(SECONDS, lambda: self.run_worker(preload(self, mount), group="preload"))
        target = self.watcher.target
        if target.connect is None and target.profile.key is None and not target.members:
            self.on_demand.profile_chooser.connect(target.profile)
        else:
            self._watch(target)
        self.config_problems.check(())
        if self._saved_state is not None:
            self._saved_state.restore((self.dashboard, self.modes), self._warn)
            if not (self._options.view and self.on_demand.views.begins_with_view):
                await self.modes.show(self._saved_state.state.mode)

    @work(group="monitor", exclusive=True)
    async def _watch(self, target: WatchTarget) -> None:
        self._quit_flow.leave_for_other_profile()
        await self.watcher.watch(target)

    async def _check_regularly(self) -> None:
        """Check notifications and the key, and save the state; runs every few seconds."""
        self.notifier.tick()
        monitor = self.watcher.monitor
        if monitor is not None and not monitor.profile.engine:
            self.config_problems.check(monitor.runs.runners)
        if monitor is not None and monitor.accounts.key_rejected:
            await self.on_demand.profile_chooser.renew_unattended(monitor)
        await self._save_state()

    def _pause_background(self, *, held: bool) -> None:
        """Pause log streams and garbage collection while a key is handled."""
        (gc.disable if held else gc.enable)()
        if self.watcher.monitor is not None:
            self.watcher.monitor.pause_log_streams(paused=held)


def _tick(app: NodionApp, *, can_hang_up: bool) -> None:
    """Look for a terminal that has hung up, and update the screens; runs every second."""
    if can_hang_up and has_hung_up():
        exit_after_grace(129)
        app.exit(return_code=129)
    for screen in app.screen_stack:
        if isinstance(screen, TickingScreen):
            screen.tick()
            paint_changes(screen)
