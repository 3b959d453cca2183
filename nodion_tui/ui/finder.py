"""What the palette finds beside commands: runners, presets, runs by id, views, profiles, themes."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from textual.command import Hit, Hits, Provider

from nodion_tui.model.run import Run
from nodion_tui.model.runner import Runner, short_id
from nodion_tui.model.text import format as fmt
from nodion_tui.model.text.sanitize import sanitize
from nodion_tui.ui.commands.word_match import match_words
from nodion_tui.ui.dashboard.lists.runner_list import ALL
from nodion_tui.ui.paint.theme import THEMES

if TYPE_CHECKING:
    from nodion_tui.monitor.monitor import Monitor
    from nodion_tui.monitor.storage.presets import Preset
    from nodion_tui.monitor.storage.views import View
    from nodion_tui.ui.dashboard.screen import DashboardScreen
    from nodion_tui.ui.session.profile_chooser import ProfileChooser
    from nodion_tui.ui.views.view_actions import ViewActions

_RUN_ID = re.compile(r"[0-9a-fA-F][0-9a-fA-F-]{2,}")
"""At least three characters of a run's id."""
_MAX_RUNS = 20


class Findable(NamedTuple):
    """Something to go to or to do."""

    title: str
    """Sanitized."""
    help: str
    choose: Callable[[], object]


class Finder:
    """Lists what can be found now.

    Args:
        dashboard: has the monitor, and shows runners and runs.
        show_dashboard: leaves another mode.
        profiles: the profiles to switch between.
        set_theme: changes the theme to one of this name.
        views: the views of the profile.
    """

    def __init__(
        self,
        dashboard: "DashboardScreen",
        show_dashboard: Callable[[], Awaitable[None]],
        profiles: "ProfileChooser",
        set_theme: Callable[[str], None],
        views: "ViewActions",
    ) -> None:
        self._view_actions = views
        self._views: Sequence[View] = ()
        self._presets: Mapping[str, Sequence[Preset]] = {}
        self._dashboard = dashboard
        self._show_dashboard = show_dashboard
        self._profiles = profiles
        self._set_theme = set_theme

    async def read_files(self) -> None:
        """Read what stands in files, before something is looked for."""
        monitor = self._dashboard.monitor
        self._views = (await self._view_actions.read()).views
        presets = monitor.accounts.first.presets if monitor else None  # one file for all
        self._presets = await asyncio.to_thread(presets.by_runner) if presets else {}

    def matching(self, query: str) -> Iterator[tuple[float, Findable]]:
        """What matches a query, with a score from 0 to 1."""
        for entry in self._named():
            if match := match_words(query, entry.title):
                yield match.score, entry
        if _RUN_ID.fullmatch(query):
            yield from ((1.0, entry) for entry in self._runs(query.lower()))

    def _named(self) -> Iterator[Findable]:
        monitor = self._dashboard.monitor
        if monitor is not None:
            yield self._go_to(ALL, ALL.label)
            for runner in monitor.runs.runners:
                yield from self._of_runner(monitor, runner)
        for view in self._views:
            choose = partial(self._view_actions.use, view)
            yield Findable(f"View {sanitize(view.name)}", "Shows this view.", choose)
        for profile in self._profiles.profiles:
            connect = partial(self._profiles.connect, profile)
            name = sanitize(profile.name)
            yield Findable(f"Profile {name}", "Shows this account or engine.", connect)
        for theme in THEMES:
            name = theme.name.removeprefix("nodion-")
            set_theme = partial(self._set_theme, theme.name)
            yield Findable(f"Theme {name}", "Changes the colours.", set_theme)

    def _of_runner(self, monitor: "Monitor", runner: Runner) -> Iterator[Findable]:
        name = sanitize(monitor.label(runner.id))
        yield self._go_to(runner, name)
        if monitor.run_control.is_read_only(runner.id):
            return
        form = self._dashboard.run_actions.open_form
        yield Findable(
            f"Trigger {name}",
            "Opens the trigger form; nothing starts before you confirm.",
            partial(self._on_dashboard, partial(form, runner)),
        )
        service_id = monitor.account_of(runner.id).service_id(runner.id)
        for preset in self._presets.get(service_id, ()):
            yield Findable(
                f"Trigger {name} with preset {sanitize(preset.name)}",
                "Opens the trigger form, filled in from the preset.",
                partial(self._on_dashboard, partial(form, runner, draft=preset.draft)),
            )
        if runs := monitor.runs.runs_of(runner.id):
            yield Findable(
                f"Re-run last of {name}",
                "Opens the trigger form, filled in from its newest run.",
                partial(self._on_dashboard, partial(form, runner, runs[0])),
            )

    def _go_to(self, runner: Runner, name: str) -> Findable:
        show = partial(self._dashboard.show_runner, runner.id)
        return Findable(
            f"Go to {name}",
            "Shows the runs of this runner.",
            partial(self._on_dashboard, show),
        )

    def _runs(self, prefix: str) -> Iterator[Findable]:
        """The newest runs whose id begins with a text."""
        monitor = self._dashboard.monitor
        if monitor is None:
            return
        matching = (run for run in monitor.runs.all_runs() if run.id.lower().startswith(prefix))
        for run, _ in zip(matching, range(_MAX_RUNS), strict=False):
            show = partial(self._dashboard.show_run, run)
            title = _run_title(run, monitor)
            yield Findable(title, "Shows this run and its log.", partial(self._on_dashboard, show))

    async def _on_dashboard(self, act: Callable[[], object]) -> None:
        await self._show_dashboard()
        act()


class FinderProvider(Provider):
    """Offers what the app's finder finds."""

    async def startup(self) -> None:
        """Textual: called when the palette opens."""
        finder = self._finder
        if finder is not None:
            await finder.read_files()

    async def search(self, query: str) -> Hits:
        """Textual: what matches the query."""
        finder = self._finder
        if finder is None:
            return
        for score, entry in finder.matching(query):
            match = match_words(query, entry.title)
            shown = match.highlighted(entry.title) if match else entry.title
            choose = partial(self.app.call_later, entry.choose)
            yield Hit(score, shown, choose, text=entry.title, help=entry.help)

    @property
    def _finder(self) -> Finder | None:
        on_demand = getattr(self.app, "on_demand", None)
        return None if on_demand is None else on_demand.finder


def _run_title(run: Run, monitor: "Monitor") -> str:
    name = sanitize(monitor.label(run.runner_id))
    since = run.started_at or run.created_at
    age = f", {fmt.ago(monitor.server_now(run.runner_id) - since)}" if since else ""
    return f"Run {short_id(sanitize(run.id))} of {name}, {sanitize(run.status)}{age}"
