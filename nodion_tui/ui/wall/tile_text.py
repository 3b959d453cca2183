"""Text of the edges of a tile: runner, age, feed, and exit status."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from nodion_tui.config import Profile
from nodion_tui.model.run import Run, RunStatus
from nodion_tui.model.runner import short_id
from nodion_tui.model.text import format as cells
from nodion_tui.model.text.sanitize import sanitize
from nodion_tui.model.text.signs import AWAITED_SIGN, status_sign
from nodion_tui.monitor.log.state import LogPhase, LogState
from nodion_tui.monitor.wall.membership import FeedMode
from nodion_tui.ui.log.border import BorderText, Tone
from nodion_tui.ui.log.viewport.viewport import LogViewport
from nodion_tui.ui.paint.styled_row import truncate
from nodion_tui.ui.paint.titled_pane import ZOOM_SIGN
from nodion_tui.ui.paint.widget_styles import profile_style

_TONES: dict[str, Tone] = {
    RunStatus.PENDING: "paused",
    RunStatus.RUNNING: "bar",
    RunStatus.SUCCEEDED: "live",
    RunStatus.FAILED: "failed",
    RunStatus.CANCELED: "facts",
}
_MIN_ID_WIDTH = 48
"""Minimum columns to show the id of the run."""


@dataclass(frozen=True, slots=True)
class FeedState:
    """How the log of a tile is read."""

    feed: FeedMode
    seconds: float = 0.0
    """Polling interval in seconds."""
    problem: str = ""
    """Why the last poll failed."""


class TileFacts(NamedTuple):
    """What the edges of a tile show besides the state of its log."""

    run: Run
    name: str
    """Name of the runner, not sanitized."""
    feed_state: FeedState
    now: datetime
    """The server's clock."""
    is_awaited: bool = False
    """Whether the end of the run will be told."""
    profile: Profile | None = None
    """The profile of the run, where there are several."""


def tile_title(
    run: Run,
    name: str,
    width: int,
    *,
    profile: Profile | None = None,
    zoomed: bool = False,
    is_awaited: bool = False,
) -> tuple[BorderText, ...]:
    """Left part of the upper edge.

    Args:
        run: the current state of the run.
        name: name of the runner, not sanitized.
        width: columns of the tile.
        profile: named beside the runner; None: it is the only one.
        zoomed: whether the tile has the whole screen.
        is_awaited: whether the end of the run will be told.
    """
    tone = _TONES.get(run.status, "title")
    room = width - 16
    identifier = f" · {short_id(sanitize(run.id))}" if width >= _MIN_ID_WIDTH else ""
    named: tuple[BorderText, ...] = ()
    if profile is not None:
        badge = truncate(profile.name, max(4, room // 2))
        named = (BorderText(" "), BorderText(f" {badge} ", profile_style(profile.color)))
        room -= len(badge) + 3
    label = truncate(sanitize(name), max(4, room - len(identifier)))
    return (
        BorderText(f"{status_sign(run.status)} ", tone),
        BorderText(label, "title"),
        *named,
        BorderText(identifier),
        BorderText(f" {AWAITED_SIGN}" if is_awaited else "", "title"),
        BorderText(ZOOM_SIGN if zoomed else "", "title"),
    )


def tile_age(run: Run, now: datetime, step: int) -> tuple[BorderText, ...]:
    """Right part of the upper edge: the duration of the run."""
    text = cells.duration(run.duration(now), 1 if run.is_final else step)
    return (BorderText(text),) if text else ()


def tile_status(
    run: Run, state: LogState, viewport: LogViewport, feed_state: FeedState
) -> BorderText:
    """Left part of the lower edge: the exit status, or the state of the feed."""
    if run.is_final:
        code = "" if run.exit_code is None else f", exit {run.exit_code}"
        text = f"{status_sign(run.status)} {sanitize(run.status)}{code}"
        return BorderText(text, _TONES.get(run.status, "title"))
    if not viewport.follow:
        return BorderText(f"▼ {viewport.unseen:,} new", "paused")
    if feed_state.feed is FeedMode.POLL:
        return BorderText(f"polled every {feed_state.seconds:.0f} s", "paused")
    if state.phase is LogPhase.FAILED:
        return BorderText(f"{status_sign(RunStatus.FAILED)} cannot be read", "failed")
    if state.phase in {LogPhase.RECONNECTING, LogPhase.CATCHING_UP}:
        return BorderText(state.phase.value, "paused")
    return BorderText("loading" if state.phase is LogPhase.LOADING else "▼ following", "live")


def tile_facts(state: LogState, feed_state: FeedState, marks: int = 0) -> tuple[BorderText, ...]:
    """Right part of the lower edge, the most important first."""
    parts = [BorderText(f"{state.lines:,} line{'' if state.lines == 1 else 's'}")]
    if feed_state.problem:
        parts.insert(0, BorderText(feed_state.problem, "failed"))
    if marks:
        parts.append(BorderText(f"{marks} mark{'' if marks == 1 else 's'}"))
    if state.gaps:
        parts.append(BorderText(f"{state.gaps} gap{'' if state.gaps == 1 else 's'}", "paused"))
    return tuple(parts)


def frame_look(run: Run, *, focused: bool) -> str:
    """Style name of the frame of a tile: the focus comes first, signs and texts tell the end."""
    if focused:
        return "bar"
    return run.status if run.is_final else "bar-blurred"
