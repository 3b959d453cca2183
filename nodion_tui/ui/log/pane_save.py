"""The key that saves a log."""

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
from nodion_tui.ui.log.excerpt import Excerpt, count, selected_part, shown_part
from nodion_tui.ui.log.pane_navigation import LogNavigation
from nodion_tui.ui.log.save_dialog import SaveLogDialog, SaveOffer, SaveRequest
from nodion_tui.ui.terminal import clipboard


class LogSaveActions(LogNavigation):
    """Saves what is held of the log: as text, or as evidence with what is known of the run."""

    def action_log_save(self) -> None:
        """Ask where to save the log, and save it."""
        if (reader := self.reader) is not None:
            selection = self.view.annotations.selection
            self._save(selected_part(reader, selection) if selection else shown_part(reader))

    def offer_saving(self, part: Excerpt | None) -> None:
        """Offer to save what is too large for the clipboard: a part of the log, or all of it."""
        limit = f"{clipboard.LIMIT // 1024} KB"
        self._save(part, f"This is larger than a terminal's clipboard takes ({limit}). Save it?")

    @work(group="log-save", exclusive=True, exit_on_error=False)
    async def _save(self, part: Excerpt | None, reason: str = "") -> None:
        session = self.session
        if session is None:
            return
        offered = SaveOffer(
            stem=self._stem(session),
            amount=_amount(session),
            part=part.name if part else "",
            reason=reason,
        )
        dialog = SaveLogDialog(offered)
        wanted = await self.app.push_screen_wait(dialog)
        if wanted is None:
            return
        try:
            path = await asyncio.to_thread(self._write(session, wanted, part))
        except OSError as error:
            self.notify(
                sanitize(f"{error.strerror or error}: {wanted.path}"),
                title="Not saved",
                severity="error",
                markup=False,
            )
        else:
            self.notify(sanitize(str(path)), title="Saved", markup=False)

    def _write(
        self, session: LogSession, wanted: SaveRequest, part: Excerpt | None
    ) -> Callable[[], Path]:
        """What writes it, to be called in a thread; what it writes is fixed now."""
        segments = session.buffer.snapshot()
        if wanted.form == "evidence":
            return partial(save_evidence, wanted.path, self._evidence(session), segments)
        form = TextFormat(wanted.form)
        if part is None or not wanted.only_part:
            return partial(save_log, wanted.path, segments, form)
        return lambda: save_log(wanted.path, segments, form, part.indexes())

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
    text = count(session.buffer.lines - session.buffer.dropped)
    if session.buffer.dropped:
        text += f"; {session.buffer.dropped:,} older ones are not held and will be missing"
    return text


def _last_lines(session: LogSession) -> tuple[str, ...]:
    buffer = session.buffer
    entries = buffer.entries(buffer.end - 2 * SUMMARY_LINES, buffer.end, 2000)
    return tuple(entry.body for entry in entries if entry.kind is EntryKind.LINE)[-SUMMARY_LINES:]
