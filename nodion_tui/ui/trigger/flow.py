"""Triggers a run: choose the runner, fill in the form, send once, handle the response."""

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
"""Seconds without a response after which the sending dialog is shown."""


async def choose_runner(app: App[object], runners: Iterable[Runner]) -> Runner | None:
    """Let the user choose a runner; None if cancelled."""
    by_name = sorted(runners, key=lambda runner: runner.label.lower())
    keys = string.digits[1:] + string.ascii_lowercase
    entries = [
        MenuEntry(keys[index] if index < len(keys) else " ", runner.id, runner.label)
        for index, runner in enumerate(by_name)
    ]
    runner_id = await app.push_screen_wait(Menu("Trigger a run of", entries))
    return next((runner for runner in by_name if runner.id == runner_id), None)


@dataclass(frozen=True)
class TriggerFlow:
    """Triggers one run through the form.

    Attributes:
        app: shows the dialogs.
        monitor: sends the request.
        runner: the runner to trigger.
        rerun_of: the run to fill in the form from; None: an empty form.
        show_run: selects a run in the list.
    """

    app: App[object]
    monitor: "Monitor"
    runner: Runner
    rerun_of: Run | None
    show_run: Callable[[Run], None]

    async def run(self) -> None:
        """Show the form, send the request once, show the outcome; a rejected form is reopened."""
        known_env = await self._known_env()
        form = self._form(known_env)
        while (request := await self.app.push_screen_wait(form)) is not None:
            try:
                started = await self._send(request)
            except BadRequest as rejection:
                form = self._form(known_env, form.draft, rejection)
            except TriggerOutcomeUnknown as unknown:
                if not await self._resolve(unknown):
                    return
                form = self._form(known_env, form.draft)
            except NodionError as error:
                errors.toast(self.app, error)
                form = self._form(known_env, form.draft)
            else:
                self.show_run(started)
                await self._save_env(started, form.draft)
                return

    async def _send(self, request: "TriggerRequest") -> Run:
        """Send the request; a dialog is shown while the response is pending.

        Raises:
            NodionError: as `RunControl.trigger`.
        """
        dialog = SendingDialog(self.runner, profile=self.monitor.profile, clock=time.monotonic)
        timer = self.app.set_timer(SENDING_DIALOG_DELAY, lambda: self.app.push_screen(dialog))
        try:
            return await self.monitor.run_control.trigger(self.runner.id, request)
        finally:
            timer.stop()
            dialog.mark_answered()

    async def _resolve(self, unknown: TriggerOutcomeUnknown) -> bool:
        """Let the user identify the run; returns whether to reopen the form."""
        while True:
            decision = await self.app.push_screen_wait(
                UnknownOutcomeDialog(
                    self.runner,
                    unknown.candidates,
                    listed=unknown.listed,
                    profile=self.monitor.profile,
                    clock=self.monitor.server_now,
                    detail=unknown.detail,
                )
            )
            if decision is None or decision.step is NextStep.FORM:
                return decision is not None
            if decision.step is NextStep.OPEN:
                runs = [candidate.run for candidate in unknown.candidates]
                started = next(run for run in runs if run.key == decision.key)
                self.monitor.run_control.started_here.add(started.key)
                self.show_run(started)
                return False
            unknown = await self.monitor.run_control.find_candidates(unknown.sent, unknown.detail)

    def _form(
        self,
        known_env: "tuple[EnvRow, ...] | None",
        draft: "TriggerDraft | None" = None,
        rejection: BadRequest | None = None,
    ) -> TriggerDialog:
        return TriggerDialog(
            self.runner,
            profile=self.monitor.profile,
            rerun_of=self.rerun_of,
            known_env=known_env,
            draft=draft,
            field_errors=rejection.fields if rejection else {},
            error_message=rejection.detail if rejection else "",
            presets=self.monitor.presets,
            disabled_reason=errors.READ_ONLY if self.monitor.run_control.read_only else "",
        )

    async def _known_env(self) -> "tuple[EnvRow, ...] | None":
        history = self.monitor.history
        if self.rerun_of is None or history is None:
            return None
        saved_env = await asyncio.to_thread(history.env_for, self.rerun_of.key)
        self._warn(saved_env.notice)
        return saved_env.rows

    async def _save_env(self, run: Run, draft: "TriggerDraft") -> None:
        """Save the environment, which the API never returns; a failure is only reported."""
        if self.monitor.history is None:
            return
        try:
            self._warn(await asyncio.to_thread(self.monitor.history.remember, run, draft.env))
        except OSError as error:
            self._warn(f"Environment not saved: {error.strerror or error}")

    def _warn(self, message: str) -> None:
        if message:
            self.app.notify(sanitize(message), severity="warning", markup=False)
