"""Log pane: the key that saves the log."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from textual import work

from nodion_tui.model.run import Run
from nodion_tui.model.sanitize import sanitize
from nodion_tui.monitor.log.buffer import EntryKind
from nodion_tui.monitor.log.evidence import SUMMARY_LINES, Evidence
from nodion_tui.monitor.log.plain_text import TextFormat
from nodion_tui.monitor.log.save import safe_file_name, save_evidence, save_log
from nodion_tui.monitor.log.session import LogSession
from nodion_tui.ui.log.excerpt import Excerpt, filtered_excerpt, line_count, selected_excerpt
from nodion_tui.ui.log.pane_navigation import LogNavigation
from nodion_tui.ui.log.save_dialog import SaveLogDialog, SaveOffer, SaveRequest
from nodion_tui.ui.terminal import clipboard


class LogSaveActions(LogNavigation):
    """Action that saves the log as text, or as evidence with the facts of the run."""

    def action_log_save(self) -> None:
        """Ask for a path, and save the log."""
        if (viewport := self.viewport) is not None:
            selection = self.view.annotations.selection
            self._save(
                selected_excerpt(viewport, selection) if selection else filtered_excerpt(viewport)
            )

    def offer_save(self, excerpt: Excerpt | None) -> None:
        """Offer to save an excerpt, or the whole log, that is too large for the clipboard."""
        limit = f"{clipboard.MAX_BYTES // 1024} KB"
        self._save(excerpt, f"Too large for the terminal's clipboard ({limit}). Save to a file?")

    @work(group="log-save", exclusive=True, exit_on_error=False)
    async def _save(self, excerpt: Excerpt | None, reason: str = "") -> None:
        session = self.session
        if session is None:
            return
        offer = SaveOffer(
            stem=self._stem(session),
            amount=_amount(session),
            excerpt=excerpt.name if excerpt else "",
            reason=reason,
        )
        dialog = SaveLogDialog(offer)
        request = await self.app.push_screen_wait(dialog)
        if request is None:
            return
        try:
            path = await asyncio.to_thread(self._write(session, request, excerpt))
        except OSError as error:
            self.notify(
                sanitize(f"{error.strerror or error}: {request.path}"),
                title="Not saved",
                severity="error",
                markup=False,
            )
        else:
            self.notify(sanitize(str(path)), title="Saved", markup=False)

    def _write(
        self, session: LogSession, request: SaveRequest, excerpt: Excerpt | None
    ) -> Callable[[], Path]:
        """Returns the function that writes the file in a thread, with a snapshot taken now."""
        segments = session.buffer.snapshot()
        if request.format == "evidence":
            return partial(save_evidence, request.path, self._evidence(session), segments)
        format_ = TextFormat(request.format)
        if excerpt is None or not request.only_excerpt:
            return partial(save_log, request.path, segments, format_)
        return lambda: save_log(request.path, segments, format_, excerpt.indexes())

    def _evidence(self, session: LogSession) -> Evidence:
        key, monitor = session.key, self.monitor
        return Evidence(
            run=self.shown_run or Run(id=key.run_id, runner_id=key.runner_id, status="unknown"),
            taken_at=monitor.server_now() if monitor else datetime.now(UTC),
            log=session.state,
            runner=monitor.runs.runner(key.runner_id) if monitor else None,
            profile=monitor.profile.name if monitor else "",
            last_lines=_last_lines(session),
        )

    def _stem(self, session: LogSession) -> str:
        runner = self.monitor.runs.runner(session.key.runner_id) if self.monitor else None
        label = f"{safe_file_name(runner.label).lower()}-" if runner else ""
        return f"{label}{safe_file_name(session.key.run_id[:8])}"


def _amount(session: LogSession) -> str:
    text = line_count(session.buffer.lines - session.buffer.dropped)
    if session.buffer.dropped:
        text += f"; {session.buffer.dropped:,} older lines were dropped and will be missing"
    return text


def _last_lines(session: LogSession) -> tuple[str, ...]:
    buffer = session.buffer
    entries = buffer.entries(buffer.end - 2 * SUMMARY_LINES, buffer.end, 2000)
    return tuple(entry.body for entry in entries if entry.kind is EntryKind.LINE)[-SUMMARY_LINES:]
