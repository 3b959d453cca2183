"""Texts of a log's border: the run above; position and completeness below."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import MappingProxyType

from nodion_tui.model.run import Run, RunStatus
from nodion_tui.model.runner import Runner, short_id
from nodion_tui.model.text import format as fmt
from nodion_tui.model.text.sanitize import sanitize
from nodion_tui.model.text.signs import status_sign
from nodion_tui.monitor.log.shown_log import ShownLog
from nodion_tui.monitor.log.state import LogPhase, LogState
from nodion_tui.ui.log.border import BorderText, Tone
from nodion_tui.ui.log.open_log import OpenLog
from nodion_tui.ui.session.error_text import error_lines

_SILENT = timedelta(seconds=10)
"""A shorter time without a line is not told."""
_MAX_LEVELS = 3
"""Names of levels told in place of an empty log."""
_TONES: Mapping[str, Tone] = MappingProxyType(
    {RunStatus.SUCCEEDED: "live", RunStatus.FAILED: "failed", RunStatus.RUNNING: "running"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class LogTexts:
    """What the frame of a log says that depends on whose log it is."""

    title: Callable[[OpenLog], str]
    """Returns what stands in the upper border."""
    facts: Callable[[OpenLog], tuple[BorderText, ...]]
    """Returns number of lines and completeness, most important first."""
    placeholder: Callable[[OpenLog | None], tuple[str, ...]]
    """Returns the text while there is no line: a title, and what to do or to expect."""


def title(log: OpenLog) -> str:
    """Which run."""
    return f"Log · {short_id(log.session.key.run_id)}"


def position(log: OpenLog) -> tuple[BorderText, ...]:
    """The viewport's position and the current search."""
    words = [_follow_state(log)]
    if log.selected_lines:
        words.append(BorderText(f" · {fmt.count(log.selected_lines, 'line')} selected", "title"))
    if summary := log.navigator.summary():
        words.append(BorderText(f" {summary}", "title"))
        words.append(BorderText(log.navigator.sent_note(), "title", is_optional=True))
    if hidden := log.navigator.hidden_note():
        words.append(BorderText(f" · {hidden}", "title", hides_lines=True))
    if column := log.viewport.first_column:
        words.append(BorderText(f" → {column}"))
    if log.viewport.options.wrap:
        words.append(BorderText(" · wrapped", is_optional=True))
    return tuple(words)


def _follow_state(log: OpenLog) -> BorderText:
    """Whether the end is followed; if not, the line number or the number of new lines below."""
    viewport, state = log.viewport, log.session.state
    if log.failure or state.phase is LogPhase.FAILED:
        return BorderText("✗ failed", "failed")
    if viewport.hold_at_start or (state.phase is LogPhase.LOADING and not state.lines):
        return BorderText("loading", "live")
    if viewport.follow:
        return _reading(state.phase, log.run)
    if state.phase is LogPhase.ENDED or not viewport.unseen:
        return BorderText(f"line {viewport.buffer.line_number(viewport.cursor):,}", "paused")
    return BorderText(f"▼ {viewport.unseen:,} new", "paused")


def _reading(phase: LogPhase, run: Run | None) -> BorderText:
    """How the end is read that is followed."""
    if phase is LogPhase.CATCHING_UP:
        return BorderText("▼ catching up", "paused")
    if phase is LogPhase.ENDED:
        return BorderText("▼ end", "facts")
    if phase is LogPhase.LIVE and run is not None and run.is_final:
        # The job of a stopped run has time to end, and may write meanwhile.
        return BorderText(f"▼ {run.status}, reading the rest", "live")
    return BorderText("▼ following", "live")


def facts(log: OpenLog) -> tuple[BorderText, ...]:
    """Number of lines, gaps and age of the last event, most important first."""
    session, public_only = log.session, log.viewport.options.public_only
    state = session.state
    words = [fmt.count(state.lines, "line")]
    if not_public := session.buffer.service_levels.count:
        words.append(f"{not_public:,} {'hidden' if public_only else 'not public'} (I)")
    if state.phase is not LogPhase.LOADING:
        words.append(_completeness(state))
    if state.dropped:
        words.append(f"{state.dropped:,} dropped")
    if state.error is not None:
        words += [word for word in ("r retry", state.error.hint) if word]
    fresh = _freshness(session)
    behind = state.phase in {LogPhase.RECONNECTING, LogPhase.CATCHING_UP}
    tone: Tone = "paused" if behind else "facts"
    return (*(BorderText(word) for word in words), *([BorderText(fresh, tone)] if fresh else []))


def progress(session: ShownLog, run: Run | None) -> float:
    """Loaded fraction of the run's time, 0 to 1; the number of lines is unknown in advance."""
    started_at = session.buffer.started_at
    if session.state.phase is not LogPhase.LOADING or started_at is None:
        return 0.0
    newest = session.buffer.newest_at or started_at
    end = run.completed_at if run and run.completed_at else datetime.now(UTC)
    duration = (end - started_at).total_seconds()
    return (
        min(max((newest - started_at).total_seconds() / duration, 0.0), 1.0)
        if duration > 0
        else 0.0
    )


def placeholder(log: OpenLog | None) -> tuple[str, ...]:
    """The text while there is no line: a title, and what to do or to expect."""
    if log is None:
        return ("No run selected", "The log of the selected run appears here.")
    if log.failure:
        return ("Cannot read the log", log.failure)
    if log.navigator.search is not None and log.navigator.only_matches:
        return ("No line matches", f"{log.navigator.summary()}{log.navigator.sent_note()}")
    not_public = log.session.buffer.service_levels
    if not_public.count and log.viewport.options.public_only:
        levels = sanitize(", ".join(not_public.names[:_MAX_LEVELS]))
        return (
            "No public line",
            f"{fmt.count(not_public.count, 'line')} of {levels}: I shows them",
        )
    return empty_text(log.session.state, log.run)


def empty_text(state: LogState, run: Run | None) -> tuple[str, ...]:
    """The text of a log that has no lines."""
    if state.error is not None:
        return error_lines(state.error)
    if state.phase is LogPhase.LOADING:
        return ("Reading the log …",)
    if run is not None and run.status == RunStatus.PENDING:
        return ("Queued", "The log begins when the runner starts.")
    return ("No output yet", "Lines appear here as they are written.")


def _completeness(state: LogState) -> str:
    gaps = fmt.count(state.gaps, "gap") if state.gaps else "no gaps"
    if state.unreadable:
        gaps = f"{fmt.count(state.unreadable, 'unreadable line')}, {gaps}"
    if state.reconnects:
        gaps = f"{fmt.count(state.reconnects, 'reconnect')}, {gaps}"
    if state.from_archive:
        return f"complete · {gaps} · from archive"
    if state.phase is LogPhase.ENDED:
        return f"complete · {gaps}" if state.complete else f"may be incomplete · {gaps}"
    return gaps


def _freshness(session: ShownLog) -> str:
    phase, silence = session.state.phase, session.seconds_since_event()
    age = None if silence is None else fmt.shown_age(silence)
    last_event = "" if age is None else f"last event {fmt.long_age(age)} ago"
    if phase is LogPhase.LIVE:
        return last_event
    stale_event = last_event if age is not None and age >= fmt.STALE_SECONDS else ""
    if phase is LogPhase.LOADING:
        return stale_event
    if phase is LogPhase.CATCHING_UP:
        return "catching up"
    if phase is not LogPhase.RECONNECTING:
        return ""
    seconds = session.seconds_until_retry()
    retry = f"reconnecting in {seconds:.0f} s" if seconds else "reconnecting"
    return f"{retry}, {stale_event}" if stale_event else retry


def end_note(log: OpenLog, now: datetime) -> str:
    """How long a live log has had no line: `00:42 without a line`; empty while that is short.

    A log that is not received tells nothing: its lines may be on the way.
    """
    newest, session = log.viewport.buffer.newest_at, log.session
    if newest is None or session.state.phase is not LogPhase.LIVE:
        return ""
    if session.seconds_since_event() is None:  # of many runs, none goes on
        return ""
    silence = now - newest
    return f"{fmt.duration(silence)} without a line" if silence >= _SILENT else ""


def run_facts(run: Run, runner: Runner | None, now: datetime) -> tuple[BorderText, ...]:
    """Status, runner and duration of the run, most important first."""
    ending = f" {run.exit_code}" if run.exit_code else ""
    status = BorderText(
        sanitize(f"{status_sign(run.status)} {run.status}{ending}"),
        _TONES.get(run.status, "facts"),
    )
    facts = [runner.label if runner else "", fmt.duration(run.duration(now))]
    return (status, *(BorderText(sanitize(fact)) for fact in facts if fact))


ONE_RUN = LogTexts(title=title, facts=facts, placeholder=placeholder)
"""The texts of the log of one run."""
