"""Which commands the footer of the dashboard offers, in the words of the moment."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

import msgspec

from nodion_tui.ui.commands.command import Command, Scope
from nodion_tui.ui.commands.registry import commands_in
from nodion_tui.ui.dashboard.layout import Layout, PaneName, PaneState
from nodion_tui.ui.log.log_hints import LogHints, Words, worded
from nodion_tui.ui.log.typing_hints import typing_hints

if TYPE_CHECKING:
    from nodion_tui.ui.log.pane import LogPane

_FIRST, _SECOND, _THIRD = 1, 2, 3
"""Ranks of what the moment asks for, before all other commands."""
_AWAITED = 11
"""Rank of what says that the end of a run will be told."""
_WAY_BACK = 11
"""Rank of what leads from the detail to the log, which it covers."""
_OF_THE_RUN = ("run.stop", "run.rerun", "run.repeat", "run.await", "run.acknowledge")
"""Commands that act on a run, which is to be seen first."""
_key = partial(Command, scope="list")
FILTER_KEYS = (
    _key("filter.keep", ("enter",), "keep_filter", "Keep the filter", footer="keep filter"),
    _key("filter.clear", ("escape",), "clear_filter", "Clear the filter", footer="clear filter"),
    _key("filter.complete", ("tab",), "complete", "Complete the term", footer="complete"),
)
"""Keys of the line in which a filter is typed, where all others are text."""


def typed_keys(log: "LogPane | None", *, is_filter: bool) -> Sequence[Command]:
    """The keys of the line in which something is typed; empty: nothing is.

    Args:
        log: the log, below which a search or a moment may be typed.
        is_filter: whether it is a filter.
    """
    return FILTER_KEYS if is_filter else typing_hints(log)


class FooterState(msgspec.Struct, frozen=True, kw_only=True):
    """What decides the hints."""

    panes: PaneState
    availability: Mapping[str, bool]
    """Command id → whether it is applicable; others are."""
    own: Sequence[Command] = ()
    """The commands of config.toml that are applicable."""
    marked: int = 0
    """Number of marked runs."""
    marked_active: int = 0
    """Number of those that have not ended."""
    typed: Sequence[Command] = ()
    """The keys of the line in which something is typed; empty: nothing is."""
    is_filtered: bool = False
    """Whether the focused list has a filter."""
    is_awaited: bool = False
    """Whether the end of the run under the cursor will be told."""
    log: LogHints = LogHints()
    """The state of the log, which counts while that has the focus."""
    has_run: bool = True
    """Whether there is a run under the cursor, and with it a log and a detail."""
    has_rows: bool = True
    """Whether the focused list has rows, filtered out or not."""
    has_failure: bool = True
    """Whether a run has failed for a cause that is not acknowledged."""
    key_action: str = ""
    """What refreshing does about an API key that the service rejects; empty if it rejects none."""


def footer_commands(state: FooterState) -> list[Command]:
    """The commands that are applicable now."""
    if state.typed:
        return [*state.typed, *(each for each in commands_in(("app",)) if each.id == "app.palette")]
    scope: Scope = "log" if state.panes.focused is PaneName.LOG else "list"
    has_run = state.has_run and state.panes.panes != (PaneName.RUNNERS,)
    availability = {
        **state.availability,
        **(state.log.availability() if has_run else {}),
        "pane.detail": state.panes.layout is not Layout.WIDE
        and (has_run or state.panes.focused is PaneName.DETAIL),
        "list.filter": state.panes.focused is not PaneName.LOG and state.has_rows,
        "list.sort": has_run,
        "app.next_failure": state.has_failure,
        "app.dashboard": False,
    }
    if not (has_run or state.marked):
        availability |= dict.fromkeys(_OF_THE_RUN, False)
    words = dict(_words(state))
    return [
        worded(command, words)
        for command in (*commands_in(("app", "dashboard", scope)), *state.own)
        if availability.get(command.id, has_run or command.scope != "log")
    ]


def _words(state: FooterState) -> Iterator[tuple[str, Words]]:
    """Command id → its words in the footer, and its rank where that differs."""
    if state.key_action:
        yield "app.profiles", ("profile", _FIRST)
        yield "run.refresh", (state.key_action, _SECOND)
    if state.panes.focused is PaneName.LOG:
        yield from state.log.words()
    if state.marked:
        yield "run.stop", (f"stop {state.marked_active}", _FIRST)
        yield "run.rerun", (f"re-run {state.marked}", _SECOND)
        yield "pane.leave", ("unmark all", _THIRD)
    elif state.is_filtered:
        yield "pane.leave", ("clear filter", _SECOND)
    if state.is_awaited:
        yield "run.await", ("don't notify", _AWAITED)
    if state.panes.zoomed:
        yield "pane.zoom", ("unzoom", _FIRST)
    if state.panes.focused is PaneName.DETAIL:
        yield "pane.detail", ("log", _WAY_BACK)
