"""What the lower edge of a log says: where you are in it, and how complete it is."""

from collections.abc import Mapping
from datetime import UTC, datetime
from types import MappingProxyType

from nodion_tui.model.run import Run, RunStatus
from nodion_tui.model.runner import Runner, short_id
from nodion_tui.model.sanitize import visible
from nodion_tui.monitor.log.session import LogSession
from nodion_tui.monitor.log.state import LogState, Phase
from nodion_tui.ui.log.border import Tone, Words
from nodion_tui.ui.log.search_state import Finder
from nodion_tui.ui.log.viewport.position import Reader
from nodion_tui.ui.paint import format as cells
from nodion_tui.ui.paint.theme import Glyphs

_TONES: Mapping[str, Tone] = MappingProxyType(
    {RunStatus.SUCCEEDED: "live", RunStatus.FAILED: "failed", RunStatus.RUNNING: "title"}
)


def position(
    reader: Reader, state: LogState, failure: str = "", finder: Finder | None = None
) -> tuple[Words, ...]:
    """Where the window is, and what is looked for."""
    words = [_place(reader, state, failure)]
    if finder is not None and (said := finder.said()):
        words.append(Words(f" {said}", "title"))
    if reader.left:
        words.append(Words(f" → {reader.left}"))
    return tuple(words)


def _place(reader: Reader, state: LogState, failure: str) -> Words:
    """Whether the end is followed, and if not, how much is new below."""
    if failure or state.phase is Phase.FAILED:
        return Words("✗ failed", "failed")
    if reader.holding:
        return Words("loading", "live")
    ended = state.phase is Phase.ENDED
    if reader.follow:
        return Words("▼ end" if ended else "▼ following", "facts" if ended else "live")
    if ended or not reader.unseen:
        return Words(f"line {reader.buffer.line_number(reader.cursor):,}", "paused")
    return Words(f"▼ {reader.unseen:,} new", "paused")


def facts(session: LogSession) -> tuple[Words, ...]:
    """Lines, gaps and how fresh it is, the most important first."""
    state = session.state
    words = [f"{state.lines:,} line{'' if state.lines == 1 else 's'}"]
    if state.phase is not Phase.LOADING:
        words.append(_proof(state))
    if state.dropped:
        words.append(f"{state.dropped:,} dropped")
    if state.error is not None:
        words += [word for word in ("r reads again", state.error.hint) if word]
    fresh = _freshness(session)
    tone: Tone = "paused" if state.phase is Phase.RECONNECTING else "facts"
    return (*(Words(word) for word in words), *([Words(fresh, tone)] if fresh else []))


def progress(session: LogSession, run: Run | None) -> float:
    """Which part of the run's time has been read, 0 to 1; its lines cannot be counted before."""
    started_at = session.buffer.started_at
    if session.state.phase is not Phase.LOADING or started_at is None:
        return 0.0
    newest = session.buffer.entry(session.buffer.end - 1).created_at or started_at
    until = run.completed_at if run and run.completed_at else datetime.now(UTC)
    whole = (until - started_at).total_seconds()
    return min(max((newest - started_at).total_seconds() / whole, 0.0), 1.0) if whole > 0 else 0.0


def message(
    session: LogSession | None, run: Run | None, failure: str, finder: Finder | None
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
    if state.phase is Phase.LOADING:
        return ("Reading the log …",)
    if run is not None and run.status == RunStatus.PENDING:
        return ("Queued", "The log begins when the runner starts.")
    return ("No output yet", "Lines appear here as they are written.")


def _proof(state: LogState) -> str:
    gaps = "no gaps" if not state.gaps else f"{state.gaps} gap{'s' if state.gaps > 1 else ''}"
    if state.reconnects:
        gaps = f"{state.reconnects} reconnect{'s' if state.reconnects > 1 else ''}, {gaps}"
    if state.phase is Phase.ENDED:
        return f"complete · {gaps}" if state.complete else f"may be incomplete · {gaps}"
    return gaps


def _freshness(session: LogSession) -> str:
    phase, quiet = session.state.phase, session.quiet_for()
    age = None if quiet is None else cells.in_steps(quiet)
    heard = "" if age is None else f"SSE {cells.elapsed(age)} ago"
    if phase is Phase.LIVE:
        return heard
    old = heard if age is not None and age >= cells.OLD else ""
    if phase is Phase.LOADING:
        return old
    if phase is not Phase.RECONNECTING:
        return ""
    seconds = session.retry_in()
    again = f"reconnecting in {seconds:.0f} s" if seconds else "reconnecting"
    return f"{again}, {old}" if old else again


def run_title(run_id: str) -> tuple[Words, ...]:
    """Which run it is."""
    return (Words(f"Log · {short_id(run_id)}", "title"),)


def run_facts(run: Run, runner: Runner | None, now: datetime, glyphs: Glyphs) -> tuple[Words, ...]:
    """How the run stands, whose it is and how long it took, the most important first."""
    ending = f" {run.exit_code}" if run.exit_code else ""
    status = Words(
        visible(f"{glyphs.status(run.status)} {run.status}{ending}"),
        _TONES.get(run.status, "facts"),
    )
    facts = [runner.label if runner else "", cells.duration(run.duration(now))]
    return (status, *(Words(visible(fact)) for fact in facts if fact))
