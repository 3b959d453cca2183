"""What was asked on the command line? The only package that puts the others together."""

import gc
import os
import sys

_FIRST_COLLECTION = 100_000
"""Container objects until garbage is collected. Imports make up to 60,000, all of which stay alive;
looking through them, again and again and once more at the end, takes a sixth of a short command."""


def main() -> None:
    """Runs the command line and exits with its exit code."""
    _open_closed_streams()
    arguments = sys.argv[1:]
    if arguments == ["--version"]:
        # Answered before any other import: scripts often start with it.
        from nodion_tui import __version__  # noqa: PLC0415  # see above

        try:
            sys.stdout.write(f"nodion-tui {__version__}\n")
            sys.stdout.flush()
        except OSError:
            pass  # is met again, and reported, by the command line below
        else:
            return
    gc.set_threshold(_FIRST_COLLECTION)
    try:
        from nodion_tui.cli.exit_guard import run_guarded  # noqa: PLC0415  # see above

        code = run_guarded(arguments)
    except KeyboardInterrupt:
        code = 130
    # Nothing that is alive is garbage: Python looks for cycles at the end only among the rest.
    gc.freeze()
    sys.exit(code)


def _open_closed_streams() -> None:
    """Puts /dev/null in the place of standard streams that are closed.

    Otherwise a socket or a file would get the number of a standard stream, and a child process or
    a crash would write into it. What goes to stderr is dropped; a write to stdout still fails,
    because there it is open for reading only, so that lost results are never reported as success.
    """
    for number, name, mode in ((0, "stdin", "r"), (1, "stdout", "r"), (2, "stderr", "w")):
        if getattr(sys, name) is not None:
            continue
        flags = os.O_WRONLY if mode == "w" else os.O_RDONLY
        descriptor = os.open(os.devnull, flags)  # the lowest free number: this one
        if descriptor != number:
            os.dup2(descriptor, number)
            os.close(descriptor)
        stream = open(number, "r" if number == 0 else "w", encoding="utf-8")  # noqa: SIM115, PTH123  # until exit
        setattr(sys, name, stream)
