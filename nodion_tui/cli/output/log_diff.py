"""Prints the differences of two logs, and of what was run, as `diff -u` does."""

from collections.abc import Iterator, Sequence
from itertools import chain, groupby

import msgspec

from nodion_tui.cli.output.streams import Output
from nodion_tui.cli.output.table import TableCell
from nodion_tui.model.run_difference import RunComparison
from nodion_tui.monitor.log.buffer import LogBuffer
from nodion_tui.monitor.log.compare.comparison import CompareRow, Comparison
from nodion_tui.monitor.log.segment_text import body_text

_STYLES = {"-": "31", "+": "32", " ": ""}


def print_diff(
    output: Output,
    comparison: Comparison,
    buffers: tuple[LogBuffer, LogBuffer],
    headings: Sequence[str],
    context: int,
    executed: RunComparison,
) -> None:
    """Prints the differences with equal lines around them; nothing if there are none at all.

    Args:
        output: where to; as JSON, the differing lines alone.
        comparison: of the two logs.
        buffers: the logs, the older first.
        headings: a line for each of the two.
        context: equal lines before and after a difference.
        executed: what the two runs executed.
    """
    hunks = _hunks(comparison, context)
    if output.json:
        lines = (line for hunk in hunks for line in _lines(hunk, buffers) if line.sign != " ")
        output.json_lines(
            chain(
                (_json(sign, name, None, text) for sign, name, text in _sides(executed)),
                (_json(line.sign, "log", line.number, line.body) for line in lines),
            )
        )
        return
    if hunks or executed.differences:
        for heading in headings:
            output.line(TableCell(heading, "1"))
        _print_executed(output, executed)
    for hunk in hunks:
        output.line(TableCell(_position(hunk, buffers), "36"))
        output.text_lines(
            (f"{line.sign}{body_text(line.body.encode('utf-8', 'surrogatepass'))}", line.style)
            for line in _lines(hunk, buffers)
        )


def _print_executed(output: Output, executed: RunComparison) -> None:
    """What was run: differences, then what is equal in one line, and what is not known."""
    output.line(TableCell("@@ what was run @@", "36"))
    for sign, name, text in _sides(executed):
        output.line(TableCell(f"{sign}{name}: {text}", _STYLES[sign]))
    if executed.equal:
        output.line(f" equal: {', '.join(executed.equal)}")
    for note in executed.notes:
        output.line(f" {note}")


def _sides(executed: RunComparison) -> Iterator[tuple[str, str, str]]:
    """Sign, name and text of each difference, of the older run first."""
    for difference in executed.differences:
        for sign, text in (("-", difference.older), ("+", difference.newer)):
            if text is not None:
                yield sign, difference.name, text


def _json(sign: str, part: str, line: int | None, body: str) -> bytes:
    return msgspec.json.encode({"change": sign, "part": part, "line": line, "body": body})


class _Line(msgspec.Struct, frozen=True):
    """A line of one of the logs."""

    sign: str
    """`-` or `+`; a space if it is in both."""
    number: int
    body: str

    @property
    def style(self) -> str:
        return _STYLES[self.sign]


_Hunk = Sequence[CompareRow]


def _hunks(comparison: Comparison, context: int) -> list[_Hunk]:
    """The rows near a difference, in runs without a gap."""
    shown: set[int] = set()
    row = comparison.next_change(-1)
    while row is not None:
        end = row
        while end < len(comparison) and not comparison.row(end).same:
            end += 1
        shown.update(range(max(0, row - context), min(end + context, len(comparison))))
        row = comparison.next_change(row)
    numbered = enumerate(sorted(shown))
    return [
        [comparison.row(row) for _, row in group]
        for _, group in groupby(numbered, key=lambda pair: pair[1] - pair[0])
    ]


def _lines(hunk: _Hunk, buffers: tuple[LogBuffer, LogBuffer]) -> Iterator[_Line]:
    """The lines of a hunk: of each difference first those of the older log."""
    older, newer = buffers
    for same, group in groupby(hunk, key=lambda row: row.same):
        rows = list(group)
        if not same:
            yield from (_line("-", older, row.left) for row in rows if row.left is not None)
        sign = " " if same else "+"
        yield from (_line(sign, newer, row.right) for row in rows if row.right is not None)


def _line(sign: str, buffer: LogBuffer, index: int) -> _Line:
    return _Line(sign, buffer.line_number(index), buffer.entry(index).body)


def _position(hunk: _Hunk, buffers: tuple[LogBuffer, LogBuffer]) -> str:
    """`@@ -12,5 +14,6 @@`: first line and number of lines on both sides."""
    sides = []
    for buffer, indexes in zip(
        buffers, ([row.left for row in hunk], [row.right for row in hunk]), strict=True
    ):
        there = [index for index in indexes if index is not None]
        first = buffer.line_number(there[0]) if there else 0
        sides.append(f"{first},{len(there)}")
    return f"@@ -{sides[0]} +{sides[1]} @@"
