"""Output of a command: results on stdout, notices on stderr, in a format for terminal or pipe.

On a terminal all text from a server is sanitized; in a pipe log lines and JSON are not changed.
"""

import errno
import os
import shutil
import stat
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, TextIO

import msgspec

from nodion_tui.cli.json_option import JsonFields
from nodion_tui.cli.output.table import TableCell, layout_table
from nodion_tui.cli.output.terminal_text import terminal_json
from nodion_tui.cli.process.broken_streams import write_stderr
from nodion_tui.model.listing import Listing
from nodion_tui.model.log_line import LogLine, bodies_of
from nodion_tui.model.text.format import time_of_day
from nodion_tui.model.text.sanitize import sanitize
from nodion_tui.model.text.signs import in_ascii

if TYPE_CHECKING:
    from nodion_tui.cli.output.terminal_lines import TerminalLines
    from nodion_tui.monitor.log.patterns.runner_patterns import RunnerPatterns

_DIM = "2"


class Output:
    """Stdout and stderr of one command.

    Args:
        fields: of each object, printed as JSON Lines; empty: whole objects; None: no JSON.
        quiet: print no notices, only warnings.
        silent: print neither.
        ascii_only: use ASCII glyphs only.
    """

    def __init__(
        self,
        *,
        fields: JsonFields = None,
        quiet: bool = False,
        silent: bool = False,
        ascii_only: bool = False,
    ) -> None:
        self.json = fields is not None
        """Whether results are JSON Lines."""
        self._fields = fields
        self._quiet = quiet
        self._silent = silent
        self.label = ""
        """What errors begin with: the profile, where there are several."""
        self.patterns: RunnerPatterns | None = None
        """Patterns that light log lines on a terminal."""
        self.is_terminal = sys.stdout.isatty()
        """Whether stdout is a terminal."""
        self.use_color = _uses_color(sys.stdout)
        self._error_color = _uses_color(sys.stderr)
        self._ascii_only = ascii_only or not _supports_unicode(sys.stdout)

    def sign(self, sign: str) -> str:
        """A sign of the program's own, in ASCII if required."""
        return in_ascii(sign) if self._ascii_only else sign

    def styled(self, text: str, style: str) -> str:
        """Wraps the text in SGR parameters if colour is enabled."""
        return f"\x1b[{style}m{text}\x1b[0m" if self.use_color and style else text

    def write(self, data: bytes) -> None:
        """Writes bytes to stdout and flushes it.

        Raises:
            BrokenPipeError: the reader has closed the pipe.
            OSError: the bytes cannot be written, as where a disk is full.
        """
        sys.stdout.flush()
        stream, rest = sys.stdout.buffer, memoryview(data)
        while rest:
            # With PYTHONUNBUFFERED this is the file itself, which may take a part and say so.
            if (taken := stream.write(rest)) is None:
                raise BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN))
            rest = rest[taken:]
        stream.flush()

    def line(self, *parts: TableCell | str) -> None:
        """Writes one line to stdout; sanitizes each part, then styles it."""
        cells = (TableCell(part) if isinstance(part, str) else part for part in parts)
        self._write_line("".join(self.styled(sanitize(cell.text), cell.style) for cell in cells))

    def json_lines(self, objects: Iterable[bytes]) -> None:
        """Writes JSON Lines: each object, or the chosen fields of it, as the API sent it.

        Raises:
            CommandLineError: no object has a field of the chosen name.
        """
        if self._fields:
            # On demand: few command lines choose fields.
            from nodion_tui.cli.output.chosen_fields import chosen_fields  # noqa: PLC0415

            objects = chosen_fields(objects, self._fields)
        compact = (msgspec.json.format(raw, indent=-1) for raw in objects)
        lines = [terminal_json(raw) if self.is_terminal else raw for raw in compact]
        if lines:
            self.write(b"\n".join(lines) + b"\n")

    def json_object(self, value: Mapping[str, Any]) -> None:
        """Writes an object of the program's own."""
        self.json_lines([msgspec.json.encode(value)])

    def text_lines(self, lines: Iterable[tuple[str, str]]) -> None:
        """Writes texts with their styles: sanitized on a terminal, unchanged in a pipe."""
        if self.is_terminal:
            texts = [self.styled(sanitize(text), style) for text, style in lines]
        else:
            texts = [text for text, _ in lines]
        encoding = sys.stdout.encoding if self.is_terminal else "utf-8"
        self.write("".join(f"{text}\n" for text in texts).encode(encoding, "backslashreplace"))

    def order_rows(self, keys: Sequence[Any], limit: int | None, total: int) -> None:
        """Note the order of the next rows among those of other profiles.

        Args:
            keys: what each row is sorted by; empty: one profile after the other.
            limit: how many rows are shown at most.
            total: how many there are.
        """

    def older_not_shown(self, number: int) -> None:
        """Writes how many runs a limit has left out."""
        if number > 0:
            self.notice(f"{number:,} older runs not shown; --limit 0 lists all")

    def table(self, headings: Sequence[str], rows: Sequence[Sequence[TableCell]]) -> None:
        """Writes a table, at most as wide as the terminal."""
        if rows:
            width = shutil.get_terminal_size().columns
            for line in layout_table(headings, rows, width, self.styled, self.sign("…")):
                self._write_line(line)

    def tab_separated(self, rows: Iterable[Sequence[str]]) -> None:
        """Writes tab-separated rows without a heading; tabs in values are replaced by marks."""
        lines = ("\t".join(map(sanitize, row)) + "\n" for row in rows)
        self.write("".join(lines).encode("utf-8", "backslashreplace"))

    def log_lines(
        self,
        lines: Sequence[LogLine],
        *,
        timestamps: bool | None,
        wanted: Callable[[LogLine], bool] | None = None,
    ) -> None:
        """Writes log lines: unchanged in a pipe, as the dashboard shows them on a terminal.

        Args:
            lines: the next lines of one log.
            timestamps: show the time of each line; None: on a terminal only.
            wanted: selects the lines to print; None: all.
        """
        texts: Sequence[str]
        encoding = "utf-8"
        if self.is_terminal:
            encoding = sys.stdout.encoding
            texts = [
                self._format_line(line, timestamps=timestamps is not False)
                for line in lines
                if self._is_printed(line, wanted)
            ]
        elif not timestamps and wanted is None:
            texts = bodies_of(lines)
        else:
            texts = [
                f"{iso_time(line.created_at) or '-'} {line.body}" if timestamps else line.body
                for line in lines
                if wanted is None or wanted(line)
            ]
        if texts:
            self.write(("\n".join(texts) + "\n").encode(encoding, "backslashreplace"))

    def notice(self, text: str) -> None:
        """Writes a notice to stderr, so it never mixes with results; nothing if quiet."""
        if not self._quiet:
            self.warning(text)

    def warning(self, text: str) -> None:
        """Writes to stderr what must be known, also if quiet."""
        if self._silent:
            return
        sys.stdout.flush()
        sanitized = sanitize(text)
        styled = f"\x1b[{_DIM}m{sanitized}\x1b[0m" if self._error_color else sanitized
        write_stderr(f"{styled}\n")

    def bad_rows(self, listing: Listing[Any]) -> None:
        """Prints how many rows of a list could not be decoded, and why the first one."""
        if not listing.bad_rows:
            return
        row = listing.bad_rows[0]
        name = f"row {row.index + 1} ({row.id})" if row.id else f"row {row.index + 1}"
        if listing.bad_count == 1:
            self.warning(f"{name} is not as documented: {row.problem}")
        else:
            count = f"{listing.bad_count:,}"
            self.warning(f"{count} rows are not as documented, the first: {name}: {row.problem}")

    def terminal_lines(self) -> "TerminalLines":
        """Prepares the lines of a further log for the terminal."""
        from nodion_tui.cli.output.terminal_lines import TerminalLines  # noqa: PLC0415 - as below

        return TerminalLines(color=self.use_color)

    @property
    def encoding(self) -> str:
        """Encoding of stdout."""
        return sys.stdout.encoding or "utf-8"

    def _write_line(self, text: str) -> None:
        self.write(text.encode(sys.stdout.encoding, "backslashreplace") + b"\n")

    @cached_property
    def _lines(self) -> "TerminalLines":
        # Only commands that print a log pay for its import.
        from nodion_tui.cli.output.terminal_lines import TerminalLines  # noqa: PLC0415

        return TerminalLines(color=self.use_color, patterns=self.patterns)

    def _is_printed(self, line: LogLine, wanted: Callable[[LogLine], bool] | None) -> bool:
        if wanted is None or wanted(line):
            return True
        self._lines.skip(line.body)
        return False

    def _format_line(self, line: LogLine, *, timestamps: bool) -> str:
        body = self._lines.line(line.body)
        if not timestamps:
            return body
        time = time_of_day(line.created_at) if line.created_at else " " * 8
        return f"{self.styled(time, _DIM)} {body}"


def stdout_can_close() -> bool:
    """Whether the reader of stdout can close it, as with a pipe or a socket."""
    mode = os.fstat(sys.stdout.fileno()).st_mode
    return stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode)


def iso_time(moment: datetime | None) -> str:
    """ISO 8601 with UTC offset, for scripts; empty if unknown."""
    return "" if moment is None else moment.isoformat(timespec="milliseconds")


def _uses_color(stream: TextIO) -> bool:
    """Whether a stream gets colour, by NO_COLOR, CLICOLOR_FORCE and CLICOLOR, in this order.

    Source: https://no-color.org and https://bixense.com/clicolors.
    """
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("CLICOLOR_FORCE", "0") not in {"", "0"}:
        return True
    allowed = os.environ.get("CLICOLOR") != "0" and os.environ.get("TERM") != "dumb"
    return allowed and stream.isatty()


def _supports_unicode(stream: TextIO) -> bool:
    return (stream.encoding or "").lower().replace("-", "") in {"utf8", "utf8sig", "utf16"}
