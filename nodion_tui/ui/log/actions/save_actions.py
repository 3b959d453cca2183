"""Keys that save a log as text, or as evidence with the facts of its run."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from nodion_tui.model.run import Run
from nodion_tui.model.text.format import count, data_size
from nodion_tui.model.text.sanitize import sanitize
from nodion_tui.monitor.log.evidence import Evidence, quoted_lines
from nodion_tui.monitor.log.plain_text import TextFormat
from nodion_tui.monitor.log.save import safe_file_name, save_evidence, save_log
from nodion_tui.monitor.log.shown_log import ShownLog
from nodion_tui.monitor.monitor import Monitor
from nodion_tui.ui.log.actions.context import ActionContext
from nodion_tui.ui.log.excerpt import Excerpt, filtered_excerpt, selected_excerpt
from nodion_tui.ui.log.open_log import OpenLog
from nodion_tui.ui.log.save_dialog import SaveOffer, SaveRequest
from nodion_tui.ui.terminal import clipboard


@dataclass(frozen=True, slots=True, kw_only=True)
class LogSaveActions:
    """Actions that save."""

    context: ActionContext
    ask: Callable[[SaveOffer], Awaitable[SaveRequest | None]]
    """Asks for path and format."""
    notify: Callable[..., None]
    """Shows a notification, as `Widget.notify`."""

    def action_log_save(self, log: OpenLog) -> None:
        """Ask for a path, and save the log."""
        viewport, selection = log.viewport, log.annotations.selection
        self._start(
            log, selected_excerpt(viewport, selection) if selection else filtered_excerpt(viewport)
        )

    def offer_save(self, log: OpenLog, excerpt: Excerpt | None) -> None:
        """Offer to save an excerpt, or the whole log, that is too large for the clipboard."""
        limit = data_size(clipboard.MAX_BYTES)
        reason = f"Too large for the terminal's clipboard ({limit}). Save to a file?"
        self._start(log, excerpt, reason)

    def _start(self, log: OpenLog, excerpt: Excerpt | None, reason: str = "") -> None:
        work = partial(self._save, excerpt=excerpt, reason=reason)
        self.context.start(work, log, "log-save")

    async def _save(self, log: OpenLog, *, excerpt: Excerpt | None, reason: str) -> None:
        monitor = self.context.monitor()
        offer = SaveOffer(
            stem=_stem(log.session, monitor),
            amount=_amount(log.session),
            excerpt=excerpt.name if excerpt else "",
            reason=reason,
            has_evidence=bool(log.session.key.runner_id),
        )
        request = await self.ask(offer)
        if request is None:
            return
        try:
            path = await asyncio.to_thread(_writer(log, request, excerpt, monitor))
        except OSError as error:
            self.notify(
                sanitize(f"{error.strerror or error}: {request.path}"),
                title="Not saved",
                severity="error",
                markup=False,
            )
        else:
            self.notify(sanitize(str(path)), title="Saved", markup=False)


def _writer(
    log: OpenLog, request: SaveRequest, excerpt: Excerpt | None, monitor: Monitor | None
) -> Callable[[], Path]:
    """Returns the function that writes the file in a thread, with a snapshot taken now."""
    segments = log.session.buffer.snapshot()
    if request.format == "evidence":
        return partial(save_evidence, request.path, _evidence(log, monitor), segments)
    format_ = TextFormat(request.format)
    if excerpt is None or not request.only_excerpt:
        return partial(save_log, request.path, segments, format_)
    return lambda: save_log(request.path, segments, format_, excerpt.indexes())


def _evidence(log: OpenLog, monitor: Monitor | None) -> Evidence:
    key = log.session.key
    run = log.run or Run(id=key.run_id, runner_id=key.runner_id, status="unknown")
    account = monitor.account_of(key.runner_id) if monitor else None
    runner = monitor.runs.runner(key.runner_id) if monitor else None
    return Evidence(
        run=account.service_run(run) if account else run,
        taken_at=account.server_now() if account else datetime.now(UTC),
        log=log.session.state,
        runner=account.service_runner(runner) if account and runner else None,
        profile=account.name if account else "",
        last_lines=quoted_lines(log.session.buffer),
    )


def _stem(session: ShownLog, monitor: Monitor | None) -> str:
    runner = monitor.runs.runner(session.key.runner_id) if monitor else None
    label = f"{safe_file_name(runner.label).lower()}-" if runner else ""
    return f"{label}{safe_file_name(session.key.run_id[:8])}"


def _amount(session: ShownLog) -> str:
    text = count(session.buffer.lines - session.buffer.dropped, "line")
    if session.buffer.dropped:
        text += f"; {session.buffer.dropped:,} older lines were dropped and will be missing"
    return text
