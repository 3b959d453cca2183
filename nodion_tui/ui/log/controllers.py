"""The controllers of a log pane: what its keys do, each made with what it needs of the pane."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from functools import partial

from textual.widget import Widget

from nodion_tui.model.errors import NodionError
from nodion_tui.monitor.monitor import Monitor
from nodion_tui.ui.commands.delegate import delegate_actions, delegate_actions_on
from nodion_tui.ui.dialogs.menu import Menu, MenuEntry
from nodion_tui.ui.log.actions.compare_actions import (
    ComparedLog,
    CompareExecuted,
    LogCompareActions,
)
from nodion_tui.ui.log.actions.context import ActionContext
from nodion_tui.ui.log.actions.copy_actions import LogCopyActions
from nodion_tui.ui.log.actions.display_actions import LogDisplayActions
from nodion_tui.ui.log.actions.jump_actions import LogJumpActions
from nodion_tui.ui.log.actions.moment_actions import LogMomentActions
from nodion_tui.ui.log.actions.navigation_actions import LogNavigation
from nodion_tui.ui.log.actions.running_search import RunningSearch
from nodion_tui.ui.log.actions.save_actions import LogSaveActions
from nodion_tui.ui.log.actions.search_actions import LogSearchActions
from nodion_tui.ui.log.actions.selection_actions import LogSelectionActions
from nodion_tui.ui.log.compare.compare_screen import CompareScreen
from nodion_tui.ui.log.log_frame import LogFrame
from nodion_tui.ui.log.moment_bar import MomentBar
from nodion_tui.ui.log.open_log import OpenLog
from nodion_tui.ui.log.render.display_options import DisplayOptions
from nodion_tui.ui.log.save_dialog import SaveLogDialog
from nodion_tui.ui.log.search_bar import LogSearchBar
from nodion_tui.ui.log.view import LogView
from nodion_tui.ui.session.error_text import full_text, toast
from nodion_tui.ui.terminal.door import paint_early


class LogControllers:
    """Those that others ask too have a name; all have actions, which the pane gets.

    Args:
        pane: binds the keys, and has workers and the screen.
        frame: shows messages.
        view: shows the lines.
        search_bar: where a pattern is typed.
        moment_bar: where a moment is typed.
        monitor: returns the monitor of the profile.
        open_log: returns the log that is shown.
        redraw: redraws the lines and the border.
        open_entry: what Enter does on a line; None: it expands or folds it.
    """

    def __init__(
        self,
        pane: Widget,
        *,
        frame: LogFrame,
        view: LogView,
        search_bar: LogSearchBar,
        moment_bar: MomentBar,
        monitor: Callable[[], Monitor | None],
        open_log: Callable[[], OpenLog | None],
        redraw: Callable[[], object],
        open_entry: Callable[[OpenLog], None] | None,
    ) -> None:
        self._pane = pane
        self._view = view
        self._search_bar = search_bar
        self._moment_bar = moment_bar
        self._monitor = monitor
        self._open_log = open_log
        context = ActionContext(
            monitor=monitor,
            choose=self._choose,
            show_message=frame.show_message,
            moved=view.announce_move,
            is_shown=self._is_shown,
            start_worker=self._start_worker,
        )
        self.display = LogDisplayActions(self._apply_options, frame.show_message)
        self.selection = LogSelectionActions(view.announce_move)
        self.search = self._new_search(redraw)
        self.jumps = LogJumpActions(
            context=context,
            show_error=lambda error: toast(pane.app, error),
            open_entry=open_entry,
        )
        save = LogSaveActions(
            context=context,
            ask=lambda offer: pane.app.push_screen_wait(SaveLogDialog(offer)),
            notify=pane.notify,
        )
        self.copying = LogCopyActions(
            context=context,
            copy=lambda text: pane.app.copy_to_clipboard(text),  # noqa: PLW0108 - no app yet
            offer_save=save.offer_save,
        )
        moments = LogMomentActions(
            context=context,
            open_bar=moment_bar.open,
            close_bar=self._close_moment_bar,
            now=self._now,
        )
        compare = LogCompareActions(context=context, show=self._show_comparison)
        delegate_actions(pane, self.display)
        delegate_actions_on(
            pane,
            open_log,
            *(LogNavigation(view.announce_move), self.selection, self.search, self.jumps),
            *(self.copying, save, compare, moments),
        )

    def close(self) -> None:
        """End what is done in the log that is shown, and what is typed for it."""
        self.search.close()
        self._moment_bar.close()

    def _new_search(self, redraw: Callable[[], object]) -> LogSearchActions:
        pane, bar = self._pane, self._search_bar
        return LogSearchActions(
            search=RunningSearch(
                show_count=bar.show_result,
                show_error=self._show_search_error,
                redraw=redraw,
                paint_early=partial(paint_early, self._view),
                start_worker=self._start_worker,
                stop_workers=lambda group: pane.workers.cancel_group(pane, group),
                call_later=pane.call_later,
            ),
            open_bar=bar.open,
            close_bar=bar.close,
            focus_log=self._view.focus,
            moved=self._view.announce_move,
        )

    def _is_shown(self, log: OpenLog) -> bool:
        shown = self._open_log()
        return shown is not None and shown.session is log.session

    def _start_worker(
        self, work: Callable[[], Awaitable[None]], group: str, *, exclusive: bool = True
    ) -> None:
        self._pane.run_worker(work, group=group, exclusive=exclusive, exit_on_error=False)

    async def _choose(self, title: str, entries: Sequence[MenuEntry]) -> str | None:
        return await self._pane.app.push_screen_wait(Menu(title, entries))

    def _show_comparison(
        self, older: ComparedLog, newer: ComparedLog, compare_executed: CompareExecuted
    ) -> None:
        self._pane.app.push_screen(CompareScreen(older, newer, compare_executed))

    def _close_moment_bar(self) -> None:
        self._moment_bar.close()
        self._view.focus()

    def _now(self) -> datetime:
        """The service's time, as far as it is known."""
        monitor = self._monitor()
        return monitor.server_now() if monitor else datetime.now(UTC)

    def _show_search_error(self, error: NodionError) -> None:
        if self._search_bar.is_open:
            self._search_bar.show_result(error.detail or error.title, wrong=True)
        else:
            self._pane.notify(full_text(error), severity="warning", markup=False)

    def _apply_options(self, options: DisplayOptions) -> None:
        log = self._open_log()
        if log is not None:
            log.viewport.set_options(options)
        self._view.announce_move()
