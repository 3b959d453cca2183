"""How the lines of many runs are printed: as text with time and run, or as JSON Lines."""

from collections.abc import Sequence

import msgspec

from nodion_tui.cli.output.streams import Output, iso_time
from nodion_tui.cli.tail.line_merger import HeldLine
from nodion_tui.model.log_line import LogLine
from nodion_tui.model.run import RunKey
from nodion_tui.model.runner import short_id
from nodion_tui.model.text.format import time_of_day
from nodion_tui.model.text.sanitize import sanitize

_HUES = ("36", "32", "33", "35", "34", "31")
"""SGR colours of the runs, one after the other; the name tells them apart, too."""
_DIM = "2"
_MAX_NAME = 30
"""Columns to which names are padded on a terminal at most."""


class NameColumn:
    """How wide the names on a terminal are: as the longest one that was there, within a limit."""

    def __init__(self) -> None:
        self._columns = 0

    def add(self, name: str) -> None:
        """Make room for a name; lines that are printed already stay as they are."""
        from rich.cells import cell_len  # noqa: PLC0415  # for a terminal only

        self._columns = max(self._columns, min(cell_len(name), _MAX_NAME))

    def padded(self, name: str) -> str:
        """A name with the spaces after it."""
        from rich.cells import cell_len  # noqa: PLC0415  # for a terminal only

        return name + " " * (self._columns - cell_len(name))


class RunLines:
    """The lines of one run, in order.

    Args:
        output: where they are printed.
        key: the run.
        label: of its runner.
        number: of the run, which decides its colour.
        column: has the names of all runs.
        timestamps: show the time of each line.
    """

    def __init__(
        self,
        output: Output,
        key: RunKey,
        label: str,
        number: int,
        column: NameColumn,
        *,
        timestamps: bool,
    ) -> None:
        self._output = output
        self._key = key
        self._label = label
        self._style = _HUES[number % len(_HUES)]
        self._timestamps = timestamps
        self._terminal_lines = output.terminal_lines() if output.is_terminal else None
        self.name = sanitize(f"{label} {short_id(key.run_id)}")
        """Runner and run, as they are printed."""
        self._column = column
        if self._terminal_lines is not None:
            column.add(self.name)

    def skip(self, line: LogLine) -> None:
        """Take note of a line that is not printed: on a terminal, its colours carry over."""
        if self._terminal_lines is not None and not self._output.json:
            self._terminal_lines.skip(line.body)

    def text(self, line: LogLine, raw: bytes | None) -> bytes:
        """A line as it is printed: JSON, or its text without a line break."""
        if self._output.json:
            return self._json(raw or msgspec.json.encode(line))
        if self._terminal_lines is not None:
            body = self._terminal_lines.line(line.body)
            name = self._output.styled(self._column.padded(self.name), self._style)
            time = time_of_day(line.created_at) if line.created_at else " " * 8
            stamp = f"{self._output.styled(time, _DIM)} " if self._timestamps else ""
            text = f"{stamp}{name} {self._output.sign('│')} {body}"
            return text.encode(self._output.encoding, "backslashreplace")
        stamp = f"{iso_time(line.created_at) or '-'} " if self._timestamps else ""
        return f"{stamp}{self.name} │ {line.body}".encode("utf-8", "backslashreplace")

    def _json(self, raw: bytes) -> bytes:
        row = {
            "runner_id": self._key.runner_id,
            "runner": self._label,
            "run": self._key.run_id,
            "line": msgspec.Raw(raw),
        }
        return msgspec.json.encode(row)


def write_lines(output: Output, lines: Sequence[HeldLine]) -> None:
    """Print lines to stdout and notices to stderr, in their order.

    Raises:
        BrokenPipeError: the reader of stdout has closed it.
    """
    texts: list[bytes] = []
    for line in lines:
        if line.notice:
            _flush(output, texts)
            output.notice(line.notice)
        else:
            texts.append(line.text)
    _flush(output, texts)


def _flush(output: Output, texts: list[bytes]) -> None:
    if texts and output.json:
        output.json_lines(texts)
    elif texts:
        output.write(b"\n".join(texts) + b"\n")
    texts.clear()
