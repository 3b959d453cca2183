"""What the edges of a tile say: whose log it is, how old, where it comes from, how it ended."""

from dataclasses import dataclass
from datetime import datetime

from nodion_tui.model.run import Run, RunStatus
from nodion_tui.model.runner import short_id
from nodion_tui.model.sanitize import sanitize
from nodion_tui.monitor.log.state import LogPhase, LogState
from nodion_tui.monitor.wall.membership import FeedMode
from nodion_tui.ui.log.border import BorderText, Tone
from nodion_tui.ui.log.viewport.viewport import LogViewport
from nodion_tui.ui.paint import format as cells
from nodion_tui.ui.paint.styled_row import truncate
from nodion_tui.ui.paint.theme import Glyphs

_TONES: dict[str, Tone] = {
    RunStatus.PENDING: "paused",
    RunStatus.RUNNING: "bar",
    RunStatus.SUCCEEDED: "live",
    RunStatus.FAILED: "failed",
    RunStatus.CANCELED: "facts",
}
_ID_FROM = 48
"""Columns from which on the run's id has room."""


@dataclass(frozen=True, slots=True)
class FeedState:
    """Where a tile's lines come from."""

    feed: FeedMode
    seconds: float = 0.0
    """How often it is polled."""
    problem: str = ""
    """Why the last poll failed."""


def tile_title(run: Run, name: str, width: int, glyphs: Glyphs) -> tuple[BorderText, ...]:
    """What stands in the upper edge, at the left.

    Args:
        run: as it is known now.
        name: the runner's, as the service sent it.
        width: columns of the tile.
        glyphs: the signs of the screen.
    """
    tone = _TONES.get(run.status, "title")
    room = width - 16
    identifier = f" {glyphs.separator} {short_id(sanitize(run.id))}" if width >= _ID_FROM else ""
    label = truncate(sanitize(name), max(4, room - len(identifier)), glyphs.ellipsis)
    return (
        BorderText(f"{glyphs.status(run.status)} ", tone),
        BorderText(label, "title"),
        BorderText(identifier),
    )


def tile_age(run: Run, now: datetime, step: int) -> tuple[BorderText, ...]:
    """What stands in the upper edge, at the right: how long it runs, or ran."""
    text = cells.duration(run.duration(now), 1 if run.is_final else step)
    return (BorderText(text),) if text else ()


def tile_status(
    run: Run, state: LogState, reader: LogViewport, supply: FeedState, glyphs: Glyphs
) -> BorderText:
    """What stands in the lower edge, at the left: the end, or where new lines come from."""
    if run.is_final:
        code = "" if run.exit_code is None else f", exit {run.exit_code}"
        text = f"{glyphs.status(run.status)} {sanitize(run.status)}{code}"
        return BorderText(text, _TONES.get(run.status, "title"))
    if not reader.follow:
        return BorderText(f"▼ {reader.unseen:,} new", "paused")
    if supply.feed is FeedMode.POLL:
        return BorderText(f"polled every {supply.seconds:.0f} s", "paused")
    if state.phase is LogPhase.FAILED:
        return BorderText(f"{glyphs.status(RunStatus.FAILED)} cannot be read", "failed")
    if state.phase is LogPhase.RECONNECTING:
        return BorderText("reconnecting", "paused")
    return BorderText("loading" if state.phase is LogPhase.LOADING else "▼ following", "live")


def tile_facts(state: LogState, supply: FeedState) -> tuple[BorderText, ...]:
    """What stands in the lower edge, at the right, the most important first."""
    words = [BorderText(f"{state.lines:,} line{'' if state.lines == 1 else 's'}")]
    if supply.problem:
        words.insert(0, BorderText(supply.problem, "failed"))
    if state.gaps:
        words.append(BorderText(f"{state.gaps} gap{'' if state.gaps == 1 else 's'}", "paused"))
    return tuple(words)


def frame_look(run: Run, *, focused: bool) -> str:
    """The look of a tile's frame."""
    if run.is_final:
        return run.status
    return "bar" if focused else "bar-blurred"
