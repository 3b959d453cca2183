"""Picks the last lines of a failed run's log that tell its cause, and what is compared of them.

What reads text compiles many patterns, and no list of runs waits for it: import it where a log has
been read.
"""

import re
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import TYPE_CHECKING

from nodion_tui.model.text.masking import mask_command
from nodion_tui.monitor.insight.line_shape import MAX_CHARACTERS, line_shape
from nodion_tui.monitor.log.level import LogLevel
from nodion_tui.monitor.log.levels.judge import detect_level
from nodion_tui.monitor.log.line.reader import shown_text

if TYPE_CHECKING:
    from nodion_tui.monitor.log.buffer import LogBuffer

TAIL_LINES = 3
"""Number of last lines that are compared; blank ones are not counted."""
LOOK_BACK = 200
"""Last entries of a log among which errors are looked for; what is older is no ending."""
_STARTED = "========> Executing command"
"""The service's own line before those of the job (API reference), the same in every log."""
_SUMMARY = re.compile(
    r"""\s*(?:\[ERROR\]\s*(?:$|->[ ]\[Help|To[ ]see[ ]the|Re-run[ ]Maven|For[ ]more[ ]info|\[Help
            |After[ ]correcting|mvn[ ]<))
        | \s*(?:ELIFECYCLE\b | Tests:?[ ]+\d | Test[ ](?:Suites|Files):?[ ]
            | Execution[ ]halted$ | Build[ ]Summary:
            | error:[ ]the[ ]following[ ](?:build[ ])?command[ ]failed)""",
    re.VERBOSE,
)
"""What Maven, pnpm, Jest, Vitest, R and Zig print after every failure, whatever its cause."""
_MAX_ERRORS = 50  # of these, as a shape takes some 60 µs on the event loop


def ending_shapes(lines: Iterable[str]) -> tuple[str, ...]:
    """The shapes of the last lines, in order; masked, as they may be kept on disk."""
    shapes = [mask_command(line) for line in map(line_shape, lines) if line]
    return tuple(shapes[-TAIL_LINES:])


def is_blank(line: str) -> bool:
    """Whether a line shows nothing."""
    return not shown_text(line, MAX_CHARACTERS).strip()


def telling_lines(lines: Sequence[str]) -> list[str]:
    """Of the last lines of a log, those that tell the cause: errors, or else the very last ones.

    What a job prints after its error, such as that it cleans up, is the same for every cause. Of
    errors that differ by figures alone, as those of retries do, the last one counts. A job that
    printed nothing has no such line: the service's own would make one cause of all silent failures.
    """
    telling: dict[str, str] = {}
    summaries: dict[str, str] = {}
    errors = filter(_is_error, reversed(lines))
    for line in islice(errors, _MAX_ERRORS):
        is_summary = _SUMMARY.match(shown_text(line, MAX_CHARACTERS)) is not None
        (summaries if is_summary else telling).setdefault(line_shape(line), line)
        if len(telling) == TAIL_LINES:
            break
    chosen = telling or dict(islice(summaries.items(), TAIL_LINES))
    return list(chosen.values())[::-1] or _printed(lines)[-TAIL_LINES:]


def _printed(lines: Sequence[str]) -> list[str]:
    """The lines of the job; those of the service, if it did not start one."""
    start = max((index for index, line in enumerate(lines, 1) if line == _STARTED), default=0)
    return list(lines[start:])


def last_lines(log: "LogBuffer", count: int = TAIL_LINES) -> tuple[str, ...]:
    """The last lines of a log that are not blank, in order."""
    lines: list[str] = []
    for index in range(log.end - 1, max(log.end - LOOK_BACK, log.first) - 1, -1):
        entry = log.entry(index)
        if entry.kind == "line" and not is_blank(entry.body):
            lines.append(entry.body)
        if len(lines) == count:
            break
    return tuple(reversed(lines))


def _is_error(line: str) -> bool:
    level = detect_level(shown_text(line, MAX_CHARACTERS))
    return level is not None and level >= LogLevel.ERROR
