"""What a person has typed to start more than one run: times, at most, vary."""

import msgspec

from nodion_tui.model.trigger import TriggerRequest
from nodion_tui.model.trigger_draft import TriggerDraft
from nodion_tui.model.variation import (
    MAX_RUNS,
    PlannedRequest,
    Variation,
    parse_variation,
    planned_requests,
)

SEPARATOR = "|"
"""Between the values of a variation in the form."""


class ManyDraft(msgspec.Struct, frozen=True, kw_only=True):
    """The content of the fields; the default starts one run."""

    times: str = "1"
    at_most: str = ""
    vary: str = ""
    """One variation a line."""

    def requests(self, request: TriggerRequest) -> tuple[PlannedRequest, ...]:
        """The requests of all runs.

        Raises:
            ValueError: the fields are not valid; a sentence.
        """
        times = _number(self.times or "1", "times")
        self.limit()
        requests = planned_requests(request, self._variations(), times)
        for number, planned in enumerate(requests, 1):
            for messages in planned.request.problems().values():
                raise ValueError(f"run {number}: {messages[0]}")
        return requests

    def limit(self) -> int | None:
        """How many of the runs may go on at once; None: any number.

        Raises:
            ValueError: it is no number.
        """
        return _number(self.at_most, "at most") if self.at_most.strip() else None

    def with_variable(self, draft: TriggerDraft, index: int) -> "ManyDraft":
        """The same, with a line to vary a variable, by its row in the form."""
        row = draft.env[index]
        known = {line.partition("=")[0].strip() for line in self.vary.splitlines()}
        if not row.key.strip() or row.key.strip() in known:
            return self
        value = row.value if row.value and not row.hidden else ""
        line = f"{row.key.strip()} = {_quoted(value)}{f' {SEPARATOR} ' if value else ''}"
        lines = [line for line in self.vary.splitlines() if line.strip()]
        return msgspec.structs.replace(self, vary="\n".join((*lines, line)))

    def _variations(self) -> list[Variation]:
        lines = [line for line in self.vary.splitlines() if line.strip()]
        return [parse_variation(line, SEPARATOR) for line in lines]


def _number(text: str, name: str) -> int:
    text = text.strip()
    if not (text.isdecimal() and text.isascii() and 1 <= int(text[:9]) <= MAX_RUNS):
        raise ValueError(f"{name}: a number from 1 to {MAX_RUNS}")
    return int(text)


def _quoted(value: str) -> str:
    return value.replace("\\", "\\\\").replace(SEPARATOR, f"\\{SEPARATOR}")
