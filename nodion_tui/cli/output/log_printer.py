"""Prints lines of a log, all or those of a level and above."""

from collections.abc import Sequence
from itertools import compress

from nodion_tui.cli.output.streams import Output
from nodion_tui.model.log_line import LogLine
from nodion_tui.monitor.log.level import LogLevel


class LogPrinter:
    """Prints log lines as text or as JSON Lines.

    Args:
        output: where and how.
        timestamps: show the time of each line; None: on a terminal only.
        level: print only lines of this level and above; None: all lines.
    """

    def __init__(
        self, output: Output, *, timestamps: bool | None, level: LogLevel | None = None
    ) -> None:
        self._output = output
        self._timestamps = timestamps
        self._level = level

    def print(self, lines: Sequence[LogLine], raw: Sequence[bytes]) -> None:
        """Print lines; `raw` are the same as the API sent them, empty unless JSON is printed."""
        if self._level is not None:
            chosen = [_reaches(line, self._level) for line in lines]
            lines, raw = [*compress(lines, chosen)], [*compress(raw, chosen)]
        if self._output.json:
            self._output.json_lines(raw)
        else:
            self._output.log_lines(lines, timestamps=self._timestamps)


def _reaches(line: LogLine, minimum: LogLevel) -> bool:
    """Whether a line has this level or a higher one; a line without a level has not."""
    # On demand: without the option, its patterns and msgspec's are not needed.
    from nodion_tui.monitor.log.levels.judge import detect_level  # noqa: PLC0415
    from nodion_tui.monitor.log.segment_text import body_text  # noqa: PLC0415

    level = detect_level(body_text(line.body.encode("utf-8", "surrogatepass")))
    return level is not None and level >= minimum
