"""What was asked? The command line, and the only place that puts the parts together."""

import sys


def main() -> None:
    """Run nodion-tui as the command line says, and exit."""
    arguments = sys.argv[1:]
    if arguments == ["--version"]:
        # Answered before anything else is imported: scripts ask this first.
        from nodion_tui import __version__  # noqa: PLC0415  # as said above

        sys.stdout.write(f"nodion-tui {__version__}\n")
        return
    try:
        from nodion_tui.cli.exit_guard import run_guarded  # noqa: PLC0415  # as said above

        code = run_guarded(arguments)
    except KeyboardInterrupt:
        code = 130
    sys.exit(code)
