"""Writes one line to the event log for each command that a key, a click or the palette runs."""

import logging
from collections.abc import Mapping
from functools import cache

from nodion_tui.ui.commands.registry import COMMANDS

_logger = logging.getLogger(__name__)


def log_command(action: object, node: object) -> None:
    """Write the command's id and where it runs; a text field's own actions are left out.

    Args:
        action: as passed to `App.run_action`.
        node: widget, screen or app that binds the key.
    """
    if not _logger.isEnabledFor(logging.INFO) or not isinstance(action, str):
        return
    from textual.widgets import Input, TextArea  # noqa: PLC0415 - the first paint needs no TextArea

    if isinstance(node, Input | TextArea):
        return
    name = action.partition("(")[0].rpartition(".")[2]
    if (command := _commands().get(name)) is not None:
        _logger.info("command id=%s on=%s", command, type(node).__name__)


@cache
def _commands() -> Mapping[str, str]:
    """Action → id of its command; the action itself where several commands share it."""
    ids: dict[str, str] = {}
    for command in COMMANDS:
        name = command.action.partition("(")[0]
        ids[name] = name if name in ids else command.id
    return ids
