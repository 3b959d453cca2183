"""Entry point of `python -m nodion_tui`, equal to `nodion-tui`."""

from nodion_tui.cli import main

if __name__ == "__main__":
    main()
