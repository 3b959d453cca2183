"""What the log pane gives to its controllers, recorded: an open log without a DOM."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime

from nodion_tui.model.run import RunRecord
from nodion_tui.monitor.monitor import Monitor
from nodion_tui.ui.dialogs.menu import MenuEntry
from nodion_tui.ui.log.actions.context import ActionContext
from nodion_tui.ui.log.open_log import LogViews, OpenLog
from nodion_tui.ui.log.render.display_options import DisplayOptions
from tests.support.filled_session import FilledSession

RUN = RunRecord(
    id="run",
    runner_id="runner",
    status="running",
    argv=("python", "migrate.py"),
    created_at=datetime(2026, 1, 15, 10, 0, tzinfo=UTC),
).run


class LogDesk:
    """A log of these lines that is shown in a window of 10 rows until `leave`."""

    def __init__(self, *bodies: str, session: FilledSession | None = None) -> None:
        self.session = session or FilledSession()
        self.session.write(*bodies)
        self.log = LogViews().open(self.session, RUN, DisplayOptions())
        self.log.viewport.set_size(40, 10)
        self.moves = 0
        self.messages: list[str] = []
        self.menus: list[tuple[str, Sequence[MenuEntry]]] = []
        self.answer: str | None = None
        """Title of the entry that is chosen in a menu; None: Esc."""
        self._is_left = False
        self._workers: dict[str, list[asyncio.Future[None]]] = {}

    def context(self, monitor: Monitor | None = None) -> ActionContext:
        """What the pane would give to a controller."""
        return ActionContext(
            monitor=lambda: monitor,
            choose=self.choose,
            show_message=self.messages.append,
            moved=self.moved,
            is_shown=self.is_shown,
            start_worker=self.start_worker,
        )

    def moved(self) -> None:
        """Count a repaint."""
        self.moves += 1

    def leave(self) -> None:
        """Show another log."""
        self._is_left = True

    def is_shown(self, log: OpenLog) -> bool:
        """Whether it is this log, and not left."""
        return log is self.log and not self._is_left

    def start_worker(
        self, work: Callable[[], Awaitable[None]], group: str, *, exclusive: bool = True
    ) -> None:
        """Start a task."""
        if exclusive:
            self.stop_workers(group)
        self._workers.setdefault(group, []).append(asyncio.ensure_future(work()))

    def stop_workers(self, group: str) -> None:
        """Cancel the tasks of a group."""
        for task in self._workers.pop(group, []):
            task.cancel()

    async def worked(self, group: str) -> None:
        """Wait for the tasks of a group."""
        await asyncio.gather(*self._workers.pop(group))

    async def choose(self, title: str, entries: Sequence[MenuEntry]) -> str | None:
        """Answer a menu."""
        self.menus.append((title, entries))
        return next((entry.id for entry in entries if entry.title == self.answer), None)
