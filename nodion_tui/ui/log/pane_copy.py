"""The keys that select text of a log and send it to the terminal's clipboard."""

from collections.abc import Callable

from textual import work
from textual.actions import SkipAction

from nodion_tui.model.run import Run
from nodion_tui.model.sanitize import sanitize
from nodion_tui.model.trigger import TriggerRequest, format_argv
from nodion_tui.ui.dialogs.menu import Menu, MenuEntry
from nodion_tui.ui.log import copied_text as clip
from nodion_tui.ui.log.copied_text import CopiedText
from nodion_tui.ui.log.excerpt import Excerpt, count, line_part, selected_part, shown_part
from nodion_tui.ui.log.pane_navigation import LogNavigation
from nodion_tui.ui.log.viewport.selection import Selection, TextPosition
from nodion_tui.ui.log.viewport.viewport import LogViewport
from nodion_tui.ui.terminal import clipboard
from nodion_tui.ui.trigger.preview import curl_command


class LogCopyActions(LogNavigation):
    """Actions that select and copy. Nothing is sent without a key or a click."""

    def action_log_select(self) -> None:
        """Begin to select whole lines at the cursor, or select nothing."""
        reader = self.reader
        if reader is None or not len(reader.shown):
            return
        if self.view.annotations.selection is None:
            here = TextPosition(reader.cursor)
            self.view.annotations.selection = Selection(here, here, whole_lines=True)
            reader.put_cursor(reader.cursor)
        else:
            self.view.annotations.selection = None
        self.view.moved()

    def action_log_select_up(self) -> None:
        """Select the line, and the one above."""
        self._extend(-1)

    def action_log_select_down(self) -> None:
        """Select the line, and the one below."""
        self._extend(1)

    def action_log_copy_selection(self) -> None:
        """Send what is selected; without a selection it is somebody else's key."""
        reader, selection = self.reader, self.view.annotations.selection
        if reader is None or selection is None:
            raise SkipAction
        self._send(clip.selected(reader, selection), "selection")

    @work(group="log-copy", exclusive=True, exit_on_error=False)
    async def action_log_copy_menu(self) -> None:
        """Choose what to copy, and send it."""
        reader = self.reader
        if reader is None:
            return
        chosen = await self.app.push_screen_wait(Menu("Copy", self._choices(reader)))
        if chosen is not None and reader is self.reader:
            self._send(self._clip(reader, chosen), chosen)

    def end_selection(self) -> bool:
        """Select nothing any more; False if nothing was."""
        if self.view.annotations.selection is None:
            return False
        self.view.annotations.selection = None
        self.view.moved()
        return True

    def _extend(self, entries: int) -> None:
        if self.view.annotations.selection is None:
            self.action_log_select()
        if self.reader is not None:
            self.reader.move_cursor(entries)
            self.view.moved()

    def _choices(self, reader: LogViewport) -> list[MenuEntry]:
        selection = self.view.annotations.selection
        choices = []
        if selection is not None:
            amount = _amount(clip.selected(reader, selection))
            choices.append(MenuEntry("s", "selection", "Selection", amount))
        if len(reader.shown):
            amount = _amount(clip.everything(reader))
            choices += [
                MenuEntry("l", "line", "Line", "made inert, without colours"),
                MenuEntry("r", "raw", "Line as it was sent", "control characters included"),
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
            detail = "triggers such a run; the key is not in it"
            choices.append(MenuEntry("u", "curl", "curl", detail))
        return choices

    def _clip(self, reader: LogViewport, what: str) -> CopiedText:
        run, selection = self.shown_run, self.view.annotations.selection
        makers: dict[str, Callable[[], CopiedText]] = {
            "line": lambda: clip.line(reader),
            "raw": lambda: clip.line(reader, raw=True),
            "all": lambda: clip.everything(reader),
        }
        if selection is not None:
            makers["selection"] = lambda: clip.selected(reader, selection)
        if run is not None:
            makers["id"] = lambda: clip.gather([sanitize(run.id)])
            makers["command"] = lambda: clip.gather([self._command(run)])
            makers["curl"] = lambda: clip.gather([self._curl(run)])
        return makers[what]()

    def _part(self, what: str) -> Excerpt | None:
        """The part of the log that was to be copied; None: all of it."""
        reader, selection = self.reader, self.view.annotations.selection
        if reader is None:
            return None
        if what == "selection" and selection is not None:
            return selected_part(reader, selection)
        return shown_part(reader) if what == "all" else line_part(reader)

    def _command(self, run: Run) -> str:
        """What the run runs, as a shell would be told; of its runner's default as it is now."""
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

    def _send(self, copied: CopiedText, what: str) -> None:
        if copied.too_large:
            self.offer_saving(self._part(what))
            return
        self.app.copy_to_clipboard(copied.text)
        self.view.annotations.selection = None
        self.view.moved()
        self.show_message(f"{_amount(copied)} sent to the terminal's clipboard")


def _amount(copied: CopiedText) -> str:
    if copied.too_large:
        return f"over {clipboard.LIMIT // 1024} KB: to a file instead"
    return f"{count(copied.lines)}, {copied.size:,} bytes"
