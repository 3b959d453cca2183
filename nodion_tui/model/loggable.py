"""Which text from outside the event log may hold as it is."""

import re

_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
UNKNOWN_ID = "(id)"
"""Stands for an id that has not the form of one, and could be anything that was typed or sent."""


def loggable_id(identifier: str) -> str:
    """The id if it is a UUID, as those of the service are; else a stand-in."""
    return identifier if _UUID.fullmatch(identifier) else UNKNOWN_ID
