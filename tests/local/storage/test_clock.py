"""A clock that is set back causes no negative durations."""

from pathlib import Path

from nodion_tui.local.storage.store import EngineStore
from nodion_tui.model.trigger import TriggerRequest


async def test_a_clock_that_is_set_back_reorders_no_runs(tmp_path: Path) -> None:
    store = EngineStore(tmp_path / "db")
    day = 24 * 3600 * 1000
    times = [
        (await store.add_run(runner, TriggerRequest(), at)).created_at
        for runner, at in (("x", 5 * day), ("x", 5 * day), ("y", 4 * day + 9), ("x", 3 * day))
    ]
    assert times == [5 * day, 5 * day + 1, 5 * day + 2, 3 * day]
    await store.aclose()


async def test_no_run_ends_before_it_began(tmp_path: Path) -> None:
    store = EngineStore(tmp_path / "db")
    row = await store.add_run("x", TriggerRequest(), 5000)
    assert await store.mark_running(row.number, "process", 4000)
    assert not await store.mark_running(row.number, "process", 4500)
    await store.mark_finished(row.number, "succeeded", 0, 3000)
    ended = await store.find_run("x", row.id)
    assert ended is not None
    assert (ended.created_at, ended.started_at, ended.completed_at) == (5000, 5000, 5000)
    await store.cancel(row, 9000)
    assert await store.find_run("x", row.id) == ended
    await store.aclose()
