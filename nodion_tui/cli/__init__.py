"""What was asked on the command line? The only package that puts the others together."""

import sys


def main() -> None:
    """Runs the command line and exits with its exit code."""
    arguments = sys.argv[1:]
    if arguments == ["--version"]:
        # Answered before any other import: scripts often start with it.
        from nodion_tui import __version__  # noqa: PLC0415  # see above

        sys.stdout.write(f"nodion-tui {__version__}\n")
        return
    try:
        from nodion_tui.cli.exit_guard import run_guarded  # noqa: PLC0415  # see above

        code = run_guarded(arguments)
    except KeyboardInterrupt:
        code = 130
    sys.exit(code)
