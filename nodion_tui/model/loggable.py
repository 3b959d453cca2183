"""Decides which external text may be written to the event log."""

from nodion_tui.model.runner import is_uuid

UNKNOWN_ID = "(id)"
"""Placeholder for an id that is not a UUID, and may be any text typed or received."""


def loggable_id(identifier: str) -> str:
    """The id if it is a UUID, as all ids of the service are; else a placeholder."""
    return identifier if is_uuid(identifier) else UNKNOWN_ID
