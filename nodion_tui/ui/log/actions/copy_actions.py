"""Keys that copy text of a log, or of its run, to the terminal's clipboard."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from nodion_tui.model.run import Run
from nodion_tui.model.text.format import count, data_size
from nodion_tui.model.text.sanitize import sanitize
from nodion_tui.model.trigger import TriggerRequest, format_argv
from nodion_tui.monitor.monitor import Monitor
from nodion_tui.ui.dialogs.menu import MenuEntry
from nodion_tui.ui.log import copied_text as clip
from nodion_tui.ui.log.actions.context import ActionContext
from nodion_tui.ui.log.copied_text import CopiedText
from nodion_tui.ui.log.excerpt import (
    Excerpt,
    filtered_excerpt,
    line_excerpt,
    selected_excerpt,
)
from nodion_tui.ui.log.open_log import OpenLog
from nodion_tui.ui.log.viewport.selection import Selection
from nodion_tui.ui.log.viewport.viewport import LogViewport
from nodion_tui.ui.terminal import clipboard
from nodion_tui.ui.trigger.preview import curl_command


@dataclass(frozen=True, slots=True, kw_only=True)
class LogCopyActions:
    """Actions that copy. The clipboard gets nothing without a key."""

    context: ActionContext
    copy: Callable[[str], None]
    """Sends a text to the clipboard."""
    offer_save: Callable[[OpenLog, Excerpt | None], None]
    """Offers to save what is too large for the clipboard; None: the whole log."""

    def action_log_copy_menu(self, log: OpenLog) -> None:
        """Choose what to copy, and copy it."""
        self.context.start(self._choose_and_copy, log, "log-copy")

    def copy_selection(self, log: OpenLog, selection: Selection) -> None:
        """Copy the selected text."""
        self._copy(log, _selection(log.viewport, selection))

    async def _choose_and_copy(self, log: OpenLog) -> None:
        sources = [
            *_log_sources(log),
            *(_run_sources(log.run, self.context.monitor()) if log.run else ()),
        ]
        entries = [
            MenuEntry(source.key, str(number), source.title, source.detail)
            for number, source in enumerate(sources)
        ]
        chosen = await self.context.choose("Copy", entries)
        if chosen is not None and self.context.is_shown(log):
            self._copy(log, sources[int(chosen)])

    def _copy(self, log: OpenLog, source: "_Source") -> None:
        text = source.text()
        if text.too_large:
            excerpt = source.excerpt or partial(line_excerpt, log.viewport)
            self.offer_save(log, excerpt())
            return
        self.copy(text.text)
        log.annotations.selection = None
        self.context.moved()
        self.context.show_message(f"{_amount(text)} sent to the terminal's clipboard")


@dataclass(frozen=True, slots=True)
class _Source:
    """Something to copy."""

    key: str
    title: str
    detail: str
    text: Callable[[], CopiedText]
    excerpt: Callable[[], Excerpt | None] | None = None
    """The same part of the log, to be saved; None: the cursor's line."""


def _log_sources(log: OpenLog) -> Iterator[_Source]:
    viewport, selection = log.viewport, log.annotations.selection
    if selection is not None:
        yield _selection(viewport, selection)
    if len(viewport.entries):
        all_text = partial(clip.all_text, viewport)
        yield _Source("l", "Line", "plain text", partial(clip.line_text, viewport))
        yield _Source(
            "r",
            "Raw line",
            "control characters included",
            partial(clip.line_text, viewport, raw=True),
        )
        yield _Source(
            "a",
            "All lines shown",
            _amount(all_text()),
            all_text,
            partial(filtered_excerpt, viewport),
        )


def _selection(viewport: LogViewport, selection: Selection) -> _Source:
    text = clip.selected_text(viewport, selection)
    excerpt = partial(selected_excerpt, viewport, selection)
    return _Source("s", "Selection", _amount(text), lambda: text, excerpt)


def _run_sources(run: Run, monitor: Monitor | None) -> Iterator[_Source]:
    yield _Source("i", "Run id", run.id, partial(clip.join_lines, [sanitize(run.id)]))
    if command := _command(run, monitor):
        yield _Source("c", "Command", command, partial(clip.join_lines, [command]))
    if monitor is not None:
        detail = "triggers the same run; without the API key"
        yield _Source("u", "curl", detail, lambda: clip.join_lines([_curl(run, monitor)]))


def _command(run: Run, monitor: Monitor | None) -> str:
    """The run's command line, or the runner's current default."""
    if run.argv or run.command:
        return sanitize(format_argv(run.argv) if run.argv else run.command or "")
    runner = monitor.runs.runner(run.runner_id) if monitor else None
    if runner is None:
        return ""
    return sanitize(runner.run_command or format_argv(runner.argv))


def _curl(run: Run, monitor: Monitor) -> str:
    request = TriggerRequest(argv=run.argv or None, command=run.command, entrypoint=run.entrypoint)
    account = monitor.account_of(run.runner_id)
    runner_id = account.service_id(run.runner_id)
    return curl_command(request, runner_id, account.profile, frozenset())


def _amount(text: CopiedText) -> str:
    if text.too_large:
        return f"over {data_size(clipboard.MAX_BYTES)}: saved to a file instead"
    return f"{count(text.lines, 'line')}, {text.size:,} bytes"
