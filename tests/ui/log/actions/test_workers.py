import asyncio

from nodion_tui.ui.log.actions.workers import on_log
from nodion_tui.ui.log.open_log import LogViews, OpenLog
from nodion_tui.ui.log.render.display_options import DisplayOptions
from tests.support.filled_session import FilledSession


async def test_a_worker_keeps_no_log_alive_before_it_starts_or_after_its_end() -> None:
    worked: list[int] = []

    async def work(log: OpenLog) -> None:
        await asyncio.sleep(0)
        worked.append(log.viewport.cursor)

    log = LogViews().open(FilledSession(), None, DisplayOptions())
    on_this = on_log(work, log)
    await on_this()
    assert worked == [0]
    del log
    await on_this()
    assert worked == [0]
