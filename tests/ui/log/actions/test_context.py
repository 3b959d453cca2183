import asyncio

from nodion_tui.ui.log.open_log import OpenLog
from tests.support.log_desk import LogDesk


async def test_a_worker_keeps_no_log_alive_before_it_starts_or_after_its_end() -> None:
    worked: list[int] = []

    async def work(log: OpenLog) -> None:
        await asyncio.sleep(0)
        worked.append(log.viewport.cursor)

    desk = LogDesk()
    context = desk.context()
    context.start(work, desk.log, "work")
    await desk.worked("work")
    assert worked == [0]
    context.start(work, desk.log, "work")
    del desk.log
    await desk.worked("work")
    assert worked == [0]
