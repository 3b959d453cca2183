"""Where words go: results to stdout, notices to stderr; a terminal gets other ones than a pipe.

On a terminal everything that came from a server is cleaned; in a pipe data is passed on as it is.
"""

import os
import shutil
import stat
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import TextIO

import msgspec

from nodion_tui.cli.output.table import TableCell, layout_table
from nodion_tui.cli.output.terminal_text import terminal_json, terminal_line
from nodion_tui.model.listing import BadRow
from nodion_tui.model.log_line import LogLine
from nodion_tui.model.sanitize import sanitize

_DIM = "2"


class Output:
    """Stdout and stderr of one command.

    Args:
        json: print what the API sent, as JSON Lines.
        silent: say nothing on stderr.
        ascii_only: no glyph beyond ASCII, by configuration.
        environ: in place of `os.environ`, for NO_COLOR and TERM.
    """

    def __init__(
        self,
        *,
        json: bool = False,
        silent: bool = False,
        ascii_only: bool = False,
        environ: Mapping[str, str] | None = None,
    ) -> None:
        environ = os.environ if environ is None else environ
        colorful = not environ.get("NO_COLOR") and environ.get("TERM") != "dumb"
        self.json = json
        self._silent = silent
        self.is_terminal = sys.stdout.isatty()
        """Whether stdout is a person's terminal."""
        self.use_color = self.is_terminal and colorful
        self._error_color = sys.stderr.isatty() and colorful
        self.ascii_only = ascii_only or not _speaks_unicode(sys.stdout)
        self.ellipsis = "..." if self.ascii_only else "…"

    def styled(self, text: str, style: str) -> str:
        """The text in the look of these SGR parameters, where colour is welcome."""
        return f"\x1b[{style}m{text}\x1b[0m" if self.use_color and style else text

    def write(self, data: bytes) -> None:
        """Bytes to stdout, at once.

        Raises:
            BrokenPipeError: nobody reads them any more.
        """
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()

    def line(self, *parts: TableCell | str) -> None:
        """One line to stdout; whatever the parts hold is cleaned, then put in their look."""
        cells = (TableCell(part) if isinstance(part, str) else part for part in parts)
        self._put("".join(self.styled(sanitize(cell.text), cell.style) for cell in cells))

    def json_lines(self, raws: Iterable[bytes]) -> None:
        """JSON Lines: each object as the API sent it, on a line of its own."""
        compact = (msgspec.json.format(raw, indent=-1) for raw in raws)
        shown = [terminal_json(raw) if self.is_terminal else raw for raw in compact]
        if shown:
            self.write(b"\n".join(shown) + b"\n")

    def table(self, headings: Sequence[str], rows: Sequence[Sequence[TableCell]]) -> None:
        """A table, as wide as the terminal at most."""
        if rows:
            width = shutil.get_terminal_size().columns
            for line in layout_table(headings, rows, width, self.styled, self.ellipsis):
                self._put(line)

    def tab_separated(self, rows: Iterable[Sequence[str]]) -> None:
        """Rows for a script: a tab between the values, no heading; tabs in a value are marks."""
        lines = ("\t".join(map(sanitize, row)) + "\n" for row in rows)
        self.write("".join(lines).encode("utf-8", "backslashreplace"))

    def log_lines(self, lines: Sequence[LogLine], *, times: bool | None) -> None:
        """Log lines: the bodies alone in a pipe, cleaned and dated on a terminal.

        Args:
            lines: in their order.
            times: show when each was written; None: on a terminal only.
        """
        if self.is_terminal:
            texts = [self._shown(line, times=times is not False) for line in lines]
            encoding = sys.stdout.encoding
        else:
            texts = [f"{_stamp(line)} {line.body}" if times else line.body for line in lines]
            encoding = "utf-8"
        if texts:
            self.write(("\n".join(texts) + "\n").encode(encoding, "backslashreplace"))

    def notice(self, text: str) -> None:
        """Something to know, on stderr, so that it is never taken for a result."""
        if self._silent:
            return
        sys.stdout.flush()
        cleaned = sanitize(text)
        painted = f"\x1b[{_DIM}m{cleaned}\x1b[0m" if self._error_color else cleaned
        encoded = f"{painted}\n".encode(sys.stderr.encoding, "backslashreplace")
        sys.stderr.buffer.write(encoded)
        sys.stderr.buffer.flush()

    def bad_rows(self, rows: Sequence[BadRow]) -> None:
        """Say which rows of a list could not be read."""
        for row in rows:
            name = f" ({row.id})" if row.id else ""
            self.notice(f"row {row.index + 1}{name} is not as documented: {row.problem}")

    def _put(self, text: str) -> None:
        self.write(text.encode(sys.stdout.encoding, "backslashreplace") + b"\n")

    def _shown(self, line: LogLine, *, times: bool) -> str:
        body = terminal_line(line.body, color=self.use_color)
        if not times:
            return body
        at = line.created_at.astimezone().strftime("%H:%M:%S") if line.created_at else " " * 8
        return f"{self.styled(at, _DIM)} {body}"


def stdout_can_close() -> bool:
    """Whether the reader of stdout can go away: it is a pipe or a socket."""
    mode = os.fstat(sys.stdout.fileno()).st_mode
    return stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode)


def _stamp(line: LogLine) -> str:
    return line.created_at.isoformat(timespec="milliseconds") if line.created_at else "-"


def _speaks_unicode(stream: TextIO) -> bool:
    return (stream.encoding or "").lower().replace("-", "") in {"utf8", "utf8sig", "utf16"}
