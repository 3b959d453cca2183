import asyncio
from datetime import timedelta
from itertools import pairwise
from types import SimpleNamespace

import pytest

from nodion_tui.api.follow.events import (
    CaughtUp,
    Heartbeat,
    HistoryRead,
    LogNotice,
    NewLines,
    RunEnded,
    RunUpdate,
    StreamLost,
    StreamOpened,
)
from nodion_tui.model.errors import KeyRejected, ResourceNotFound
from nodion_tui.model.log_line import FinalState
from nodion_tui.model.run import Run
from nodion_tui.monitor.log.buffer import EntryKind
from nodion_tui.monitor.log.session import LogSession
from nodion_tui.monitor.log.session_hooks import LogHooks
from nodion_tui.monitor.log.state import LogPhase, LogState
from tests.support.running import running
from tests.support.scripted_service import KEY, START, SUCCEEDED, ScriptedService, numbered, until


def shown(session: LogSession) -> list[tuple[EntryKind, str]]:
    buffer = session.buffer
    return [(e.kind, e.body) for e in buffer.entries(buffer.first, buffer.end)]


async def test_history_and_live_lines_are_one_sequence() -> None:
    service = ScriptedService()
    session = LogSession(KEY, service)
    service.send(NewLines(numbered(0, 3), live=False), HistoryRead(), StreamOpened(resumed=False))
    service.send(NewLines(numbered(3, 5), live=True), RunEnded(SUCCEEDED, complete=True))
    await session.run()
    assert [body for kind, body in shown(session) if kind is EntryKind.LINE] == [
        f"line {n}" for n in range(5)
    ]
    assert shown(session)[-1] == (
        EntryKind.ENDED,
        "succeeded, exit 0, 04:30, log complete, 5 lines",
    )
    assert session.state.phase is LogPhase.ENDED
    assert session.state.complete
    assert session.state.final == SUCCEEDED
    assert session.state.lines == 5


async def test_loading_counts_lines_until_the_history_is_complete() -> None:
    service = ScriptedService()
    session = LogSession(KEY, service)
    async with running(session):
        service.send(NewLines(numbered(0, 1000), live=False))
        state = await until(session, lambda state: state.lines == 1000)
        assert state.phase is LogPhase.LOADING
        service.send(HistoryRead())
        await until(session, lambda state: state.phase is LogPhase.LIVE)


async def test_disconnects_and_reconnects_are_in_the_log_and_in_the_state() -> None:
    service = ScriptedService()
    clock = SimpleNamespace(now=50.0)
    session = LogSession(KEY, service, clock=lambda: clock.now)
    async with running(session):
        service.send(NewLines(numbered(0, 1), live=True), StreamLost("reset by peer", 3.2, 1))
        state = await until(session, lambda state: state.phase is LogPhase.RECONNECTING)
        assert (state.retry_at, state.attempt, state.reason) == (53.2, 1, "reset by peer")
        clock.now = 51.2
        assert session.seconds_until_retry() == pytest.approx(2.0)
        assert session.seconds_since_event() == pytest.approx(1.2)
        service.send(StreamLost("refused", 7.5, 2), StreamOpened(resumed=True, outage=9.0))
        await until(session, lambda state: state.phase is LogPhase.CATCHING_UP)
        assert [kind for kind, _ in shown(session)[1:]] == [EntryKind.LOST]
        service.send(NewLines(numbered(1, 4), live=False), CaughtUp())
        state = await until(session, lambda state: state.phase is LogPhase.LIVE)
    assert (state.reconnects, state.gaps, state.retry_at, state.reason) == (1, 0, None, "")
    assert shown(session)[1:] == [
        (EntryKind.LOST, "interrupted: refused"),
        *((EntryKind.LINE, f"line {number}") for number in (1, 2, 3)),
        (EntryKind.RESUMED, "resumed, 3 lines caught up, 0 lines lost"),
    ]


async def test_a_resumed_stream_reports_that_lines_may_be_missing() -> None:
    service = ScriptedService()
    session = LogSession(KEY, service)
    async with running(session):
        service.send(
            StreamLost("gone", 0.3, 1),
            StreamOpened(resumed=True, outage=1.0, lossless=False),
            CaughtUp(),
        )
        state = await until(session, lambda state: state.phase is LogPhase.LIVE)
    assert state.gaps == 1
    assert shown(session) == [
        (EntryKind.LOST, "interrupted: gone"),
        (EntryKind.RESUMED, "resumed, lines may be missing"),
    ]


@pytest.mark.parametrize(
    ("final", "complete", "lines", "text"),
    [
        (FinalState(status="canceled"), True, 0, "canceled, log complete, 0 lines"),
        (
            FinalState(status="failed", exit_code=3),
            False,
            1,
            "failed, exit 3, log may be incomplete, 1 line",
        ),
        (
            FinalState(
                status="failed",
                exit_code=1,
                started_at=START,
                completed_at=START + timedelta(hours=1, minutes=4, seconds=30),
            ),
            True,
            1204,
            "failed, exit 1, 1:04:30, log complete, 1,204 lines",
        ),
    ],
)
async def test_the_marker_of_the_end(
    final: FinalState, *, complete: bool, lines: int, text: str
) -> None:
    service = ScriptedService()
    session = LogSession(KEY, service)
    if lines:
        service.send(NewLines(numbered(0, lines), live=False))
    service.send(RunEnded(final, complete=complete))
    await session.run()
    assert shown(session)[-1] == (EntryKind.ENDED, text)


async def test_a_line_that_cannot_be_read_makes_a_log_not_complete() -> None:
    service = ScriptedService()
    session = LogSession(KEY, service)
    service.send(LogNotice("unreadable line: no id", line_missing=True))
    service.send(RunEnded(SUCCEEDED, complete=True))
    await session.run()
    assert (session.state.complete, session.state.unreadable) == (False, 1)
    assert shown(session)[-1][1] == "succeeded, exit 0, 04:30, log may be incomplete, 0 lines"


async def test_leaving_stops_at_once_and_resuming_fetches_new_lines() -> None:
    service = ScriptedService()
    session = LogSession(KEY, service)
    async with running(session):
        service.send(NewLines(numbered(0, 3), live=False))
        await until(session, lambda state: state.lines == 3)
        assert service.reading == 1
    async with running(session):
        service.send(NewLines(numbered(3, 4), live=False))
        await until(session, lambda state: state.lines == 4)
        assert service.reading == 1
        assert service.asked == [None, "2"]
        service.left.clear()
    async with asyncio.timeout(5):
        await service.left.wait()
    assert service.reading == 0


async def test_a_complete_log_is_not_fetched_again() -> None:
    service = ScriptedService()
    session = LogSession(KEY, service)
    service.send(RunEnded(SUCCEEDED, complete=True))
    await session.run()
    await session.run()
    assert service.asked == [None]
    assert len(shown(session)) == 1


@pytest.mark.parametrize("complete", [True, False])
async def test_the_ids_of_lines_are_kept_until_no_line_can_come(*, complete: bool) -> None:
    service = ScriptedService()
    session = LogSession(KEY, service)
    service.send(NewLines(numbered(0, 5000), live=True), RunEnded(SUCCEEDED, complete=complete))
    await session.run()
    ids_only = session.bytes_held - session.buffer.bytes_held
    assert ids_only == 0 if complete else ids_only > 4 * 5000


async def test_an_unconfirmed_end_is_checked_again() -> None:
    service = ScriptedService()
    session = LogSession(KEY, service)
    service.send(RunEnded(SUCCEEDED, complete=False))
    await session.run()
    service.send(RunEnded(SUCCEEDED, complete=True))
    await session.run()
    assert [body for _, body in shown(session)] == [
        "succeeded, exit 0, 04:30, log complete, 0 lines"
    ]


async def test_two_readers_share_one_stream() -> None:
    service = ScriptedService()
    session = LogSession(KEY, service)
    async with running(session) as first, running(session):
        service.send(NewLines(numbered(0, 1), live=True))
        await until(session, lambda state: state.lines == 1)
        assert service.asked == [None]
        first.cancel()
        await asyncio.wait((first,))
        service.send(NewLines(numbered(1, 2), live=True))
        await until(session, lambda state: state.lines == 2)
        assert service.reading == 1
    async with asyncio.timeout(5):
        await service.left.wait()
    assert service.reading == 0


async def test_an_error_without_a_detail_of_its_own_is_told_once() -> None:
    service = ScriptedService()
    session = LogSession(KEY, service)
    service.send(KeyRejected("Invalid API key", status=401, endpoint="GET /logs"))
    await session.run()
    assert shown(session) == [(EntryKind.NOTICE, "Invalid API key")]


async def test_an_error_is_reported_and_can_be_retried() -> None:
    service = ScriptedService()
    session = LogSession(KEY, service)
    error = ResourceNotFound("run removed", status=404, endpoint="GET /logs")
    service.send(error)
    await session.run()
    assert (session.state.phase, session.state.error) == (LogPhase.FAILED, error)
    assert shown(session) == [(EntryKind.NOTICE, "Not found: run removed")]
    service.send(RunEnded(SUCCEEDED, complete=True))
    await session.run()
    assert (session.state.phase, session.state.error) == (LogPhase.ENDED, None)


async def test_notices_are_entries_and_run_states_are_forwarded() -> None:
    service = ScriptedService()
    runs: list[Run] = []
    session = LogSession(KEY, service, hooks=LogHooks(on_run=runs.append))
    run = Run(id="run", status="running", runner_id="runner")
    service.send(
        LogNotice("the stream sends nothing"), RunUpdate(run), RunEnded(SUCCEEDED, complete=True)
    )
    await session.run()
    assert shown(session)[0] == (EntryKind.NOTICE, "the stream sends nothing")
    assert runs == [run]


async def test_a_ping_updates_the_last_event_without_a_redraw() -> None:
    service = ScriptedService()
    clock = SimpleNamespace(now=50.0)
    session = LogSession(KEY, service, clock=lambda: clock.now, per_second=1000)
    async with running(session):
        service.send(NewLines(numbered(0, 1), live=True))
        await until(session, lambda state: state.lines == 1)
        states: list[LogState] = []
        session.subscribe(states.append)
        clock.now = 65.0
        service.send(Heartbeat(), LogNotice("after it"))
        await until(session, lambda _: session.buffer.end == 2)
    assert session.state.last_event_at == 65.0
    assert len(states) == 1


async def test_a_flood_is_flushed_a_few_times_and_the_last_flush_has_it_all() -> None:
    service = ScriptedService()
    session = LogSession(KEY, service, per_second=20)
    loop = asyncio.get_running_loop()
    flushes: list[tuple[float, int]] = []
    session.subscribe(lambda state: flushes.append((loop.time(), state.lines)))
    for start in range(0, 20_000, 20):
        service.send(NewLines(numbered(start, start + 20), live=True))
    service.send(RunEnded(SUCCEEDED, complete=True))
    await session.run()
    await until(session, lambda _: flushes[-1][1] == 20_000)
    times = [at for at, _ in flushes[:-1]]  # The end of the run is flushed at once.
    assert all(b - a >= 0.045 for a, b in pairwise(times))


async def test_no_update_without_news() -> None:
    service = ScriptedService()
    session = LogSession(KEY, service, per_second=1000)
    count: list[LogState] = []
    session.subscribe(count.append)
    async with running(session):
        service.send(NewLines(numbered(0, 1), live=True))
        await until(session, lambda state: state.lines == 1)
        await asyncio.sleep(0.01)
        before = len(count)
        await asyncio.sleep(0.05)
        assert len(count) == before


async def test_dropped_lines_are_fetched_again_page_by_page() -> None:
    service = ScriptedService()
    service.log = numbered(0, 3000, width=60)
    session = LogSession(KEY, service, max_bytes=150_000)
    service.send(NewLines(service.log, live=False), RunEnded(SUCCEEDED, complete=True))
    await session.run()
    first = session.buffer.first
    assert first > 0
    assert session.state.dropped == session.buffer.dropped > 0
    assert await session.fetch_older()
    restored_first = session.buffer.first
    assert restored_first < first
    assert session.buffer.entry(restored_first + 1).body.strip() == f"line {restored_first + 1}"
    assert session.state.dropped == session.buffer.dropped


async def test_lines_that_the_service_deleted_stay_dropped() -> None:
    service = ScriptedService()
    session = LogSession(KEY, service, max_bytes=150_000)
    service.send(
        NewLines(numbered(0, 3000, width=60), live=False), RunEnded(SUCCEEDED, complete=True)
    )
    await session.run()
    assert not await session.fetch_older()
    assert not await LogSession(KEY, service).fetch_older()
