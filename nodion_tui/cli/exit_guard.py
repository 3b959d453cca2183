"""The outermost ring: whatever ends a command becomes a line on stderr and an exit code."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from nodion_tui.cli.process.exit_codes import (
    BROKEN_PIPE,
    COMPLETION_VARIABLE,
    FAILED,
    INTERRUPTED,
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
    """Run a command line and return its exit code; nothing but an exit passes through."""
    if sys.stdout is None:
        sys.stdout = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115  # until the end
    own = OWN_FAILURE if returns_run_exit_code(arguments) else None
    try:
        code = _run(arguments)
        sys.stdout.flush()
    except NodionError as error:
        print_error(describe_error(error))
        return own or error_exit_code(error)
    except CommandLineError as usage:
        print_error(str(usage))
        return own or USAGE
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        _forget_stdout()
        return BROKEN_PIPE
    except OSError as error:
        _forget_stdout()
        print_error(error.strerror or str(error))
        return own or FAILED
    return code


def _run(arguments: Sequence[str]) -> int:
    asks_for_log = bool(os.environ.get("NODION_TUI_LOG"))
    if not arguments and COMPLETION_VARIABLE not in os.environ and not asks_for_log:
        # The way that is taken most often does without click's import.
        from nodion_tui.cli.commands.dashboard import dashboard  # noqa: PLC0415  # as said above

        return dashboard()
    from nodion_tui.cli.root import dispatch  # noqa: PLC0415  # as said above

    return dispatch(arguments)


def _forget_stdout() -> None:
    """What is still buffered has no reader: the interpreter must not try again at its exit."""
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, sys.stdout.fileno())
    os.close(null)
