"""A run as stored in the database, and in the format of the API."""

from collections.abc import Sequence
from typing import Annotated, Any, Literal, NamedTuple

import msgspec

from nodion_tui.local import payloads

MAX_MILLISECONDS = 1 << 47
"""A time in the year 6429: `datetime` can represent all that are before."""
Milliseconds = Annotated[int, msgspec.Meta(ge=0, lt=MAX_MILLISECONDS)]


class RunRow(msgspec.Struct, frozen=True, array_like=True):
    """A stored run; times are milliseconds since 1970."""

    number: Annotated[int, msgspec.Meta(ge=1)]
    id: str
    runner_id: str
    status: Literal["pending", "running", "succeeded", "failed", "canceled"]
    exit_code: int | None
    command: str | None
    argv: tuple[str, ...]
    entrypoint: str | None
    env: dict[str, str]
    """Environment overrides; stored until the run starts, so that a restart does not lose them."""
    line_id_prefix: str
    """Common prefix of its line ids."""
    created_at: Milliseconds
    started_at: Milliseconds | None
    completed_at: Milliseconds | None
    updated_at: Milliseconds
    executor: str | None
    """Executor of its job; None: it has not started, or a version that did not store it ran it."""
    log_deleted_at: Milliseconds | None
    """Since when its log is no longer kept; None: it is kept."""

    def payload(self) -> dict[str, Any]:
        """Return the run in the format of the API."""
        return {
            "id": self.id,
            "status": self.status,
            "exit_code": self.exit_code,
            "command": self.command,
            "argv": self.argv,
            "entrypoint": self.entrypoint,
            "started_at": payloads.timestamp(self.started_at),
            "completed_at": payloads.timestamp(self.completed_at),
            "created_at": payloads.timestamp(self.created_at),
            "updated_at": payloads.timestamp(self.updated_at),
        }

    def canceled(self, at: int) -> "RunRow":
        """Return the row as it will be once its stop is stored."""
        at = max(at, self.started_at or self.created_at)
        return msgspec.structs.replace(
            self, status="canceled", completed_at=at, updated_at=max(at, self.updated_at)
        )

    def state_payload(self) -> dict[str, Any]:
        """Return the payload of its `state` event."""
        payload = self.payload()
        return {key: payload[key] for key in ("status", "exit_code", "started_at", "completed_at")}


class FinishedRun(NamedTuple):
    """A run that has ended, with its whole log."""

    row: RunRow
    blocks: Sequence[payloads.LogBlock]
    """In order; all are public."""


def to_run_row(row: tuple[Any, ...]) -> RunRow:
    """Decode and check a row whose columns have the order of the fields.

    Raises:
        ValueError: a value is not one that the engine writes.
        TypeError: a JSON column is not text.
    """
    *head, argv, entrypoint, env = row[:9]
    values = [
        *head,
        msgspec.json.decode(argv),
        entrypoint,
        msgspec.json.decode(env) if env else {},
        *row[9:],
    ]
    return msgspec.convert(values, RunRow)
