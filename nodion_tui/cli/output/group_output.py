"""Output of one command over several profiles: each prints, and what they print is one result.

A table gets a column PROFILE, a row of a pipe the profile in front, an object a field `profile`.
Notices begin with the profile.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from nodion_tui.cli.output.streams import Output
from nodion_tui.cli.output.table import TableCell

_Row = tuple[Any, int, Any]


class GroupOutput:
    """Collects the rows of the profiles, and prints them together.

    Args:
        output: where they are printed.
    """

    def __init__(self, output: Output) -> None:
        self._output = output
        self._members: list[MemberOutput] = []

    def member(self, profile: str, **options: Any) -> "MemberOutput":
        """The output of one profile, made with the options of the whole one."""
        member = MemberOutput(profile, **options)
        self._members.append(member)
        return member

    def print(self) -> None:
        """Print what the profiles have printed: by their keys, else one profile after the other."""
        members = [member for member in self._members if member.rows]
        keyed = all(len(member.keys) == len(member.rows) for member in members)
        rows: list[_Row] = [
            (member.keys[index] if keyed else 0, place, row)
            for place, member in enumerate(members)
            for index, row in enumerate(member.rows)
        ]
        rows.sort(key=lambda row: row[:2])
        # Without an order, each profile has shown its first ones, and no more are left out.
        limits = [member.limit for member in members if member.limit and keyed]
        total = sum(max(member.total, len(member.rows)) for member in members)
        shown = [row for _, _, row in rows[: limits[0] if limits else None]]
        if self._output.json:
            self._output.json_lines(shown)
        elif self._output.is_terminal and members:
            self._output.table(("PROFILE", *members[0].headings), shown)
        else:
            self._output.tab_separated(shown)
        if not self._output.json:
            self._output.older_not_shown(total - len(shown))


class MemberOutput(Output):
    """What a command prints of one profile; rows are kept until all have theirs."""

    def __init__(self, profile: str, **options: Any) -> None:
        super().__init__(**options)
        self.profile = profile
        self.label = f"{profile}: "
        self.headings: Sequence[str] = ()
        self.rows: list[Any] = []
        self.keys: Sequence[Any] = ()
        self.limit: int | None = None
        self.total = 0

    def order_rows(self, keys: Sequence[Any], limit: int | None, total: int) -> None:
        """Note how the rows are ordered among those of other profiles, and how many are shown."""
        self.keys, self.limit, self.total = keys, limit, total

    def table(self, headings: Sequence[str], rows: Sequence[Sequence[TableCell]]) -> None:
        """Keep the rows of a table."""
        self.headings = headings
        self.rows += [(TableCell(self.profile), *row) for row in rows]

    def tab_separated(self, rows: Iterable[Sequence[str]]) -> None:
        """Keep rows for a pipe."""
        self.rows += [(self.profile, *row) for row in rows]

    def json_lines(self, objects: Iterable[bytes]) -> None:
        """Keep objects."""
        for raw in objects:
            fields = msgspec.json.decode(raw, type=dict[str, msgspec.Raw])
            own = {"profile": msgspec.Raw(msgspec.json.encode(self.profile))}
            self.rows.append(msgspec.json.encode(own | fields | own))

    def older_not_shown(self, number: int) -> None:
        """All profiles tell this together."""

    def warning(self, text: str) -> None:
        """Writes to stderr, with the profile in front."""
        super().warning(f"{self.label}{text}")
