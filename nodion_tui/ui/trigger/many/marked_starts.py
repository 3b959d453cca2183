"""Marked runs as starts: which offer their environment, and which cannot be started again."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from textual.app import App

from nodion_tui.model.run import Run
from nodion_tui.model.runner import Runner, short_id
from nodion_tui.model.text.format import count, effective_command
from nodion_tui.model.trigger_draft import EnvRow, draft_from_run
from nodion_tui.monitor.many.planned_start import PlannedStart
from nodion_tui.ui.session.error_text import disabled_reason
from nodion_tui.ui.trigger.many.series_flow import SeriesFlow, StartPlace
from nodion_tui.ui.trigger.many.start_dialog import OfferedStart, StartManyDialog
from nodion_tui.ui.trigger.session_secrets import SessionSecrets, session_secrets

if TYPE_CHECKING:
    from nodion_tui.monitor.monitor import Monitor

UNKNOWN_ENVIRONMENT = "environment not known"
"""The service does not tell it, and no run is remembered that was not triggered from here."""


async def offered_reruns(
    runs: Sequence[Run],
    runners: Mapping[str, Runner],
    place: StartPlace,
    secrets: SessionSecrets,
) -> list[OfferedStart]:
    """The runs as starts, the oldest first, as they were started.

    Args:
        runs: newest first.
        runners: by id, for their names.
        place: the profile of all of them; has environments of runs that were triggered from here.
        secrets: has secret values of this session.
    """
    offers = []
    for run in reversed(runs):
        rows = (await asyncio.to_thread(place.history.env_for, place.service_key(run.key))).rows
        filled = None if rows is None else secrets.fill_from_run(place.profile, run.key, rows)
        offers.append(_offer(run, runners.get(run.runner_id) or Runner(id=run.runner_id), filled))
    return offers


def _offer(run: Run, runner: Runner, rows: tuple[EnvRow, ...] | None) -> OfferedStart:
    name = f"{runner.label} {short_id(run.id)}"
    command = effective_command(run, runner)
    missing = [row.key for row in rows or () if row.is_sent and row.needs_value and not row.value]
    if missing:
        note = f"cannot: secret not stored: {', '.join(missing)}; re-run it alone"
        return OfferedStart(name, None, note)
    draft = draft_from_run(run, rows or ())
    if problems := draft.problems():
        return OfferedStart(name, None, f"cannot: {next(iter(problems.values()))[0]}")
    start = PlannedStart(run.runner_id, draft.request(), draft.env, name)
    if rows is None:
        return OfferedStart(name, start, f"{UNKNOWN_ENVIRONMENT} · {command}", is_certain=False)
    variables = count(sum(row.is_sent for row in rows), "variable")
    return OfferedStart(name, start, f"{variables} · {command}")


async def rerun_marked(
    app: App[Any],
    monitor: "Monitor",
    place: StartPlace,
    runs: Sequence[Run],
    description: str,
    show_run: Callable[[Run], None],
    confirmed: Callable[[Sequence[Run]], object],
) -> None:
    """Start marked runs again, after one question.

    Args:
        app: shows the dialogs.
        monitor: has runners and runs.
        place: the profile of all of these runs.
        runs: the marked ones, newest first.
        description: of the selection, such as `3 marked runs`.
        show_run: selects a run in the list.
        confirmed: called with those of them that a person has decided to start.
    """
    runners = {runner.id: runner for runner in monitor.runs.runners}
    offers = await offered_reruns(runs, runners, place, session_secrets(app))
    dialog = StartManyDialog(
        offers,
        profile=place.profile,
        description=description,
        verb="Re-run",
        disabled_reason=disabled_reason(place),
    )
    dialog.profile_in_title = place.named_profile
    choice = await app.push_screen_wait(dialog)
    if choice is not None:
        chosen = {id(offer) for offer in choice.offers}
        by_offer = zip(offers, reversed(runs), strict=True)
        confirmed([run for offer, run in by_offer if id(offer) in chosen])
        await SeriesFlow(app, place, monitor.runs, choice, show_run).run()
