"""Which part of a log a command prints: by time, filter, context, tail and limits.

Lines come in batches, oldest first, and are printed as soon as they are decided on. Lines that are
not printed are handed to the output as well: on a terminal, colour carries over them.
"""

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from itertools import zip_longest
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from nodion_tui.cli.output.streams import Output
from nodion_tui.model.log_line import LogLine, line_number

if TYPE_CHECKING:
    from nodion_tui.monitor.log.moments.bounds import Bound, LineBounds

LineFilter = Callable[[LogLine], bool]
"""Whether a line is printed."""
SEPARATOR = "--"
"""Line between groups of lines that do not follow each other, as `grep -C` prints it."""


class WindowOptions(msgspec.Struct, frozen=True, kw_only=True):
    """What of a log is printed; by default all of it."""

    wanted: LineFilter | None = None
    since: "Bound" = None
    """Lines of this moment and later."""
    until: "Bound" = None
    """Lines of this moment and earlier."""
    context: int = 0
    """Lines before and after each wanted one."""
    tail: int | None = None
    """The last ones of the lines written so far."""
    max_lines: int | None = None
    max_bytes: int | None = None
    """Of the lines with their line breaks, or of their JSON."""

    @property
    def is_whole(self) -> bool:
        """Whether every line is printed."""
        return self == WindowOptions()


class _Entry(NamedTuple):
    line: LogLine
    raw: bytes | None
    is_shown: bool = True
    follows_gap: bool = False


class LogWindow:
    """Prints the chosen lines of one log.

    Args:
        output: where, and whether as JSON.
        options: which lines.
        timestamps: show the time of each line; None: on a terminal only.
    """

    def __init__(
        self,
        output: Output,
        options: WindowOptions | None = None,
        *,
        timestamps: bool | None = None,
    ) -> None:
        self._output = output
        self._options = options or WindowOptions()
        self._timestamps = timestamps
        self._before: deque[_Entry] = deque()
        self._after = 0
        self._tail: deque[_Entry] | None = None if self._options.tail is None else deque()
        self._skipped = False
        self._has_output = False
        self._lines = self._bytes = 0
        self.stopped_by = ""
        """The limit that was reached, such as `--max-lines 100`; empty if none was."""
        self.last_id = ""
        """Id of the last line that was printed, or left out for its length."""

    def add(self, lines: Sequence[LogLine], raw: Sequence[bytes]) -> None:
        """Prints the chosen ones of the next lines; `raw` is their JSON, if it is printed."""
        if self._options.is_whole:
            if self._output.json:
                self._output.json_lines(raw)
            else:
                self._output.log_lines(lines, timestamps=self._timestamps)
            return
        entries = (_Entry(line, json) for line, json in zip_longest(lines, raw))
        self._pass_on(self._decide_each(self._bounds.add(entries)))

    def flush(self) -> None:
        """Prints what was held back, and the tail: all lines written so far are known."""
        if self._options.is_whole:
            return
        self._pass_on(self._decide_each(self._bounds.settle()))
        tail, self._tail = self._tail, None
        if tail:
            self._print(list(tail))

    @cached_property
    def _bounds(self) -> "LineBounds[_Entry]":
        """Where the part of the log begins and ends."""
        from nodion_tui.monitor.log.moments.bounds import LineBounds  # noqa: PLC0415 - of a part alone

        return LineBounds(
            self._options.since, self._options.until, lambda entry: entry.line.created_at
        )

    def _decide_each(self, entries: Iterable[tuple[_Entry, bool]]) -> list[_Entry]:
        decided: list[_Entry] = []
        for entry, is_between in entries:
            self._decide(entry, decided, is_between=is_between)
        return decided

    def _decide(self, entry: _Entry, decided: list[_Entry], *, is_between: bool) -> None:
        options = self._options
        if not is_between:
            self._hide(entry, decided)
        elif options.wanted is None or options.wanted(entry.line):
            for each in (*self._before, entry):
                decided.append(each._replace(follows_gap=self._skipped))
                self._skipped = False
            self._before.clear()
            self._after = options.context
        elif self._after:
            self._after -= 1
            decided.append(entry)
        else:
            self._before.append(entry)
            if len(self._before) > options.context:
                self._hide(self._before.popleft(), decided)

    def _hide(self, entry: _Entry, decided: list[_Entry]) -> None:
        self._skipped = True
        decided.append(entry._replace(is_shown=False))

    def _pass_on(self, decided: list[_Entry]) -> None:
        """Prints the lines, or keeps them for the tail."""
        if self._tail is None:
            self._print(decided)
            return
        self._tail.extend(entry for entry in decided if entry.is_shown)
        while len(self._tail) > (self._options.tail or 0):
            self._tail.popleft()

    def _print(self, entries: list[_Entry]) -> None:
        allowed: list[_Entry] = []
        for entry in entries:
            if self.stopped_by:
                break
            if entry.is_shown and not self._fits(entry):
                break
            allowed.append(entry)
        for number, group in enumerate(self._groups(allowed)):
            if number:
                self._output.line(SEPARATOR)
            self._write(group)

    def _groups(self, entries: list[_Entry]) -> list[list[_Entry]]:
        """The lines, cut where a separator is printed: after a gap, but not at the beginning."""
        groups: list[list[_Entry]] = [[]]
        for entry in entries:
            is_cut = entry.follows_gap and self._has_output
            if is_cut and self._options.context and not self._output.json:
                groups.append([])
            groups[-1].append(entry)
            self._has_output = self._has_output or entry.is_shown
        return groups

    def _fits(self, entry: _Entry) -> bool:
        """Counts a line; sets the limit that it exceeds."""
        options = self._options
        size = len(entry.raw or entry.line.body.encode("utf-8", "surrogatepass")) + 1
        if options.max_lines is not None and self._lines >= options.max_lines:
            self.stopped_by = f"--max-lines {options.max_lines}"
        elif options.max_bytes is not None and self._bytes + size > options.max_bytes:
            self.stopped_by = f"--max-bytes {options.max_bytes}"
            if not self._lines:
                # To go on after it: asked for again, it would stop the next call as well.
                name = line_number(entry.line.id) or entry.line.id
                self.stopped_by += f": line {name} has {size:,} bytes and is left out"
                self.last_id = entry.line.id
        if self.stopped_by:
            return False
        self._lines, self._bytes, self.last_id = self._lines + 1, self._bytes + size, entry.line.id
        return True

    def _write(self, entries: list[_Entry]) -> None:
        if self._output.json:
            self._output.json_lines(entry.raw for entry in entries if entry.is_shown and entry.raw)
            return
        hidden = {id(entry.line) for entry in entries if not entry.is_shown}
        self._output.log_lines(
            [entry.line for entry in entries],
            timestamps=self._timestamps,
            wanted=(lambda line: id(line) not in hidden) if hidden else None,
        )
