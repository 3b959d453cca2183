"""Triggers a run: choose the runner, fill in the form, send once, handle the response."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec
from textual.app import App

from nodion_tui.model.errors import NodionError
from nodion_tui.model.run import Run
from nodion_tui.model.runner import Runner, short_id
from nodion_tui.model.text.sanitize import sanitize
from nodion_tui.model.trigger_draft import draft_from_run
from nodion_tui.monitor.runs.unknown_outcome import TriggerOutcomeUnknown
from nodion_tui.ui.dialogs.box import BaseDialog
from nodion_tui.ui.dialogs.menu import Menu, MenuEntry
from nodion_tui.ui.session import error_text as errors
from nodion_tui.ui.trigger.dialog import TriggerDialog
from nodion_tui.ui.trigger.form_target import FormTarget
from nodion_tui.ui.trigger.many.form_starts import choose_starts
from nodion_tui.ui.trigger.many.many_draft import ManyDraft
from nodion_tui.ui.trigger.many.series_flow import SeriesFlow
from nodion_tui.ui.trigger.repeat_dialog import RepeatDialog
from nodion_tui.ui.trigger.sending_dialog import SendingDialog
from nodion_tui.ui.trigger.session_secrets import SessionSecrets, session_secrets
from nodion_tui.ui.trigger.spare_form import spare_form
from nodion_tui.ui.trigger.unknown_outcome_dialog import NextStep, UnknownOutcomeDialog

if TYPE_CHECKING:
    from nodion_tui.model.trigger import TriggerRequest
    from nodion_tui.model.trigger_draft import EnvRow, TriggerDraft
    from nodion_tui.monitor.monitor import Monitor

SENDING_DIALOG_DELAY = 0.7
"""Seconds without a response after which the sending dialog is shown."""
D = TypeVar("D", bound=BaseDialog[Any])

_NOT_KNOWN = "Cannot repeat it unchanged: its environment is not known. Check it, then trigger."
_SECRETS_MISSING = (
    "Cannot repeat it unchanged: its secrets are not stored. Enter them, then trigger."
)


async def choose_runner(app: App[object], monitor: "Monitor") -> Runner | None:
    """Let the user choose a runner; None if cancelled."""
    by_name = sorted(monitor.runs.runners, key=lambda runner: runner.label.lower())
    entries = [
        MenuEntry(str(number), runner.id, runner.label, monitor.accounts.row_name(runner.id))
        for number, runner in enumerate(by_name, 1)
    ]
    runner_id = await app.push_screen_wait(Menu("Trigger which runner?", entries))
    return next((runner for runner in by_name if runner.id == runner_id), None)


@dataclass
class TriggerFlow:
    """Triggers one run, through the form or as another run was.

    The account is that of the runner when the flow begins: what the dialog says is what is done.

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

    def __post_init__(self) -> None:
        """The account that is asked, whatever other account lists the runner meanwhile."""
        self._account = self.monitor.account_of(self.runner.id)

    @property
    def secrets(self) -> SessionSecrets:
        """The secret values that were typed in this session."""
        return session_secrets(self.app)

    @property
    def target(self) -> FormTarget:
        """What the form is for."""
        return FormTarget(
            self._account.service_runner(self.runner),
            self._account.profile,
            presets=self._account.presets,
            history=self._account.history,
            fill_secrets=self._fill_secrets,
            disabled_reason=errors.disabled_reason(self._account),
            named_profile=self._account.named_profile,
        )

    async def run(self, draft: "TriggerDraft | None" = None) -> None:
        """Show the form, send the request once, show the outcome; after an error, show it again.

        Args:
            draft: fills in the form, as a preset does; None: the run to repeat does, or nothing.
        """
        if draft is not None:
            draft = msgspec.structs.replace(draft, env=self._fill_secrets(draft.env))
        await self._ask(await self._known_env(), draft)

    async def repeat(self, run: Run) -> None:
        """Send the request of `rerun_of` again, unchanged; show the form where it is not known."""
        profile = self._account.profile
        known_env = await self._known_env()
        exact_env = self.secrets.fill_from_run(profile, run.key, known_env or ())
        draft = draft_from_run(run, exact_env)
        if known_env is None or draft.problems():
            await self._ask(known_env, note=_NOT_KNOWN if known_env is None else _SECRETS_MISSING)
            return
        if profile.confirm_name:
            dialog = RepeatDialog(run, self.runner, draft.request(), profile=profile)
            if not await self.app.push_screen_wait(self._titled(dialog)):
                return
        sent = await self._attempt(draft)
        if isinstance(sent, NodionError):
            await self._ask(known_env, draft, sent)
        elif sent is not None:
            name = f"{short_id(sent.id)} of {self.runner.label}"
            self.app.notify(sanitize(f"Started run {name}"), markup=False, timeout=4)

    async def _ask(
        self,
        known_env: "tuple[EnvRow, ...] | None",
        draft: "TriggerDraft | None" = None,
        error: NodionError | None = None,
        note: str = "",
    ) -> None:
        """Show the form until its request is accepted or it is left."""
        many: ManyDraft | None = None
        while True:
            form = self._form(known_env, draft, error, note, many)
            request = await self.app.push_screen_wait(form)
            self.app.run_worker(spare_form(self.app).prepare(self.target), group="spare form")
            if request is None:
                return
            draft, many = form.draft, form.many.draft
            if form.many.planned:
                if await self._start_many(form):
                    return
                continue
            sent = await self._attempt(draft)
            if not isinstance(sent, NodionError):
                return
            error = sent

    async def _start_many(self, form: TriggerDialog) -> bool:
        """Start every run of the form; False: back to the form."""
        place = self._account
        choice = await choose_starts(self.app, place, self.runner, form.many, form.hidden_keys)
        if choice is None:
            return False
        self.secrets.remember(place.profile, self.runner.id, form.draft.env)
        await SeriesFlow(self.app, place, self.monitor.runs, choice, self.show_run).run()
        return True

    async def _attempt(self, draft: "TriggerDraft") -> Run | NodionError | None:
        """Send a request once: the run, or the error to show in the form; None: nothing to do."""
        profile = self._account.profile
        self.secrets.remember(profile, self.runner.id, draft.env)
        try:
            started = await self._send(draft.request())
        except TriggerOutcomeUnknown as unknown:
            return unknown if await self._resolve(unknown) else None
        except NodionError as error:
            return error
        self.secrets.remember_run(profile, started.key, draft.env)
        self.show_run(started)
        await self._save_env(started, draft)
        return started

    async def _send(self, request: "TriggerRequest") -> Run:
        """Send the request; a dialog is shown while the response is pending.

        Raises:
            NodionError: as `RunControl.trigger`.
        """
        dialog = SendingDialog(self.runner, profile=self._account.profile, clock=time.monotonic)
        self._titled(dialog)
        timer = self.app.set_timer(SENDING_DIALOG_DELAY, lambda: self.app.push_screen(dialog))
        try:
            return await self._account.run_control.trigger(self.runner.id, request)
        finally:
            timer.stop()
            dialog.mark_answered()

    async def _resolve(self, unknown: TriggerOutcomeUnknown) -> bool:
        """Let the user identify the run; returns whether to reopen the form."""
        while True:
            dialog = UnknownOutcomeDialog(
                self.runner,
                unknown.candidates,
                listed=unknown.listed,
                profile=self._account.profile,
                clock=self._account.server_now,
                detail=unknown.detail,
            )
            decision = await self.app.push_screen_wait(self._titled(dialog))
            if decision is None or decision.step is NextStep.FORM:
                return decision is not None
            if decision.step is NextStep.OPEN:
                runs = [candidate.run for candidate in unknown.candidates]
                started = next(run for run in runs if run.key == decision.key)
                self._account.run_control.started_here.add(started.key)
                self.show_run(started)
                return False
            unknown = await self._account.run_control.find_candidates(unknown.sent, unknown.detail)

    def _form(
        self,
        known_env: "tuple[EnvRow, ...] | None",
        draft: "TriggerDraft | None",
        error: NodionError | None,
        note: str,
        many: ManyDraft | None = None,
    ) -> TriggerDialog:
        target, spare = self.target, spare_form(self.app)
        is_blank = not (self.rerun_of or draft or error or note or many)
        if is_blank and (form := spare.take(target)) is not None:
            return form
        return TriggerDialog(
            target,
            rerun_of=self.rerun_of,
            known_env=known_env,
            draft=draft,
            field_errors=error.fields if error else {},
            error_message=errors.sending_text(error) if error else note,
            many=many,
        )

    def _titled(self, dialog: D) -> D:
        """A dialog that names the profile in its title, where there are several."""
        dialog.profile_in_title = self._account.named_profile
        return dialog

    def _fill_secrets(self, rows: "tuple[EnvRow, ...]") -> "tuple[EnvRow, ...]":
        """The rows with what was typed in this session: for the run, else last for the runner."""
        profile = self._account.profile
        if self.rerun_of is not None:
            rows = self.secrets.fill_from_run(profile, self.rerun_of.key, rows)
        return self.secrets.fill(profile, self.runner.id, rows)

    async def _known_env(self) -> "tuple[EnvRow, ...] | None":
        history = self._account.history
        if self.rerun_of is None:
            return None
        saved_env = await asyncio.to_thread(
            history.env_for, self._account.service_key(self.rerun_of.key)
        )
        self._warn(saved_env.notice)
        return saved_env.rows

    async def _save_env(self, run: Run, draft: "TriggerDraft") -> None:
        """Save the environment, which the API never returns; a failure is only reported."""
        history = self._account.history
        sent_run = self._account.service_run(run)
        try:
            self._warn(await asyncio.to_thread(history.remember, sent_run, draft.env))
        except OSError as error:
            self._warn(f"Environment not saved: {error.strerror or error}")

    def _warn(self, message: str) -> None:
        if message:
            self.app.notify(sanitize(message), severity="warning", markup=False)
