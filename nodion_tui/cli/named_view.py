"""Views by their names on the command line."""

from pathlib import Path

from nodion_tui.cli.process.exit_codes import CommandLineError, print_error
from nodion_tui.monitor.storage.views import View, ViewFile


def require_view(folder: Path, profile: str, name: str) -> View:
    """The view of a name.

    Args:
        folder: the data folder.
        profile: the profile whose views are meant.
        name: as typed; its case matters only between views that differ in nothing else.

    Raises:
        CommandLineError: there is none.
    """
    known = ViewFile(folder).for_profile(profile)
    if known.notice:
        print_error(known.notice)
    if (view := known.named(name)) is not None:
        return view
    names = ", ".join(each.name for each in known.views)
    there = f"there are: {names}" if names else "V on the dashboard saves one"
    raise CommandLineError(f"there is no view {name!r} of profile {profile}; {there}")
