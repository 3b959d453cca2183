"""What the edges of a tile say: whose log it is, how old, where it comes from, how it ended."""

from dataclasses import dataclass
from datetime import datetime

from nodion_tui.model.run import Run, RunStatus
from nodion_tui.model.runner import short_id
from nodion_tui.model.sanitize import visible
from nodion_tui.monitor.log.state import LogState, Phase
from nodion_tui.monitor.wall.membership import Feed
from nodion_tui.ui.log.border import Tone, Words
from nodion_tui.ui.log.viewport.position import Reader
from nodion_tui.ui.paint import format as cells
from nodion_tui.ui.paint.styled_row import cut
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
class Supply:
    """Where a tile's lines come from."""

    feed: Feed
    seconds: float = 0.0
    """How often it is polled."""
    problem: str = ""
    """Why the last poll failed."""


def heading(run: Run, name: str, width: int, glyphs: Glyphs) -> tuple[Words, ...]:
    """What stands in the upper edge, at the left.

    Args:
        run: as it is known now.
        name: the runner's, as the service sent it.
        width: columns of the tile.
        glyphs: the signs of the screen.
    """
    tone = _TONES.get(run.status, "title")
    room = width - 16
    identifier = f" {glyphs.dot} {short_id(visible(run.id))}" if width >= _ID_FROM else ""
    label = cut(visible(name), max(4, room - len(identifier)), glyphs.cut)
    return (
        Words(f"{glyphs.status(run.status)} ", tone),
        Words(label, "title"),
        Words(identifier),
    )


def age(run: Run, now: datetime, step: int) -> tuple[Words, ...]:
    """What stands in the upper edge, at the right: how long it runs, or ran."""
    text = cells.duration(run.duration(now), 1 if run.is_final else step)
    return (Words(text),) if text else ()


def position(run: Run, state: LogState, reader: Reader, supply: Supply, glyphs: Glyphs) -> Words:
    """What stands in the lower edge, at the left: the end, or where new lines come from."""
    if run.is_final:
        code = "" if run.exit_code is None else f", exit {run.exit_code}"
        text = f"{glyphs.status(run.status)} {visible(run.status)}{code}"
        return Words(text, _TONES.get(run.status, "title"))
    if not reader.follow:
        return Words(f"▼ {reader.unseen:,} new", "paused")
    if supply.feed is Feed.POLL:
        return Words(f"polled every {supply.seconds:.0f} s", "paused")
    if state.phase is Phase.FAILED:
        return Words(f"{glyphs.status(RunStatus.FAILED)} cannot be read", "failed")
    if state.phase is Phase.RECONNECTING:
        return Words("reconnecting", "paused")
    return Words("loading" if state.phase is Phase.LOADING else "▼ following", "live")


def facts(state: LogState, supply: Supply) -> tuple[Words, ...]:
    """What stands in the lower edge, at the right, the most important first."""
    words = [Words(f"{state.lines:,} line{'' if state.lines == 1 else 's'}")]
    if supply.problem:
        words.insert(0, Words(supply.problem, "failed"))
    if state.gaps:
        words.append(Words(f"{state.gaps} gap{'' if state.gaps == 1 else 's'}", "paused"))
    return tuple(words)


def frame_of(run: Run, *, focused: bool) -> str:
    """The look of a tile's frame."""
    if run.is_final:
        return run.status
    return "bar" if focused else "bar-blurred"
