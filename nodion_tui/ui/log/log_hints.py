"""What the footer offers for the log that has the focus, in the words of the moment."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from nodion_tui.model.run import RunStatus
from nodion_tui.monitor.log.state import LogPhase
from nodion_tui.ui.commands.command import Command

if TYPE_CHECKING:
    from nodion_tui.ui.log.pane import LogPane

_FIRST, _SECOND, _THIRD = 1, 2, 3
"""Ranks of what the moment asks for, before all other commands."""
_FAILED = 11
"""Rank of what a person wants to know of a failed run: after starting it, before the rest."""

Words = tuple[str, int | None]
"""Words in the footer, and the rank where it differs."""


class LogHints(msgspec.Struct, frozen=True, kw_only=True):
    """What decides the hints for a log."""

    is_selecting: bool = False
    """Whether lines are selected."""
    is_searching: bool = False
    """Whether there is a search."""
    has_matches: bool = False
    """Whether it has found a line."""
    only_matches: bool = False
    """Whether other lines are hidden."""
    can_follow: bool = True
    """Whether the end is not followed, and there may be more of it."""
    is_failed: bool = False
    """Whether it is the log of a failed run."""

    def availability(self) -> Mapping[str, bool]:
        """Whether the commands that depend on the state of the log have an effect."""
        return {
            "log.follow": self.can_follow,
            "log.only": self.only_matches or (self.is_searching and self.has_matches),
        }

    def words(self) -> Iterator[tuple[str, Words]]:
        """Command id → its words."""
        if self.is_failed:
            yield "log.next_error", ("errors", _FAILED)
            yield "log.compare", ("compare", _FAILED)
            yield "run.acknowledge", ("acknowledge", _FAILED)
        if self.is_searching:
            if self.has_matches:
                yield "log.next_match", ("match", _FIRST)
            yield "log.leave", ("clear", _SECOND)
        if self.only_matches:
            yield "log.only", ("all lines", _THIRD)
            yield "log.leave", ("", None)  # does the same at first
        if self.is_selecting:
            yield "log.copy", ("copy", _FIRST)
            yield "log.leave", ("unselect", _SECOND)


def log_hints(pane: "LogPane | None") -> LogHints:
    """The hints for the log of a pane."""
    log = pane.open_log if pane is not None else None
    if log is None:
        return LogHints()
    search, state = log.navigator.search, log.session.state
    is_whole = state.phase is LogPhase.ENDED and state.complete
    return LogHints(
        is_selecting=log.selected_lines > 0,
        is_searching=search is not None,
        has_matches=search is not None and search.state.count > 0,
        only_matches=search is not None and log.navigator.only_matches,
        can_follow=not (log.viewport.follow or is_whole),
        is_failed=log.run is not None and log.run.status == RunStatus.FAILED,
    )


def worded(command: Command, words: Mapping[str, Words]) -> Command:
    """A command in other words, if there are any for it."""
    if command.id not in words:
        return command
    footer, rank = words[command.id]
    return replace(command, footer=footer, rank=command.rank if rank is None else rank)
