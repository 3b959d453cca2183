"""Recognizes the sections that CI services mark in a log; a section's head is its title.

GitHub's `::group::`, the `##[group]` of GitHub and Azure, GitLab's `section_start:`, Travis's
`travis_fold:start:` and TeamCity's `blockOpened`.
"""

import re
from collections.abc import Callable
from enum import StrEnum
from typing import NamedTuple

from nodion_tui.monitor.log.folds.fold import Fold
from nodion_tui.monitor.log.line_start import content_start

_EXAMINED_CHARACTERS = 300
_WORDS = ("group::", "group]", "section_", "[section]", "travis_fold:", "teamcity[block")
"""One of these is in every mark."""
_ESCAPE = re.compile(r"\x1b\[[\d;]*[A-Za-z]")
_MARK = re.compile(
    r"""
      (?P<open_group>::group::|\#\#\[group\]) | (?P<close_group>::endgroup::|\#\#\[endgroup\])
    | section_(?:(?P<open>start)|end):\d+:(?P<gitlab>[\w.-]+)[^\r]*(?:\r|$)
    | travis_fold:(?:(?P<begin>start)|end):(?P<travis>[^\s]+)\s*
    | \#\#\[section\](?:(?P<starting>Starting)|Finishing):[ ](?P<azure>.+)
    | \#\#teamcity\[block(?:(?P<opened>Opened)|Closed)[ ]name='(?P<teamcity>[^']*)'.*
    """,
    re.VERBOSE,
)
_OPENING = ("open_group", "open", "begin", "starting", "opened")
_NAMES = ("gitlab", "travis", "azure", "teamcity")


class _Service(StrEnum):
    GROUPS = "groups"
    """Groups have no names and do not nest: the next one ends the one before."""
    NAMED = "named"


class _Mark(NamedTuple):
    opens: bool
    service: _Service
    name: str

    def ends(self, opened: "_Mark") -> bool:
        """Whether this mark ends the section that another one opened."""
        is_same = (self.service, self.name) == (opened.service, opened.name)
        return is_same and (not self.opens or self.service is _Service.GROUPS)


def find_section(body_at: Callable[[int], str], index: int, bounds: range) -> Fold | None:
    """The innermost section that a line heads, is in, or ends; None if there is none.

    Args:
        body_at: the body of a line as sent: GitLab's marks are overwritten on the screen.
        index: the line.
        bounds: the lines to search.
    """
    ended: set[str] = set()
    for head in range(index, bounds.start - 1, -1):
        for mark in reversed(_marks(body_at(head))):
            if not mark.opens:
                ended |= {mark.name} if head < index else set()
            elif mark.name in ended:
                ended -= {mark.name}
            else:
                return _section(body_at, head, mark, bounds.stop)
    return None


def heads_section(body: str) -> bool:
    """Whether a line is the title of a section."""
    marks = _marks(body)
    return bool(marks) and marks[-1].opens


def _section(body_at: Callable[[int], str], head: int, opened: _Mark, stop: int) -> Fold:
    """The section of a head; one that nobody ends reaches to `stop`."""
    for index in range(head + 1, stop):
        marks = _marks(body_at(index))
        if any(mark.ends(opened) for mark in marks):
            return Fold(head, index if marks[-1].opens else index + 1)
    return Fold(head, stop)


def _marks(body: str) -> list[_Mark]:
    """The marks at the beginning of a line; GitLab ends one section where it opens the next."""
    head = body[:_EXAMINED_CHARACTERS]
    if not any(word in head for word in _WORDS):
        return []
    head = _ESCAPE.sub("", head)
    marks: list[_Mark] = []
    position = content_start(head)
    while match := _MARK.match(head, position):
        name = next(filter(None, match.group(*_NAMES)), "")
        opens = any(match.group(*_OPENING))
        marks.append(_Mark(opens, _Service.NAMED if name else _Service.GROUPS, name))
        position = match.end()
    return marks
