"""A run as stored in the database, and in the format of the API."""

from typing import Any

import msgspec

from nodion_tui.local import payloads


class RunRow(msgspec.Struct, frozen=True):
    """A stored run; times are milliseconds since 1970."""

    number: int
    id: str
    runner_id: str
    status: str
    exit_code: int | None
    command: str | None
    argv: tuple[str, ...]
    entrypoint: str | None
    env: dict[str, str]
    """Environment overrides; stored until the run starts, so that a restart does not lose them."""
    line_id_prefix: str
    """Common prefix of its line ids."""
    created_at: int
    started_at: int | None
    completed_at: int | None
    updated_at: int

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

    def state_payload(self) -> dict[str, Any]:
        """Return the payload of its `state` event."""
        payload = self.payload()
        return {key: payload[key] for key in ("status", "exit_code", "started_at", "completed_at")}
