"""Turns every exception that ends a command into a line on stderr and an exit code."""

import errno
import os
import sys
from collections.abc import Sequence

from nodion_tui.cli.invocation import Invocation
from nodion_tui.cli.process.exit_codes import (
    BROKEN_PIPE,
    COMPLETION_VARIABLE,
    FAILED,
    INTERRUPTED,
    LOG_VARIABLE,
    OWN_FAILURE,
    USAGE,
    CommandLineError,
    Interrupted,
    describe_error,
    error_exit_code,
    print_error,
)
from nodion_tui.model.errors import NodionError


def run_guarded(arguments: Sequence[str]) -> int:
    """Runs a command line and returns its exit code; only SystemExit is let through."""
    invocation = Invocation()
    try:
        code = _run(arguments, invocation)
        sys.stdout.flush()
    except NodionError as error:
        print_error(describe_error(error))
        code = _own_code(invocation, error_exit_code(error))
    except CommandLineError as usage:
        print_error(str(usage))
        code = _own_code(invocation, USAGE)
    except Interrupted as interrupt:
        code = interrupt.exit_code
    except KeyboardInterrupt:
        code = INTERRUPTED
    except BrokenPipeError:
        _discard_output()
        code = BROKEN_PIPE
    except OSError as error:
        _discard_output()
        is_closed = error.errno == errno.EBADF  # open for reading only: see `cli.main`
        print_error("stdout is closed" if is_closed else error.strerror or str(error))
        code = _own_code(invocation, FAILED)
    return code


def _discard_output() -> None:
    from nodion_tui.cli.process.broken_streams import discard  # noqa: PLC0415 - seldom

    discard(sys.stdout)


def _own_code(invocation: Invocation, code: int) -> int:
    """The code of a failure of our own, which must differ from a run's and from an answer."""
    if invocation.returns_run_exit_code:
        return OWN_FAILURE
    return max(code, USAGE) if invocation.answers_by_exit_code else code


def _run(arguments: Sequence[str], invocation: Invocation) -> int:
    asks_for_log = bool(os.environ.get(LOG_VARIABLE))
    if not arguments and COMPLETION_VARIABLE not in os.environ and not asks_for_log:
        # The most frequent call avoids the import of click.
        from nodion_tui.cli.commands.dashboard import dashboard  # noqa: PLC0415  # see above

        return dashboard()
    from nodion_tui.cli.root import dispatch  # noqa: PLC0415  # see above

    return dispatch(arguments, invocation)
