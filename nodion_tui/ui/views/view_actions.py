"""The key that lists views, and what using, saving, renaming and deleting one does."""

import asyncio
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from nodion_tui.model.text.sanitize import sanitize
from nodion_tui.monitor.storage.ui_state import TIMELINE_WINDOW
from nodion_tui.monitor.storage.views import ProfileViews, View, ViewFile
from nodion_tui.ui.dashboard.layout import PaneName
from nodion_tui.ui.session.messages import DASHBOARD

if TYPE_CHECKING:
    from textual.app import App

    from nodion_tui.config import Profile
    from nodion_tui.monitor.monitor import Monitor
    from nodion_tui.ui.dashboard.screen import DashboardScreen
    from nodion_tui.ui.modes import Modes


class ViewActions:
    """Saves what is shown under a name, and shows it again.

    Args:
        app: shows dialogs and toasts.
        dashboard: has filters, columns and order.
        modes: have the mode and the timeline's window.
        file: keeps the views; None: nothing is kept.
        first: name of the view to begin with; empty: none.
    """

    def __init__(
        self,
        app: "App[Any]",
        dashboard: "DashboardScreen",
        modes: "Modes",
        file: ViewFile | None,
        first: str = "",
    ) -> None:
        self._app, self._dashboard, self._modes = app, dashboard, modes
        self._file = file
        self._first = first

    @property
    def profile(self) -> str:
        """Name of the profile whose views these are; empty: none is watched."""
        monitor = self._dashboard.monitor
        return monitor.name if monitor else ""

    @property
    def begins_with_view(self) -> bool:
        """Whether a view was asked for on the command line and is still to be shown."""
        return bool(self._first)

    def attach(self, _monitor: "Monitor") -> None:
        """Show the first view, once there is its profile."""
        self._app.call_later(self.use_first)

    def detach(self, _placeholder: str, _profile: "Profile") -> None:
        """Keep what is shown: nothing depends on the profile."""

    async def read(self) -> ProfileViews:
        """The views of the profile."""
        if self._file is None or not self.profile:
            return ProfileViews()
        return await asyncio.to_thread(self._file.for_profile, self.profile)

    async def action_views(self) -> None:
        """List the views, and use, save, rename or delete one.

        They are read before the action ends, so that a number typed ahead reaches the list.
        """
        if self._file is None:
            self._tell("Nothing is kept in this session: there are no views.")
        elif not self.profile:
            self._tell("Views belong to a profile: none is connected yet.")
        else:
            choosing = self._choose(self._file, await self.read())
            self._app.run_worker(choosing, group="menu", exclusive=True)

    async def use_first(self) -> None:
        """Show the view that was asked for on the command line, once there is its profile."""
        name, self._first = self._first, ""
        if not name:
            return
        if (view := (await self.read()).named(name)) is None:
            self._tell(f"There is no view {name} of {self.profile}.", is_problem=True)
        else:
            await self.use(view)

    async def use(self, view: View) -> None:
        """Show a view."""
        lists = self._dashboard.lists
        lists.filters.set(PaneName.RUNNERS, view.runner_filter)
        lists.filters.set(PaneName.RUNS, view.filter)
        lists.order.restore(view.order)
        if view.window:
            self._modes.choose(TIMELINE_WINDOW, view.window)
        await self._modes.show(view.mode or DASHBOARD)
        from nodion_tui.ui.chrome.mode_screen import ModeScreen  # noqa: PLC0415 - of other modes

        if isinstance(self._app.screen, ModeScreen):
            self._app.screen.body.update()
        for pane in (PaneName.RUNS, PaneName.RUNNERS):
            run_filter = lists.filters[pane]
            if run_filter is not None and run_filter.problems:
                problem = run_filter.problems[0].message
                self._tell(f"views.toml: view {view.name}: filter: {problem}", is_problem=True)

    def shown(self, name: str) -> View:
        """What is shown now, as a view."""
        filters, order = self._dashboard.lists.filters, self._dashboard.lists.order.to_save()
        return View(
            profile=self.profile,
            name=name,
            filter=filters.text(PaneName.RUNS),
            runner_filter=filters.text(PaneName.RUNNERS),
            columns=order.columns,
            sort=order.sort,
            descending=order.descending,
            active_first=order.active_first,
            mode=self._app.current_mode,
            window=self._modes.chosen(TIMELINE_WINDOW),
        )

    async def _choose(self, file: ViewFile, known: ProfileViews) -> None:
        from nodion_tui.ui.views.view_picker import ViewPicker, ViewStep  # noqa: PLC0415 - seldom

        while True:
            profile = self.profile
            self._warn(known.notice)
            choice = await self._app.push_screen_wait(ViewPicker(profile, known.views))
            if choice is None:
                return
            view = choice.view
            if choice.step is ViewStep.SAVE:
                await self._save(file, known, view)
                return
            if view is None:
                return
            if choice.step is ViewStep.USE:
                await self.use(view)
                return
            if choice.step is ViewStep.DELETE:
                await self._change(partial(file.delete, profile, view.name))
            elif name := await self._ask(f"Rename {view.name}", view.name, known, view):
                await self._change(partial(file.rename, profile, view.name, name))
            known = await self.read()

    async def _save(self, file: ViewFile, known: ProfileViews, view: View | None) -> None:
        shown = self.shown("")
        same = next((each for each in known.views if replace(each, name="") == shown), view)
        name = await self._ask("Save as a view", same.name if same else "", known, shown)
        if name and await self._change(lambda: file.save(replace(shown, name=name))):
            self._tell(f"View saved: {name}")

    async def _ask(self, title: str, name: str, known: ProfileViews, view: View) -> str | None:
        from nodion_tui.ui.views.name_dialog import ViewNameDialog  # noqa: PLC0415 - seldom
        from nodion_tui.ui.views.view_picker import view_summary  # noqa: PLC0415 - seldom

        taken = frozenset(each.name for each in known.views) - {view.name}
        return await self._app.push_screen_wait(
            ViewNameDialog(title, name, taken, view_summary(view))
        )

    async def _change(self, change: Callable[[], str]) -> bool:
        try:
            self._warn(await asyncio.to_thread(change))
        except OSError as error:
            self._warn(f"The views could not be written: {error.strerror or error}")
            return False
        return True

    def _warn(self, text: str) -> None:
        if text:
            self._tell(text, is_problem=True)

    def _tell(self, text: str, *, is_problem: bool = False) -> None:
        severity = "warning" if is_problem else "information"
        self._app.notify(sanitize(text), severity=severity, timeout=6, markup=False)  # type: ignore[arg-type]
