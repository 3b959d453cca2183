"""What the lower edge of a log says: where you are in it, and how complete it is."""

from collections.abc import Mapping
from datetime import UTC, datetime
from types import MappingProxyType

from nodion_tui.model.run import Run, RunStatus
from nodion_tui.model.runner import Runner, short_id
from nodion_tui.model.sanitize import sanitize
from nodion_tui.monitor.log.session import LogSession
from nodion_tui.monitor.log.state import LogPhase, LogState
from nodion_tui.ui.log.border import BorderText, Tone
from nodion_tui.ui.log.search_state import SearchState
from nodion_tui.ui.log.viewport.viewport import LogViewport
from nodion_tui.ui.paint import format as cells
from nodion_tui.ui.paint.theme import Glyphs

_TONES: Mapping[str, Tone] = MappingProxyType(
    {RunStatus.SUCCEEDED: "live", RunStatus.FAILED: "failed", RunStatus.RUNNING: "title"}
)


def position(
    reader: LogViewport, state: LogState, failure: str = "", finder: SearchState | None = None
) -> tuple[BorderText, ...]:
    """Where the window is, and what is looked for."""
    words = [_place(reader, state, failure)]
    if finder is not None and (said := finder.said()):
        words.append(BorderText(f" {said}", "title"))
    if reader.left:
        words.append(BorderText(f" → {reader.left}"))
    return tuple(words)


def _place(reader: LogViewport, state: LogState, failure: str) -> BorderText:
    """Whether the end is followed, and if not, how much is new below."""
    if failure or state.phase is LogPhase.FAILED:
        return BorderText("✗ failed", "failed")
    if reader.holding:
        return BorderText("loading", "live")
    ended = state.phase is LogPhase.ENDED
    if reader.follow:
        return BorderText("▼ end" if ended else "▼ following", "facts" if ended else "live")
    if ended or not reader.unseen:
        return BorderText(f"line {reader.buffer.line_number(reader.cursor):,}", "paused")
    return BorderText(f"▼ {reader.unseen:,} new", "paused")


def facts(session: LogSession) -> tuple[BorderText, ...]:
    """Lines, gaps and how fresh it is, the most important first."""
    state = session.state
    words = [f"{state.lines:,} line{'' if state.lines == 1 else 's'}"]
    if state.phase is not LogPhase.LOADING:
        words.append(_proof(state))
    if state.dropped:
        words.append(f"{state.dropped:,} dropped")
    if state.error is not None:
        words += [word for word in ("r reads again", state.error.hint) if word]
    fresh = _freshness(session)
    tone: Tone = "paused" if state.phase is LogPhase.RECONNECTING else "facts"
    return (*(BorderText(word) for word in words), *([BorderText(fresh, tone)] if fresh else []))


def progress(session: LogSession, run: Run | None) -> float:
    """Which part of the run's time has been read, 0 to 1; its lines cannot be counted before."""
    started_at = session.buffer.started_at
    if session.state.phase is not LogPhase.LOADING or started_at is None:
        return 0.0
    newest = session.buffer.entry(session.buffer.end - 1).created_at or started_at
    until = run.completed_at if run and run.completed_at else datetime.now(UTC)
    whole = (until - started_at).total_seconds()
    return min(max((newest - started_at).total_seconds() / whole, 0.0), 1.0) if whole > 0 else 0.0


def placeholder(
    session: LogSession | None, run: Run | None, failure: str, finder: SearchState | None
) -> tuple[str, ...]:
    """What is said while there is no line: a title, and what to do or to expect."""
    if failure:
        return ("The log cannot be read", failure)
    if session is None:
        return ("No run selected", "Choose a run: its log appears here.")
    if finder is not None and finder.search is not None and finder.only:
        return ("No line matches", finder.said())
    return _waiting(session.state, run)


def _waiting(state: LogState, run: Run | None) -> tuple[str, ...]:
    error = state.error
    if error is not None:
        return tuple(text for text in (error.title, error.detail, error.hint) if text)
    if state.phase is LogPhase.LOADING:
        return ("Reading the log …",)
    if run is not None and run.status == RunStatus.PENDING:
        return ("Queued", "The log begins when the runner starts.")
    return ("No output yet", "Lines appear here as they are written.")


def _proof(state: LogState) -> str:
    gaps = "no gaps" if not state.gaps else f"{state.gaps} gap{'s' if state.gaps > 1 else ''}"
    if state.reconnects:
        gaps = f"{state.reconnects} reconnect{'s' if state.reconnects > 1 else ''}, {gaps}"
    if state.phase is LogPhase.ENDED:
        return f"complete · {gaps}" if state.complete else f"may be incomplete · {gaps}"
    return gaps


def _freshness(session: LogSession) -> str:
    phase, quiet = session.state.phase, session.seconds_since_event()
    age = None if quiet is None else cells.round_age_up(quiet)
    heard = "" if age is None else f"SSE {cells.long_age(age)} ago"
    if phase is LogPhase.LIVE:
        return heard
    old = heard if age is not None and age >= cells.STALE_SECONDS else ""
    if phase is LogPhase.LOADING:
        return old
    if phase is not LogPhase.RECONNECTING:
        return ""
    seconds = session.seconds_until_retry()
    again = f"reconnecting in {seconds:.0f} s" if seconds else "reconnecting"
    return f"{again}, {old}" if old else again


def run_title(run_id: str) -> tuple[BorderText, ...]:
    """Which run it is."""
    return (BorderText(f"Log · {short_id(run_id)}", "title"),)


def run_facts(
    run: Run, runner: Runner | None, now: datetime, glyphs: Glyphs
) -> tuple[BorderText, ...]:
    """How the run stands, whose it is and how long it took, the most important first."""
    ending = f" {run.exit_code}" if run.exit_code else ""
    status = BorderText(
        sanitize(f"{glyphs.status(run.status)} {run.status}{ending}"),
        _TONES.get(run.status, "facts"),
    )
    facts = [runner.label if runner else "", cells.duration(run.duration(now))]
    return (status, *(BorderText(sanitize(fact)) for fact in facts if fact))
