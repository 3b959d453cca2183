"""Views: filter, columns, order, mode and window under a name, in a file that the program owns."""

from pathlib import Path
from typing import Any

import msgspec

from nodion_tui.monitor.storage.locked_file import LockedFile
from nodion_tui.monitor.storage.ui_state import ListState

FILE_NAME = "views.toml"
MAX_VIEW_NAME = 60
"""Maximum characters of a name."""


class View(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """One view of one profile."""

    profile: str
    name: str
    filter: str = ""
    """Filter of the runs, as typed; empty: none."""
    runner_filter: str = ""
    """Filter of the runners."""
    columns: tuple[str, ...] = ()
    """Empty: automatic, by width."""
    sort: str = ""
    descending: bool = True
    active_first: bool = True
    mode: str = ""
    """Name of the mode; empty: the dashboard."""
    window: str = ""
    """Label of the timeline's window."""

    @property
    def order(self) -> ListState:
        """Columns and order of the runs."""
        return ListState(self.columns, self.sort, self.descending, self.active_first)


class ProfileViews(msgspec.Struct, frozen=True):
    """The views of one profile, oldest first."""

    views: tuple[View, ...] = ()
    notice: str = ""
    """What is wrong with the file, and what was done about it."""

    def named(self, name: str) -> View | None:
        """The view of a name, whatever its case."""
        folded = name.casefold()
        exact = [view for view in self.views if view.name == name]
        similar = [view for view in self.views if view.name.casefold() == folded]
        return next(iter(exact or similar), None)


class ViewFile:
    """The views of all profiles, in the data folder. Every method blocks: call it in a thread."""

    def __init__(self, folder: Path) -> None:
        self._file = LockedFile(folder / FILE_NAME, "views")

    def for_profile(self, profile: str) -> ProfileViews:
        """The views of a profile; never raises."""
        contents = self._file.read(View)
        views = tuple(view for view in contents.entries if view.profile == profile)
        return ProfileViews(views, contents.notice)

    def save(self, view: View) -> str:
        """Store a view, in place of one of its name.

        Returns:
            What was wrong with the previous file; empty if nothing was.

        Raises:
            OSError: the file cannot be written.
        """
        entry: dict[str, Any] = msgspec.to_builtins(view)

        def change(rows: list[Any]) -> list[Any]:
            if any(_is_view(row, view.profile, view.name) for row in rows):
                return [entry if _is_view(row, view.profile, view.name) else row for row in rows]
            return [*rows, entry]

        return self._file.update(change)

    def rename(self, profile: str, name: str, new_name: str) -> str:
        """Give a view another name; one that has that name already is replaced.

        Returns:
            As for `save`.

        Raises:
            OSError: the file cannot be written.
        """

        def change(rows: list[Any]) -> list[Any]:
            if name == new_name or not any(_is_view(row, profile, name) for row in rows):
                return rows
            kept = [row for row in rows if not _is_view(row, profile, new_name)]
            return [
                row | {"name": new_name} if _is_view(row, profile, name) else row for row in kept
            ]

        return self._file.update(change)

    def delete(self, profile: str, name: str) -> str:
        """Delete a view; a missing one is no error.

        Returns:
            As for `save`.

        Raises:
            OSError: the file cannot be written.
        """
        return self._file.update(
            lambda rows: [row for row in rows if not _is_view(row, profile, name)]
        )


def _is_view(row: Any, profile: str, name: str) -> bool:
    return isinstance(row, dict) and (row.get("profile"), row.get("name")) == (profile, name)
