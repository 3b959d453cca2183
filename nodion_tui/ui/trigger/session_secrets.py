"""Secret values that were typed in this session: offered again until the program quits.

They are in memory only. What is written to files is without them (`monitor.storage.env_rows`).
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from msgspec.structs import replace

from nodion_tui.config import Profile
from nodion_tui.model.run import RunKey
from nodion_tui.model.text.masking import looks_secret
from nodion_tui.model.trigger_draft import EnvRow

if TYPE_CHECKING:
    from textual.app import App

MAX_RUNS = 500
"""Runs whose values are remembered; the oldest are forgotten first."""


class SessionSecrets:
    """The last value of each secret variable of a runner, and the values of each run."""

    def __init__(self) -> None:
        self._of_runners: dict[tuple[str, ...], dict[str, str]] = {}
        self._of_runs: dict[tuple[str, ...], dict[str, str]] = {}

    def remember(self, profile: Profile, runner_id: str, rows: Iterable[EnvRow]) -> None:
        """Remember what a person has typed for a runner, whatever becomes of the request."""
        values = self._of_runners.setdefault(_place(profile, runner_id), {})
        values.update(_secrets(rows))

    def remember_run(self, profile: Profile, key: RunKey, rows: Iterable[EnvRow]) -> None:
        """Remember what a run was started with."""
        self._of_runs[_place(profile, *key)] = _secrets(rows)
        for oldest in list(self._of_runs)[:-MAX_RUNS]:
            del self._of_runs[oldest]

    def fill(self, profile: Profile, runner_id: str, rows: Iterable[EnvRow]) -> tuple[EnvRow, ...]:
        """The rows, with the last values typed for the runner where a value is needed."""
        return _filled(rows, self._of_runners.get(_place(profile, runner_id), {}))

    def fill_from_run(
        self, profile: Profile, key: RunKey, rows: Iterable[EnvRow]
    ) -> tuple[EnvRow, ...]:
        """The rows, with the values that a run was started with where a value is needed."""
        return _filled(rows, self._of_runs.get(_place(profile, *key), {}))


_OF_APPS: "WeakKeyDictionary[App[Any], SessionSecrets]" = WeakKeyDictionary()


def session_secrets(app: "App[Any]") -> SessionSecrets:
    """The secrets of an app: those of its dashboard and its wall, until it ends."""
    return _OF_APPS.setdefault(app, SessionSecrets())


def _place(profile: Profile, *ids: str) -> tuple[str, ...]:
    """What a value is remembered for; the same runner id may exist at another address."""
    return (profile.name, profile.api_url, *ids)


def _secrets(rows: Iterable[EnvRow]) -> dict[str, str]:
    return {
        row.key.strip(): row.value
        for row in rows
        if row.is_sent and (row.hidden or looks_secret(row.key, row.value))
    }


def _filled(rows: Iterable[EnvRow], values: dict[str, str]) -> tuple[EnvRow, ...]:
    return tuple(
        replace(row, value=values[row.key], needs_value=False, hidden=True)
        if row.needs_value and row.key in values
        else row
        for row in rows
    )
