"""`python -m nodion_tui` is the same as `nodion-tui`."""

from nodion_tui.cli import main

if __name__ == "__main__":
    main()
