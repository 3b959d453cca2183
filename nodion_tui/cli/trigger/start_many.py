"""Starts many runs on the command line, each request sent once, and tells what became of each."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from nodion_tui.cli.output.next_command import next_command
from nodion_tui.cli.output.status_cell import status_cell
from nodion_tui.cli.process.exit_codes import FAILED, OWN_FAILURE, error_exit_code
from nodion_tui.cli.process.interrupts import InterruptWatch, watch_interrupts
from nodion_tui.cli.session import CommandSession
from nodion_tui.cli.trigger.follow_many import FollowMany
from nodion_tui.cli.trigger.send import ANSWER_SECONDS
from nodion_tui.config.url import is_loopback
from nodion_tui.model.backoff import Backoff
from nodion_tui.model.errors import NodionError
from nodion_tui.model.run import Run, RunStatus
from nodion_tui.model.runner import Runner
from nodion_tui.monitor.many.planned_start import PlannedStart, StartState
from nodion_tui.monitor.many.start_series import StartSeries
from nodion_tui.monitor.polling.request_budget import RequestBudget

_PACE = Backoff(first=0.5, limit=5.0)
"""Looks for ends while the next start waits, without jitter."""


class ManyStarts(NamedTuple):
    """What is started, and how it is followed."""

    runner: Runner
    starts: Sequence[PlannedStart]
    at_most: int | None
    requests_per_minute: int
    save: Callable[[Run, PlannedStart], None]
    """Saves the environment of a run."""
    follow: FollowMany | None = None


class ManyReport:
    """Prints a row for each start, as soon as its result is known."""

    def __init__(self, session: CommandSession, many: ManyStarts) -> None:
        self._session = session
        self._many = many
        self.series: StartSeries | None = None

    def changed(self, index: int) -> None:
        """A start has got a result, or was sent."""
        assert self.series is not None  # noqa: S101 - set before anything is sent
        outcome, start = self.series.outcomes[index], self._many.starts[index]
        if outcome.state in {StartState.WAITING, StartState.SENDING}:
            return
        run, output = outcome.run, self._session.output
        if run is not None:
            # The id comes first: a full disk or a closed pipe must not hide it.
            if self._many.follow or not output.is_terminal:
                output.notice(f"run {run.id} is {run.status}  {start.label}".rstrip())
            self._many.save(run, start)
        elif outcome.state is not StartState.LEFT_OUT:
            name = f"run {index + 1}{f' ({start.label})' if start.label else ''}"
            output.warning(f"{name}: {outcome.reason or 'may have been sent: no answer'}")
            self._tell_candidates(index)
        if self._many.follow is None:
            self._print(outcome.state, run, start.label)
        elif run is not None:
            self._many.follow.add(run)

    def _tell_candidates(self, index: int) -> None:
        assert self.series is not None  # noqa: S101 - as above
        unknown = self.series.outcomes[index].unknown
        if unknown is None:
            return
        if not unknown.listed:
            self._session.output.warning("  the runs could not be listed either")
        for candidate in unknown.candidates:
            match = "same command" if candidate.matches else "different command"
            self._session.output.warning(f"  new since then: {candidate.run.id}  {match}")

    def _print(self, state: StartState, run: Run | None, label: str) -> None:
        output = self._session.output
        if output.json:
            if run is not None:
                output.json_lines([self._session.run_json(run)])
        elif not output.is_terminal:
            output.tab_separated([(run.id if run else "", str(state), label)])
        elif run is not None:
            output.line(status_cell(output, run.status), f"  {run.id}  {label}")
        else:
            output.line(f"{state}  {label}")


async def start_many(session: CommandSession, many: ManyStarts) -> int:
    """Send every request once, follow the runs if asked for, and return the exit code.

    At the first signal nothing more is sent; the second one ends the program at once.
    """
    with suppress(NodionError):
        # Runs listed now can be distinguished from runs that appear later.
        session.runs.apply_runs(many.runner.id, await session.client.list_runs(many.runner.id))
    report = ManyReport(session, many)
    acquire = _acquire(session, many.requests_per_minute)
    series = report.series = StartSeries(
        many.starts,
        session.run_control,
        session.runs,
        at_most=many.at_most,
        acquire=acquire,
        look=_look(session, many.runner.id, acquire),
        on_change=report.changed,
    )
    async with watch_interrupts() as watch:
        sending = asyncio.create_task(series.run())
        following = asyncio.create_task(many.follow.run(sending)) if many.follow else None
        try:
            await _wait_for_all(session, series, sending, watch)
            if following is not None and not watch.interrupted.is_set():
                await watch.wait_for(following)
                if following.done():
                    following.result()
        finally:
            tasks: list[asyncio.Task[Any]] = [sending, *([following] if following else [])]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        if watch.output_closed.is_set():
            raise BrokenPipeError
        if watch.interrupted.is_set() and many.follow is not None:
            await many.follow.leave()
    _tell_total(session, series)
    return watch.exit_code if watch.interrupted.is_set() else _exit_code(session, series, many)


async def _wait_for_all(
    session: CommandSession,
    series: StartSeries,
    sending: "asyncio.Task[None]",
    watch: InterruptWatch,
) -> None:
    """Wait until all are sent; a signal ends that, but an answer under way is awaited a little."""
    told = ""
    while not sending.done() and not watch.interrupted.is_set():
        waiting = asyncio.create_task(watch.wait_for_answer(sending))
        await asyncio.wait({waiting}, timeout=1.0)
        waiting.cancel()
        kind = series.hold.partition(":")[0]
        if kind and kind != told:
            session.output.notice(series.hold)
        told = kind
    if not sending.done():
        series.stop()
        session.output.warning("interrupted: no more requests are sent")
        await asyncio.wait({sending}, timeout=ANSWER_SECONDS)
    if sending.done():
        sending.result()


def _acquire(session: CommandSession, per_minute: int) -> Callable[[], Awaitable[None]]:
    """Waits until a request fits into the budget of the profile."""
    is_local = is_loopback(urlsplit(session.profile.api_url).hostname or "")
    budget = RequestBudget(per_minute, time.monotonic(), is_enforced=not is_local)

    turn = asyncio.Lock()

    async def acquire() -> None:
        async with turn:
            await asyncio.sleep(budget.wait(time.monotonic()))
            budget.consume(time.monotonic())

    return acquire


def _look(
    session: CommandSession, runner_id: str, acquire: Callable[[], Awaitable[None]]
) -> Callable[[], Awaitable[None]]:
    """Looks for ends: the longer none comes, the more rarely.

    An outage is waited for, and told once; an error that stays ends the series.
    """
    looks = 0
    is_outage_told = False

    async def look() -> None:
        nonlocal looks, is_outage_told
        looks += 1
        await asyncio.sleep(_PACE.delay(looks, 1.0))
        await acquire()
        try:
            listing = await session.client.list_runs(runner_id)
        except NodionError as error:
            if not error.retryable:
                raise
            if not is_outage_told:
                is_outage_told = True
                reason = error.detail or error.title
                session.output.warning(f"waiting, as the runs cannot be listed: {reason}")
            return
        if is_outage_told:
            is_outage_told = False
            session.output.notice("the runs can be listed again")
        session.runs.apply_runs(runner_id, listing)

    return look


def _tell_total(session: CommandSession, series: StartSeries) -> None:
    states = [outcome.state for outcome in series.outcomes]
    started = states.count(StartState.STARTED)
    others = ", ".join(
        f"{states.count(state)} {state}"
        for state in (StartState.UNKNOWN, StartState.REFUSED, StartState.LEFT_OUT)
        if state in states
    )
    tell = session.output.warning if others else session.output.notice
    tell(f"started {started} of {len(states)}{f': {others}' if others else ''}")
    if StartState.UNKNOWN in states:
        command = next_command("runs", series.starts[0].runner_id)
        session.output.warning(f"check before you retry: {command}")


def _exit_code(session: CommandSession, series: StartSeries, many: ManyStarts) -> int:
    """0 if all did: started, or with -f succeeded."""
    outcomes = series.outcomes
    errors = [outcome.error for outcome in outcomes if outcome.error is not None]
    if any(outcome.run is None for outcome in outcomes):
        if many.follow is not None:
            return OWN_FAILURE
        is_refused = errors and not any(outcome.run or outcome.unknown for outcome in outcomes)
        return error_exit_code(errors[0]) if is_refused else FAILED
    if many.follow is None:
        return 0
    runs = [session.runs.run(each.run.key) or each.run for each in outcomes if each.run]
    succeeded = sum(run.status == RunStatus.SUCCEEDED for run in runs)
    session.output.notice(f"{succeeded} of {len(runs)} succeeded")
    return 0 if succeeded == len(runs) else FAILED
