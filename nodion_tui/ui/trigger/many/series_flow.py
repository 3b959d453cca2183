"""Starts many runs: sends them, shows what becomes of each, and remembers their environments."""

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol
from weakref import WeakKeyDictionary

from textual.app import App

from nodion_tui.model.run import Run, RunKey
from nodion_tui.model.text.format import count
from nodion_tui.model.text.sanitize import sanitize
from nodion_tui.monitor.many.planned_start import StartState
from nodion_tui.monitor.many.start_series import StartSeries
from nodion_tui.ui.commands.registry import commands_in, key_label, keymap_of, keys_of
from nodion_tui.ui.session.error_text import ActionPlace
from nodion_tui.ui.session.unsent_starts import note_unsent
from nodion_tui.ui.trigger.many import series_text as texts
from nodion_tui.ui.trigger.many.results_dialog import SeriesStep, StartResultsDialog
from nodion_tui.ui.trigger.many.start_dialog import StartChoice
from nodion_tui.ui.trigger.session_secrets import session_secrets

if TYPE_CHECKING:
    from nodion_tui.monitor.polling.poller import Poller
    from nodion_tui.monitor.runs.known_runs import KnownRuns
    from nodion_tui.monitor.storage.trigger_history import TriggerHistory

LOOK_SECONDS = 5.0
"""While an end is waited for and polling rests, the lists are asked for this often."""
MAX_FINISHED = 5
"""Series whose results can be shown again after they were closed."""
_OF_APPS: "WeakKeyDictionary[App[Any], list[SeriesFlow]]" = WeakKeyDictionary()


def shown_series(app: App[Any]) -> "tuple[SeriesFlow, ...]":
    """The series whose results can be shown, newest first: also the last that were closed."""
    series = _OF_APPS.get(app, [])
    _forget_old(series)
    return tuple(reversed(series))


def _forget_old(series: "list[SeriesFlow]") -> None:
    """Forget closed ones whose profile was left, and all but the newest."""
    closed = [each for each in series if each.is_closed]
    for each in closed:
        if each.is_left or each not in closed[-MAX_FINISHED:]:
            series.remove(each)


class StartPlace(ActionPlace, Protocol):
    """Where runs are started, and what is known of them there."""

    @property
    def closed(self) -> asyncio.Event:
        """Set once the profile is left."""

    def service_run(self, run: Run) -> Run:
        """A run with the runner id by which the service knows it."""

    def service_key(self, key: RunKey) -> RunKey:
        """The key of a run with the runner id by which the service knows it."""

    @property
    def poller(self) -> "Poller":
        """Has the request budget."""

    @property
    def history(self) -> "TriggerHistory":
        """Remembers the environments."""


class SeriesFlow:
    """One series of starts, in a dialog or in the background.

    Args:
        app: shows the dialog.
        place: the profile that all of them belong to.
        runs: the known runs.
        choice: what to start.
        show_run: selects a run in the list.
    """

    def __init__(
        self,
        app: App[object],
        place: StartPlace,
        runs: "KnownRuns",
        choice: StartChoice,
        show_run: Callable[[Run], None],
    ) -> None:
        starts = [offer.start for offer in choice.offers if offer.start is not None]
        self._app = app
        self._place = place
        self._runs = runs
        self._show_run = show_run
        self._names = [offer.name for offer in choice.offers if offer.start is not None]
        self._runner_ids = sorted({start.runner_id for start in starts})
        self._started: asyncio.Queue[int] = asyncio.Queue()
        self._dialog: StartResultsDialog | None = None
        self._is_shown = False
        self.is_closed = False
        """Whether its results were closed, and nothing of it goes on."""
        self._reopened = asyncio.Event()
        self.series = StartSeries(
            starts,
            place.run_control,
            runs,
            at_most=choice.at_most,
            acquire=self._acquire,
            look=self._look,
            on_change=self._changed,
        )

    async def run(self) -> None:
        """Send, show the results, and send again what surely did not start, if so decided."""
        shown = _OF_APPS.setdefault(self._app, [])
        if self not in shown:
            shown.append(self)
        self.is_closed = False
        helpers = [
            asyncio.create_task(work) for work in (self._remember_started(), self._stop_when_left())
        ]
        unsubscribe = self._runs.subscribe(lambda _: self._refresh())
        try:
            while True:
                async with asyncio.TaskGroup() as tasks:
                    step = await self._watch(tasks.create_task(self.series.run()))
                if step is not SeriesStep.RETRY or not self.series.retry():
                    break
            await self._started.join()
        finally:
            note_unsent(self._app, self, 0)
            self.is_closed = True
            _forget_old(shown)
            unsubscribe()
            for helper in helpers:
                helper.cancel()
            await asyncio.gather(*helpers, return_exceptions=True)

    @property
    def title(self) -> str:
        """Whose runs are started: `Backup, ETL`."""
        runners = map(self._runs.runner, self._runner_ids)
        return sanitize(", ".join(runner.label for runner in runners if runner)) or "runs"

    @property
    def summary(self) -> str:
        """What has become of them: `4 runs: 2 started · 2 waiting`."""
        outcomes = self.series.outcomes
        return f"{count(len(outcomes), 'run')}: {sanitize(texts.series_summary(outcomes))}"

    @property
    def is_left(self) -> bool:
        """Whether its profile was left, so that nothing more can be sent."""
        return self._place.closed.is_set()

    async def reopen(self) -> None:
        """Show the results again, if they are not on the screen; of a closed one until it ends."""
        if self.is_closed:
            await self.run()
        else:
            self._reopened.set()

    async def _watch(self, sending: "asyncio.Task[None]") -> SeriesStep | None:
        """Show the results; while they are hidden, wait for the end or for `reopen`."""
        step = await self._show()
        while step in {SeriesStep.BACKGROUND, SeriesStep.CHECK}:
            if step is SeriesStep.CHECK:
                await self.series.check_unknown()
            elif not await self._stay_hidden(sending):
                return SeriesStep.CLOSE
            step = await self._show()
        return step

    async def _stay_hidden(self, sending: "asyncio.Task[None]") -> bool:
        """Wait until the results are asked for; False: all were started, and that was told."""
        self._reopened.clear()
        reopened = asyncio.create_task(self._reopened.wait())
        try:
            await asyncio.wait((sending, reopened), return_when=asyncio.FIRST_COMPLETED)
            if not reopened.done():
                self._tell_end()
                if self._is_complete:
                    return False
                await reopened
        finally:
            reopened.cancel()
        return True

    async def _show(self) -> SeriesStep | None:
        """Show the results until the dialog is left."""
        self._dialog = StartResultsDialog(
            self.series,
            self._names,
            profile=self._place.profile,
            find_run=self._runs.run,
            is_left=self._place.closed.is_set,
        )
        self._dialog.profile_in_title = self._place.named_profile
        self._is_shown = True
        try:
            return await self._app.push_screen_wait(self._dialog)
        finally:
            self._is_shown = False

    @property
    def _is_complete(self) -> bool:
        return all(each.state is StartState.STARTED for each in self.series.outcomes)

    def _changed(self, index: int) -> None:
        outcomes = self.series.outcomes
        waiting = sum(each.state is StartState.WAITING for each in outcomes)
        note_unsent(self._app, self, waiting)
        run = outcomes[index].run
        if run is not None:
            self._started.put_nowait(index)
            if sum(each.run is not None for each in outcomes) == 1:
                self._show_run(run)
        self._refresh()

    def _refresh(self) -> None:
        if self._dialog is not None and self._is_shown:
            self._dialog.refresh_content()

    def _tell_end(self) -> None:
        outcomes = self.series.outcomes
        keymap = keymap_of(self._app)
        (command,) = [each for each in commands_in(("dashboard",)) if each.id == "run.series"]
        keys = "" if self._is_complete else " ".join(map(key_label, keys_of(command, keymap)))
        how = f"\n{keys} shows each of them" if keys else ""
        left = f"\n{texts.left_text(self._place.profile)}" if self._place.closed.is_set() else ""
        self._app.notify(
            sanitize(texts.series_summary(outcomes)) + left + how,
            title=texts.series_title(outcomes),
            severity="information" if self._is_complete else "warning",
            markup=False,
            timeout=8,
        )

    async def _acquire(self) -> None:
        """A request of the budget that polling uses; polling that rests grants none."""
        if self._place.poller.paused:
            self._place.poller.ask_now(self._runner_ids)
        await self._place.poller.acquire_request()

    async def _stop_when_left(self) -> None:
        """Send no more once the profile is left: its ends are not known any more."""
        await self._place.closed.wait()
        self.series.stop()

    async def _look(self) -> None:
        await asyncio.sleep(LOOK_SECONDS)
        if self._place.poller.paused:
            self._place.poller.ask_now(self._runner_ids)

    async def _remember_started(self) -> None:
        """Keep the environments of the runs, which the API never returns."""
        secrets = session_secrets(self._app)
        while True:
            index = await self._started.get()
            start, run = self.series.starts[index], self.series.outcomes[index].run
            try:
                if run is not None:
                    secrets.remember_run(self._place.profile, run.key, start.env)
                    await self._save(run, index)
            finally:
                self._started.task_done()

    async def _save(self, run: Run, index: int) -> None:
        history = self._place.history
        env = self.series.starts[index].env
        try:
            notice = await asyncio.to_thread(history.remember, self._place.service_run(run), env)
        except OSError as error:
            notice = f"Environment not saved: {error.strerror or error}"
        if notice:
            self._app.notify(sanitize(notice), severity="warning", markup=False)
