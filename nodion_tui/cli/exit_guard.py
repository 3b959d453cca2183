"""Turns every exception that ends a command into a line on stderr and an exit code."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from nodion_tui.cli.process.exit_codes import (
    BROKEN_PIPE,
    COMPLETION_VARIABLE,
    FAILED,
    INTERRUPTED,
    LOG_VARIABLE,
    OWN_FAILURE,
    USAGE,
    CommandLineError,
    describe_error,
    error_exit_code,
    print_error,
    returns_run_exit_code,
)
from nodion_tui.model.errors import NodionError


def run_guarded(arguments: Sequence[str]) -> int:
    """Runs a command line and returns its exit code; only SystemExit is let through."""
    if sys.stdout is None:
        sys.stdout = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115  # open until exit
    fixed_code = OWN_FAILURE if returns_run_exit_code(arguments) else None
    try:
        code = _run(arguments)
        sys.stdout.flush()
    except NodionError as error:
        print_error(describe_error(error))
        return fixed_code or error_exit_code(error)
    except CommandLineError as usage:
        print_error(str(usage))
        return fixed_code or USAGE
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        _discard_stdout()
        return BROKEN_PIPE
    except OSError as error:
        _discard_stdout()
        print_error(error.strerror or str(error))
        return fixed_code or FAILED
    return code


def _run(arguments: Sequence[str]) -> int:
    asks_for_log = bool(os.environ.get(LOG_VARIABLE))
    if not arguments and COMPLETION_VARIABLE not in os.environ and not asks_for_log:
        # The most frequent call avoids the import of click.
        from nodion_tui.cli.commands.dashboard import dashboard  # noqa: PLC0415  # see above

        return dashboard()
    from nodion_tui.cli.root import dispatch  # noqa: PLC0415  # see above

    return dispatch(arguments)


def _discard_stdout() -> None:
    """Drops buffered output that has no reader, so the interpreter does not retry at exit."""
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, sys.stdout.fileno())
    os.close(null)
