"""Environment rows as stored in files: without secret values."""

from collections.abc import Iterable
from typing import Any

import msgspec

from nodion_tui.model.text.masking import looks_secret
from nodion_tui.model.trigger_draft import EnvRow


class StoredEnvRow(msgspec.Struct, frozen=True, omit_defaults=True):
    """A row in a file."""

    key: str
    value: str | None = None
    """None if it was not stored and must be entered again."""
    enabled: bool = True
    hidden: bool = False


def encode_env_rows(
    rows: Iterable[EnvRow], *, include_secrets: bool = False
) -> list[dict[str, Any]]:
    """The form's rows that are not blank; hidden and secret-looking values only if asked for."""
    return [
        msgspec.to_builtins(_encode_row(row, include_secrets)) for row in rows if not row.is_blank
    ]


def decode_env_rows(rows: Iterable[StoredEnvRow]) -> tuple[EnvRow, ...]:
    """The rows for the form; values that were not stored must be entered."""
    return tuple(
        EnvRow(row.key, row.value or "", row.enabled, row.hidden, needs_value=row.value is None)
        for row in rows
    )


def _encode_row(row: EnvRow, include_secrets: bool) -> StoredEnvRow:  # noqa: FBT001 - the only option
    secret = row.hidden or looks_secret(row.key, row.value)
    omitted = row.needs_value or (secret and not include_secrets)
    return StoredEnvRow(row.key.strip(), None if omitted else row.value, row.enabled, secret)
