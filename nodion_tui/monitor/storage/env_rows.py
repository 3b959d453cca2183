"""Rows of an environment as files keep them: without the values that are nobody else's business."""

from collections.abc import Iterable
from typing import Any

import msgspec

from nodion_tui.model.masking import looks_secret
from nodion_tui.model.trigger_draft import EnvRow


class StoredEnvRow(msgspec.Struct, frozen=True, omit_defaults=True):
    """A row in a file."""

    key: str
    value: str | None = None
    """None where it was not kept, and has to be asked for."""
    enabled: bool = True
    hidden: bool = False


def encode_env_rows(
    rows: Iterable[EnvRow], *, include_secrets: bool = False
) -> list[dict[str, Any]]:
    """The rows for a file.

    Args:
        rows: what stands in the form; blank ones are left out.
        include_secrets: whether values that are hidden, or look like secrets, are kept too.
    """
    return [msgspec.to_builtins(_kept(row, include_secrets)) for row in rows if not row.is_blank]


def decode_env_rows(rows: Iterable[StoredEnvRow]) -> tuple[EnvRow, ...]:
    """The rows for the form; values that were not kept are asked for."""
    return tuple(
        EnvRow(row.key, row.value or "", row.enabled, row.hidden, needs_value=row.value is None)
        for row in rows
    )


def _kept(row: EnvRow, secrets: bool) -> StoredEnvRow:  # noqa: FBT001 - the only option of `keep`
    secret = row.hidden or looks_secret(row.key, row.value)
    lost = row.needs_value or (secret and not secrets)
    return StoredEnvRow(row.key.strip(), None if lost else row.value, row.enabled, secret)
