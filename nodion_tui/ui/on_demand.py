"""Controllers of the app that a session may never need, made when they are first used.

Each imports its module then: together they are a twentieth of what the first paint would load.
"""

from collections.abc import Callable
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

from nodion_tui.ui.session.messages import DASHBOARD

if TYPE_CHECKING:
    from textual.app import App

    from nodion_tui.ui.app_options import AppOptions
    from nodion_tui.ui.dashboard.screen import DashboardScreen
    from nodion_tui.ui.failure_actions import FailureActions
    from nodion_tui.ui.finder import Finder
    from nodion_tui.ui.modes import Modes
    from nodion_tui.ui.session.profile_chooser import ProfileChooser
    from nodion_tui.ui.session.theme_menu import ThemeMenu
    from nodion_tui.ui.session.watcher import WatchTarget
    from nodion_tui.ui.views.view_actions import ViewActions


class OnDemand:
    """Makes each controller once.

    Args:
        app: shows dialogs and toasts.
        dashboard: shows runs and runners.
        modes: show the dashboard, or what a view asks for.
        watch: starts watching a target.
        options: of the app.
    """

    def __init__(
        self,
        app: "App[Any]",
        dashboard: "DashboardScreen",
        modes: "Modes",
        watch: "Callable[[WatchTarget], object]",
        options: "AppOptions",
    ) -> None:
        self._app, self._dashboard, self._modes = app, dashboard, modes
        self._watch = watch
        self._options = options

    @cached_property
    def views(self) -> "ViewActions":
        """Views of what is shown."""
        from nodion_tui.ui.views.view_actions import ViewActions  # noqa: PLC0415 - on demand

        file = self._options.views() if self._options.views else None
        return ViewActions(self._app, self._dashboard, self._modes, file, self._options.view)

    @cached_property
    def profile_chooser(self) -> "ProfileChooser":
        """Selects the profile to watch."""
        from nodion_tui.ui.session.profile_chooser import ProfileChooser  # noqa: PLC0415 - on demand

        return ProfileChooser(
            self._app,
            self._watch,
            profiles=self._options.profiles,
            engine=self._options.local,
            demo=self._options.demo,
            keep=self._options.keep,
        )

    @cached_property
    def finder(self) -> "Finder":
        """What the palette finds beside commands."""
        from nodion_tui.ui.finder import Finder  # noqa: PLC0415 - on demand

        return Finder(
            self._dashboard,
            partial(self._modes.show, DASHBOARD),
            self.profile_chooser,
            partial(setattr, self._app, "theme"),
            self.views,
        )

    @cached_property
    def theme_menu(self) -> "ThemeMenu":
        """Asks for a theme."""
        from nodion_tui.ui.session.theme_menu import ThemeMenu  # noqa: PLC0415 - on demand

        return ThemeMenu(self._app)

    @cached_property
    def failures(self) -> "FailureActions":
        """Goes through the failed runs."""
        from nodion_tui.ui.failure_actions import FailureActions  # noqa: PLC0415 - on demand

        show_dashboard = partial(self._modes.show, DASHBOARD)
        return FailureActions(self._dashboard, show_dashboard, partial(self._app.notify, timeout=4))
