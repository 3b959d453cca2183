"""Log pane: keys that select text and copy it to the terminal's clipboard."""

from collections.abc import Callable

from textual import work
from textual.actions import SkipAction

from nodion_tui.model.run import Run
from nodion_tui.model.sanitize import sanitize
from nodion_tui.model.trigger import TriggerRequest, format_argv
from nodion_tui.ui.dialogs.menu import Menu, MenuEntry
from nodion_tui.ui.log import copied_text as clip
from nodion_tui.ui.log.copied_text import CopiedText
from nodion_tui.ui.log.excerpt import (
    Excerpt,
    filtered_excerpt,
    line_count,
    line_excerpt,
    selected_excerpt,
)
from nodion_tui.ui.log.pane_navigation import LogNavigation
from nodion_tui.ui.log.viewport.selection import Selection, TextPosition
from nodion_tui.ui.log.viewport.viewport import LogViewport
from nodion_tui.ui.terminal import clipboard
from nodion_tui.ui.trigger.preview import curl_command


class LogCopyActions(LogNavigation):
    """Actions that select and copy. Nothing is text without a key or a click."""

    def action_log_select(self) -> None:
        """Start a selection of whole lines at the cursor, or clear the selection."""
        viewport = self.viewport
        if viewport is None or not len(viewport.entries):
            return
        if self.view.annotations.selection is None:
            cursor = TextPosition(viewport.cursor)
            self.view.annotations.selection = Selection(cursor, cursor, whole_lines=True)
            viewport.set_cursor(viewport.cursor)
        else:
            self.view.annotations.selection = None
        self.view.announce_move()

    def action_log_select_up(self) -> None:
        """Extend the selection one line up."""
        self._extend(-1)

    def action_log_select_down(self) -> None:
        """Extend the selection one line down."""
        self._extend(1)

    def action_log_copy_selection(self) -> None:
        """Copy the selection; without one, let the screen handle the key."""
        viewport, selection = self.viewport, self.view.annotations.selection
        if viewport is None or selection is None:
            raise SkipAction
        self._copy(clip.selected_text(viewport, selection), "selection")

    @work(group="log-copy", exclusive=True, exit_on_error=False)
    async def action_log_copy_menu(self) -> None:
        """Choose what to copy, and copy it."""
        viewport = self.viewport
        if viewport is None:
            return
        chosen = await self.app.push_screen_wait(Menu("Copy", self._choices(viewport)))
        if chosen is not None and viewport is self.viewport:
            self._copy(self._clip(viewport, chosen), chosen)

    def end_selection(self) -> bool:
        """Clear the selection; False if there is none."""
        if self.view.annotations.selection is None:
            return False
        self.view.annotations.selection = None
        self.view.announce_move()
        return True

    def _extend(self, entries: int) -> None:
        if self.view.annotations.selection is None:
            self.action_log_select()
        if self.viewport is not None:
            self.viewport.move_cursor(entries)
            self.view.announce_move()

    def _choices(self, viewport: LogViewport) -> list[MenuEntry]:
        selection = self.view.annotations.selection
        choices = []
        if selection is not None:
            amount = _amount(clip.selected_text(viewport, selection))
            choices.append(MenuEntry("s", "selection", "Selection", amount))
        if len(viewport.entries):
            amount = _amount(clip.all_text(viewport))
            choices += [
                MenuEntry("l", "line", "Line", "plain text"),
                MenuEntry("r", "raw", "Raw line", "control characters included"),
                MenuEntry("a", "all", "All lines shown", amount),
            ]
        return choices + self._run_choices()

    def _run_choices(self) -> list[MenuEntry]:
        run = self.shown_run
        if run is None:
            return []
        choices = [MenuEntry("i", "id", "Run id", run.id)]
        if command := self._command(run):
            choices.append(MenuEntry("c", "command", "Command", command))
        if self.monitor is not None:
            detail = "triggers the same run; without the API key"
            choices.append(MenuEntry("u", "curl", "curl", detail))
        return choices

    def _clip(self, viewport: LogViewport, what: str) -> CopiedText:
        run, selection = self.shown_run, self.view.annotations.selection
        texts: dict[str, Callable[[], CopiedText]] = {
            "line": lambda: clip.line_text(viewport),
            "raw": lambda: clip.line_text(viewport, raw=True),
            "all": lambda: clip.all_text(viewport),
        }
        if selection is not None:
            texts["selection"] = lambda: clip.selected_text(viewport, selection)
        if run is not None:
            texts["id"] = lambda: clip.join_lines([sanitize(run.id)])
            texts["command"] = lambda: clip.join_lines([self._command(run)])
            texts["curl"] = lambda: clip.join_lines([self._curl(run)])
        return texts[what]()

    def _excerpt(self, what: str) -> Excerpt | None:
        """The excerpt to copy; None: the whole log."""
        viewport, selection = self.viewport, self.view.annotations.selection
        if viewport is None:
            return None
        if what == "selection" and selection is not None:
            return selected_excerpt(viewport, selection)
        return filtered_excerpt(viewport) if what == "all" else line_excerpt(viewport)

    def _command(self, run: Run) -> str:
        """The run's command line, or the runner's current default."""
        if run.argv or run.command:
            return sanitize(format_argv(run.argv) if run.argv else run.command or "")
        runner = self.monitor.runs.runner(run.runner_id) if self.monitor else None
        if runner is None:
            return ""
        return sanitize(runner.run_command or format_argv(runner.argv))

    def _curl(self, run: Run) -> str:
        if self.monitor is None:
            return ""
        request = TriggerRequest(
            argv=run.argv or None, command=run.command, entrypoint=run.entrypoint
        )
        return curl_command(request, run.runner_id, self.monitor.profile, frozenset())

    def _copy(self, text: CopiedText, what: str) -> None:
        if text.too_large:
            self.offer_save(self._excerpt(what))
            return
        self.app.copy_to_clipboard(text.text)
        self.view.annotations.selection = None
        self.view.announce_move()
        self.show_message(f"{_amount(text)} sent to the terminal's clipboard")


def _amount(text: CopiedText) -> str:
    if text.too_large:
        return f"over {clipboard.MAX_BYTES // 1024} KB: saved to a file instead"
    return f"{line_count(text.lines)}, {text.size:,} bytes"
