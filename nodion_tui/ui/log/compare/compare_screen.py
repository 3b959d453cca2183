"""Screen that compares the logs of two runs side by side, and what was run."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partialmethod

from textual import work
from textual.app import ComposeResult

from nodion_tui.model.run import Run
from nodion_tui.model.run_difference import RunComparison
from nodion_tui.model.runner import short_id
from nodion_tui.model.text.format import count
from nodion_tui.model.text.sanitize import sanitize
from nodion_tui.model.text.signs import status_sign
from nodion_tui.monitor.log.compare.comparison import Comparison, compare_logs
from nodion_tui.monitor.log.read_written import read_written
from nodion_tui.monitor.log.session import LogSession
from nodion_tui.ui.commands.registry import bindings
from nodion_tui.ui.log.compare.compare_view import CompareView
from nodion_tui.ui.log.compare.executed_rows import executed_rows
from nodion_tui.ui.paint.titled_pane import TitledPane
from nodion_tui.ui.session.error_text import error_lines
from nodion_tui.ui.terminal.dialog_door import forget_styles
from nodion_tui.ui.terminal.door import MinimalRepaintScreen

HINT = "n N differences · Esc back · h l scroll"
_SHORT_HINT = "n N · Esc"
_BACK_HINT = "Esc back"


class CompareScreen(MinimalRepaintScreen[None]):
    """Reads both logs as far as they are written, and compares them.

    A new instance is created each time: Textual removes a screen that is dismissed for good.

    Args:
        older: log and run of the left side.
        newer: those of the right side.
        compare_executed: compares what was run.
    """

    BINDINGS = bindings("compare")
    AUTO_FOCUS = "CompareView"

    def __init__(
        self,
        older: tuple[LogSession, Run],
        newer: tuple[LogSession, Run],
        compare_executed: Callable[[], Awaitable[RunComparison]],
    ) -> None:
        super().__init__()
        self._view = CompareView()
        self._pane = TitledPane(self._view)
        self._sides: tuple[tuple[LogSession, Run], ...] = (older, newer)
        self._compare_executed: Callable[[], Awaitable[RunComparison]] | None = compare_executed
        self._comparison: Comparison | None = None

    def compose(self) -> ComposeResult:
        """Textual: the widgets."""
        yield self._pane

    def on_screen_resume(self) -> None:
        """Textual: the screen is shown (again)."""
        if self._comparison is None and self._sides:
            self.action_compare_again()

    def on_unmount(self) -> None:
        """Textual: clear caches that keep a reference to the screen (textual issue 6665)."""
        forget_styles()

    def action_compare_leave(self) -> None:
        """Return to the log."""
        self.workers.cancel_group(self, "compare")
        self._sides, self._comparison = (), None
        self._compare_executed = None
        self._view.clear()
        self.dismiss(None)

    def _go(self, *, back: bool) -> None:
        if self._comparison is None:
            return
        row = self._view.next_change(back=back)
        if row is None:
            self.notify("no difference above" if back else "no difference below", timeout=3)
        else:
            self._retitle(_summary(self._comparison, self._comparison.change_number(row)))

    def _scroll_columns(self, steps: int) -> None:
        self._view.scroll_columns(steps)

    def _scroll_rows(self, rows: int) -> None:
        self._view.scroll_relative(y=rows, animate=False)

    def _scroll_half_pages(self, pages: int) -> None:
        self._scroll_rows(pages * (self._view.size.height // 2))

    def _scroll_to_end(self, *, last: bool) -> None:
        self._view.scroll_to(y=self._view.max_scroll_y if last else 0, animate=False)

    action_compare_next = partialmethod(_go, back=False)
    action_compare_previous = partialmethod(_go, back=True)
    action_compare_left = partialmethod(_scroll_columns, -1)
    action_compare_right = partialmethod(_scroll_columns, 1)
    action_compare_up = partialmethod(_scroll_rows, -1)
    action_compare_down = partialmethod(_scroll_rows, 1)
    action_compare_half_up = partialmethod(_scroll_half_pages, -1)
    action_compare_half_down = partialmethod(_scroll_half_pages, 1)
    action_compare_first = partialmethod(_scroll_to_end, last=False)
    action_compare_last = partialmethod(_scroll_to_end, last=True)

    @work(group="compare", exclusive=True)
    async def action_compare_again(self) -> None:
        """Compare the current content of both logs."""
        (older, _), (newer, _) = self._sides
        compare_executed = self._compare_executed
        self._view.placeholder = ("Reading both logs …",)
        self._view.show(older.buffer, newer.buffer, None)
        self._retitle("")
        await asyncio.gather(read_written(older), read_written(newer))
        failed = [session.state.error for session in (older, newer) if session.state.error]
        if failed:
            self._view.placeholder = error_lines(failed[0])
            self._view.refresh()
            return
        executed = executed_rows(await compare_executed()) if compare_executed else ()
        self._comparison = await compare_logs(older.buffer, newer.buffer)
        self._view.placeholder = ("Both logs are empty.",)
        self._view.show(older.buffer, newer.buffer, self._comparison, executed)
        self._retitle(_summary(self._comparison))

    def _retitle(self, summary: str) -> None:
        names = " │ ".join(f"{short_id(run.id)} {run.status}" for _, run in self._sides)
        signs = " │ ".join(
            f"{short_id(run.id)} {status_sign(run.status)}" for _, run in self._sides
        )
        titles = (sanitize(f"Compare · {names}"), sanitize(f"Compare · {signs}"))
        self._pane.set_titles(
            titles,
            (
                f"{summary}{HINT}",
                f"{summary}{_SHORT_HINT}",
                f"{summary.partition(' · ')[0]} · {_BACK_HINT}".removeprefix(" · "),
                _BACK_HINT,
            ),
        )


def _summary(comparison: Comparison, number: int = 0) -> str:
    """Number of differences, and the number of the current one."""
    changes, same = comparison.change_count, comparison.same_lines
    if not changes:
        return "no differences in the logs · "
    text = count(changes, "difference")
    if number:
        return f"{number:,} of {text} · "
    text += f" · {count(same, 'line')} equal · "
    omitted_lines = comparison.left.skipped_lines + comparison.right.skipped_lines
    return text + (f"{omitted_lines:,} older lines omitted · " if omitted_lines else "")
