"""From the wish for a run to the run: which runner, the form, what the service made of it."""

import asyncio
import string
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.app import App

from nodion_tui.model.errors import BadRequest, NodionError
from nodion_tui.model.run import Run
from nodion_tui.model.runner import Runner
from nodion_tui.model.sanitize import sanitize
from nodion_tui.monitor.runs.unknown_outcome import TriggerOutcomeUnknown
from nodion_tui.ui.dialogs.menu import Menu, MenuEntry
from nodion_tui.ui.session import error_text as errors
from nodion_tui.ui.trigger.dialog import TriggerDialog
from nodion_tui.ui.trigger.sending_dialog import SendingDialog
from nodion_tui.ui.trigger.unknown_outcome_dialog import NextStep, UnknownOutcomeDialog

if TYPE_CHECKING:
    from nodion_tui.model.trigger import TriggerRequest
    from nodion_tui.model.trigger_draft import EnvRow, TriggerDraft
    from nodion_tui.monitor.monitor import Monitor

SENDING_DIALOG_DELAY = 0.7
"""Seconds without an answer after which it is said that there is none yet."""


async def choose_runner(app: App[object], runners: Iterable[Runner]) -> Runner | None:
    """Ask which runner is meant; None if none."""
    by_name = sorted(runners, key=lambda runner: runner.label.lower())
    letters = string.digits[1:] + string.ascii_lowercase
    choices = [
        MenuEntry(letters[place] if place < len(letters) else " ", runner.id, runner.label)
        for place, runner in enumerate(by_name)
    ]
    chosen = await app.push_screen_wait(Menu("Trigger a run of", choices))
    return next((runner for runner in by_name if runner.id == chosen), None)


@dataclass(frozen=True)
class TriggerFlow:
    """One wish for a run, by the form.

    Attributes:
        app: shows the dialogs.
        monitor: starts the run.
        runner: of the run.
        start_from: the run to fill the form from; None for an empty one.
        show: puts the cursor on a run.
    """

    app: App[object]
    monitor: "Monitor"
    runner: Runner
    rerun_of: Run | None
    show_run: Callable[[Run], None]

    async def run(self) -> None:
        """Ask, send once, and say what became of it; a refused form comes back as it was."""
        known_env = await self._known_env()
        form = self._form(known_env)
        while (request := await self.app.push_screen_wait(form)) is not None:
            try:
                started = await self._send(request)
            except BadRequest as refused:
                form = self._form(known_env, form.draft, refused)
            except TriggerOutcomeUnknown as unsettled:
                if not await self._settle(unsettled):
                    return
                form = self._form(known_env, form.draft)
            except NodionError as error:
                errors.toast(self.app, error)
                form = self._form(known_env, form.draft)
            else:
                self.show_run(started)
                await self._remember(started, form.draft)
                return

    async def _send(self, request: "TriggerRequest") -> Run:
        """Send it, and say so while the answer is waited for.

        Raises:
            NodionError: as `RunStore.trigger`.
        """
        dialog = SendingDialog(self.runner, profile=self.monitor.profile, clock=time.monotonic)
        told = self.app.set_timer(SENDING_DIALOG_DELAY, lambda: self.app.push_screen(dialog))
        try:
            return await self.monitor.runs.trigger(self.runner.id, request)
        finally:
            told.stop()
            dialog.mark_answered()

    async def _settle(self, unsettled: TriggerOutcomeUnknown) -> bool:
        """Let the person find the run or go on; whether the form is wanted again."""
        while True:
            decision = await self.app.push_screen_wait(
                UnknownOutcomeDialog(
                    self.runner,
                    unsettled.candidates,
                    listed=unsettled.listed,
                    profile=self.monitor.profile,
                    clock=self.monitor.server_now,
                    detail=unsettled.detail,
                )
            )
            if decision is None or decision.step is NextStep.FORM:
                return decision is not None
            if decision.step is NextStep.OPEN:
                found = [each.run for each in unsettled.candidates if each.run.key == decision.key]
                self.show_run(found[0])
                return False
            unsettled = await self.monitor.runs.find_candidates(unsettled.sent, unsettled.detail)

    def _form(
        self,
        known_env: "tuple[EnvRow, ...] | None",
        draft: "TriggerDraft | None" = None,
        refused: BadRequest | None = None,
    ) -> TriggerDialog:
        return TriggerDialog(
            self.runner,
            profile=self.monitor.profile,
            rerun_of=self.rerun_of,
            known_env=known_env,
            draft=draft,
            field_errors=refused.fields if refused else {},
            error_message=refused.detail if refused else "",
            presets=self.monitor.presets,
            disabled_reason=errors.READ_ONLY if self.monitor.runs.read_only else "",
        )

    async def _known_env(self) -> "tuple[EnvRow, ...] | None":
        history = self.monitor.history
        if self.rerun_of is None or history is None:
            return None
        recalled = await asyncio.to_thread(history.env_for, self.rerun_of.key)
        self._warn(recalled.notice)
        return recalled.rows

    async def _remember(self, run: Run, draft: "TriggerDraft") -> None:
        """Keep the environment, which the API never returns; failing at that harms nothing."""
        if self.monitor.history is None:
            return
        try:
            self._warn(await asyncio.to_thread(self.monitor.history.remember, run, draft.env))
        except OSError as error:
            self._warn(f"Not remembered: {error.strerror or error}")

    def _warn(self, words: str) -> None:
        if words:
            self.app.notify(sanitize(words), severity="warning", markup=False)
