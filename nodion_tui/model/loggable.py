"""Decides which external text may be written to the event log."""

import re

_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
UNKNOWN_ID = "(id)"
"""Placeholder for an id that is not a UUID, and may be any text typed or received."""


def loggable_id(identifier: str) -> str:
    """The id if it is a UUID, as all ids of the service are; else a placeholder."""
    return identifier if _UUID.fullmatch(identifier) else UNKNOWN_ID
