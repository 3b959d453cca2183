"""What the footer names while a line under a log is typed, where all other keys are text."""

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from nodion_tui.ui.commands.command import Command

if TYPE_CHECKING:
    from nodion_tui.ui.log.pane import LogPane

_key = partial(Command, scope="log")
_SEARCH = (
    _key("search.accept", ("enter",), "submit", "Search", footer="search"),
    _key("search.cancel", ("escape",), "give_up", "Cancel", footer="cancel"),
    _key("search.literal", ("ctrl+r",), "toggle_literal", "Literal", footer="literal / regex"),
    _key("search.older", ("up",), "older", "Older search", footer="older"),
)
_MOMENT = (
    _key("moment.accept", ("enter",), "submit", "Go there", footer="go there"),
    _key("moment.cancel", ("escape",), "give_up", "Cancel", footer="cancel"),
)


def typing_hints(pane: "LogPane | None") -> Sequence[Command]:
    """The keys of the line that is typed; empty: none is."""
    if pane is None:
        return ()
    if pane.search_bar.is_open and pane.search_bar.has_focus_within:
        return _SEARCH
    return _MOMENT if pane.moment_bar.is_open and pane.moment_bar.has_focus_within else ()
