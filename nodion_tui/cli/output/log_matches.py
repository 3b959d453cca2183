"""Prints the matching lines of logs, as `grep` does."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import msgspec

from nodion_tui.cli.output.streams import Output, iso_time
from nodion_tui.cli.output.table import TableCell
from nodion_tui.model.run import Run
from nodion_tui.model.runner import short_id
from nodion_tui.model.text.signs import status_sign
from nodion_tui.monitor.log.buffer import EntryKind, LogBuffer
from nodion_tui.monitor.log.line.reader import shown_text

if TYPE_CHECKING:
    from nodion_tui.monitor.log.search.query import Matcher

_BATCH = 1000
_MATCH, _NUMBER, _HEADING = "1;31", "32", "1"


class MatchPrinter:
    """Prints one log after the other.

    Args:
        output: where to.
        matcher: whose matches are highlighted on a terminal.
        labels: runner id → name.
        context: lines before and after each match.
    """

    def __init__(
        self, output: Output, matcher: "Matcher", labels: Mapping[str, str], context: int
    ) -> None:
        self._output = output
        self._matcher = matcher
        self._labels = labels
        self._context = context
        self._has_output = False

    def print(self, run: Run, buffer: LogBuffer, indexes: Sequence[int]) -> None:
        """Prints the matches of a log.

        Args:
            run: whose log.
            buffer: its lines.
            indexes: of the matching ones, ascending.
        """
        if self._output.json:
            self._print_json(run, buffer, indexes)
        elif self._output.is_terminal:
            self._print_on_terminal(run, buffer, indexes)
        else:
            self._print_in_pipe(run, buffer, indexes)
        self._has_output = True

    def _print_json(self, run: Run, buffer: LogBuffer, indexes: Sequence[int]) -> None:
        matching = set(indexes)
        objects = []
        for index in (index for group in self._groups(buffer, indexes) for index in group):
            entry = buffer.entry(index)
            line = {
                "run_id": run.id,
                "runner_id": run.runner_id,
                "runner": self._label(run),
                "line": buffer.line_number(index),
                "created_at": iso_time(entry.created_at) or None,
                "body": entry.body.encode("utf-8", "replace").decode(),
            }
            objects.append(msgspec.json.encode(line | {"match": index in matching}))
            if len(objects) == _BATCH:
                self._output.json_lines(objects)
                objects = []
        self._output.json_lines(objects)

    def _print_in_pipe(self, run: Run, buffer: LogBuffer, indexes: Sequence[int]) -> None:
        matching = set(indexes)
        lines: list[tuple[str, str]] = []
        for group in self._groups(buffer, indexes):
            if self._context and (self._has_output or lines):
                lines.append(("--", ""))
            for index in group:
                mark = ":" if index in matching else "-"
                text = shown_text(buffer.entry(index).body)
                lines.append((f"{run.id}{mark}{buffer.line_number(index)}{mark}{text}", ""))
            if len(lines) >= _BATCH:
                self._output.text_lines(lines)
                lines, self._has_output = [], True
        self._output.text_lines(lines)

    def _print_on_terminal(self, run: Run, buffer: LogBuffer, indexes: Sequence[int]) -> None:
        output, matching = self._output, set(indexes)
        if self._has_output:
            output.line("")
        heading = f"{self._label(run)} {short_id(run.id)}"
        status = f"{output.sign(status_sign(run.status))} {run.status}"
        matches = "1 match" if len(indexes) == 1 else f"{len(indexes):,} matches"
        output.line(TableCell(heading, _HEADING), f"  {status}, {matches}")
        width = len(str(buffer.line_number(indexes[-1])))
        for place, group in enumerate(self._groups(buffer, indexes)):
            if place and self._context:
                output.line("--")
            for index in group:
                number = TableCell(f"{buffer.line_number(index):>{width}} ", _NUMBER)
                text = shown_text(buffer.entry(index).body)
                cells = self._highlighted(text) if index in matching else [TableCell(text, "2")]
                output.line(number, *cells)

    def _highlighted(self, text: str) -> Iterator[TableCell]:
        end = 0
        for start, stop in self._matcher.spans(text):
            yield TableCell(text[end:start])
            yield TableCell(text[start:stop], _MATCH)
            end = stop
        yield TableCell(text[end:])

    def _groups(self, buffer: LogBuffer, indexes: Sequence[int]) -> Iterator[list[int]]:
        """The matches with the lines around them; what is adjacent is one group."""
        group: list[int] = []
        for index in indexes:
            first = max(index - self._context, buffer.first_retained)
            if group and first > group[-1] + 1:
                yield group
                group = []
            begin = max(first, group[-1] + 1) if group else first
            around = range(begin, min(index + self._context + 1, buffer.end))
            group += [each for each in around if buffer.entry(each, 0).kind is EntryKind.LINE]
        if group:
            yield group

    def _label(self, run: Run) -> str:
        return self._labels.get(run.runner_id) or run.runner_id
