"""Doing a command from the footer or the palette, wherever its action lives."""

from collections.abc import Iterator
from typing import Any

from textual.dom import DOMNode
from textual.screen import Screen

from nodion_tui.ui.commands.command import Command


def dispatch(screen: Screen[Any], command: Command) -> None:
    """Do a command on behalf of what has the focus; nothing happens where none can do it.

    Args:
        screen: the one that is in front.
        command: what to do.
    """
    method = f"action_{command.action}"
    for node in _nodes(screen, command):
        if hasattr(node, method):
            screen.call_later(screen.app.run_action, command.action, node)
            return


def _nodes(screen: Screen[Any], command: Command) -> Iterator[DOMNode]:
    """Who may have the action: from the focus outwards, then anything on the screen."""
    if command.scope == "app":
        yield screen.app
        return
    if screen.focused is not None:
        yield from screen.focused.ancestors_with_self
    yield from screen.walk_children(with_self=True)
