"""Data is never shown as fresher than it is, and no failure hides its age."""

import time
from types import SimpleNamespace

import pytest

from nodion_tui.api.follow.events import NewLines, StreamLost
from nodion_tui.config import Profile
from nodion_tui.model.listing import Listing
from nodion_tui.model.run import Run
from nodion_tui.monitor.log.session import LogSession
from nodion_tui.monitor.log.state import LogPhase
from nodion_tui.monitor.monitor import Monitor
from nodion_tui.monitor.polling import list_ages
from nodion_tui.monitor.polling.list_ages import STALE_CYCLES, STALE_SECONDS
from tests.support.running import running
from tests.support.scripted_service import KEY, ScriptedService, numbered, until


async def test_a_failed_attempt_is_no_event() -> None:
    service = ScriptedService()
    clock = SimpleNamespace(now=50.0)
    session = LogSession(KEY, service, clock=lambda: clock.now)
    async with running(session):
        service.send(NewLines(numbered(0, 1), live=True))
        await until(session, lambda state: state.lines == 1)
        for attempt in (1, 2, 3):
            clock.now += 20.0
            service.send(StreamLost("refused", 20.0, attempt))
            await until(session, lambda state: state.attempt == attempt)  # noqa: B023
            assert session.state.phase is LogPhase.RECONNECTING
            assert session.seconds_since_event() == pytest.approx(20.0 * attempt)


def test_a_running_run_is_fresh_as_long_as_its_list_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monitor = Monitor(Profile(name="old"))
    goes_on = Run(id="1", status="running", runner_id="runner")
    over = Run(id="2", status="succeeded", runner_id="runner")
    assert monitor.is_stale(goes_on)
    monitor.runs.apply_runs("runner", Listing((goes_on, over)))
    assert not monitor.is_stale(goes_on)
    later = (
        STALE_SECONDS + STALE_CYCLES * monitor.accounts.first.poller.expected_interval("runner") + 1
    )
    now = time.monotonic()
    monkeypatch.setattr(list_ages, "time", SimpleNamespace(monotonic=lambda: now + later))
    assert monitor.is_stale(goes_on)
    assert not monitor.is_stale(over)
