"""Dispatches a command of the footer or the palette to the node that has its action."""

from collections.abc import Iterator
from typing import Any

from textual.dom import DOMNode
from textual.screen import Screen

from nodion_tui.ui.commands.command import Command


def dispatch(screen: Screen[Any], command: Command) -> None:
    """Run a command on behalf of the focused widget; no effect if no node has its action.

    Args:
        screen: the active screen.
        command: the command to run.
    """
    method = f"action_{command.action.partition('(')[0]}"
    for node in _nodes(screen, command):
        if hasattr(node, method):
            screen.call_later(screen.app.run_action, command.action, node)
            return


def _nodes(screen: Screen[Any], command: Command) -> Iterator[DOMNode]:
    """Nodes that may have the action: from the focus outwards, then all of the screen."""
    if command.scope == "app":
        yield screen.app
        return
    if screen.focused is not None:
        yield from screen.focused.ancestors_with_self
    yield from screen.walk_children(with_self=True)
