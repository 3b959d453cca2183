"""Exit codes, and the line on stderr that describes a failure.

0    success; for a run: succeeded                3    service unreachable
1    failure                                      4    not allowed
2    usage, configuration, or no terminal         130  ctrl+c, or a canceled run
124  the run did not end within --timeout (as with `timeout`), or a limit of its log
125  failure of nodion-tui, where 0 to 255 are the run's exit code (as with `docker run`)
141  stdout was closed by its reader (128 + SIGPIPE)
"""

from nodion_tui.model.errors import (
    ConfigError,
    ConnectionLost,
    InputError,
    NodionError,
    NoKey,
    NotAllowed,
    NotReachable,
    ReadOnly,
)
from nodion_tui.model.run import RunStatus
from nodion_tui.model.text.sanitize import sanitize

OK = 0
FAILED = 1
USAGE = 2
NOT_REACHABLE = 3
NOT_ALLOWED = 4
TIMED_OUT = 124
OWN_FAILURE = 125
INTERRUPTED = 130
BROKEN_PIPE = 141

COMPLETION_VARIABLE = "_NODION_TUI_COMPLETE"
"""Environment variable set by the completion script of the shell."""
LOG_VARIABLE = "NODION_TUI_LOG"
"""Environment variable that names the debug log, as `--log` does."""


class Interrupted(KeyboardInterrupt):
    """The second signal, which ends the program immediately."""

    def __init__(self, exit_code: int) -> None:
        super().__init__()
        self.exit_code = exit_code
        """128 + number of the signal."""


class CommandLineError(Exception):
    """Invalid command line; the message says how to correct it."""


def error_exit_code(error: NodionError) -> int:
    """Exit code of an error."""
    match error:
        case NoKey() | NotAllowed() | ReadOnly():
            return NOT_ALLOWED
        case ConfigError() | InputError():
            return USAGE
        case NotReachable() | ConnectionLost():
            return NOT_REACHABLE
        case _:
            return FAILED


def run_exit_code(status: str, exit_code: int | None) -> int:
    """Exit code that reports how a run ended; never 0 for a failed run."""
    if status == RunStatus.SUCCEEDED:
        return OK
    if status == RunStatus.CANCELED:
        return INTERRUPTED
    return (exit_code or 0) & 0xFF or FAILED


def signal_exit_code(number: int) -> int:
    """Exit code of a program that a signal ended, as a shell reports it."""
    return 128 + number


def describe_error(error: NodionError) -> str:
    """Error and hint on one line (for an invalid configuration: one line per problem)."""
    lines = error.detail.splitlines() or [error.title]
    if isinstance(error, InputError) and error.fields:
        lines = [f"{field}: {text}" for field, texts in error.fields.items() for text in texts]
    first, *more = lines
    if not isinstance(error, ConfigError) and first != error.title:
        first = f"{error.title}: {first}"
    hint = error.hint
    if error.retry_after is not None:  # a date may have passed
        seconds = round(error.retry_after)
        hint = f"Try again in {seconds} s." if seconds else "Try again."
    if hint and not more:
        first = f"{first.rstrip('.')}. {hint}"
    return "\n".join([first, *more])


def print_error(text: str) -> None:
    """Writes sanitized text to stderr, each line prefixed with the program's name."""
    from nodion_tui.cli.process.broken_streams import write_stderr  # noqa: PLC0415 - seldom

    write_stderr("".join(f"nodion-tui: {sanitize(line)}\n" for line in text.splitlines()))
