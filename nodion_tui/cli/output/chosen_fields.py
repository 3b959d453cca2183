"""Objects reduced to the fields that were asked for; values stay as the API sent them."""

from collections.abc import Iterable, Sequence

import msgspec

from nodion_tui.cli.json_option import known_fields
from nodion_tui.cli.process.exit_codes import CommandLineError

_Fields = dict[str, msgspec.Raw]
_NULL = msgspec.Raw(b"null")


def chosen_fields(objects: Iterable[bytes], names: Sequence[str]) -> list[bytes]:
    """Each object with these fields alone, in this order; null for a field that it lacks.

    A name with dots is a path: `run.id`. A field of a run may be named alone where a command
    prints the run beside its runner.

    Raises:
        CommandLineError: none of the objects has a field of this name, and none is documented.
    """
    decoded = [_fields(raw) for raw in objects]
    rows = [[_value(item, name) for name in names] for item in decoded]
    for index, name in enumerate(names):
        last = name.rpartition(".")[2]
        if rows and last not in known_fields() and all(row[index] is None for row in rows):
            there = ", ".join(sorted(decoded[0]))
            raise CommandLineError(f"--json: no field {name!r}; there are {there}")
    return [
        msgspec.json.encode({name: value or _NULL for name, value in zip(names, row, strict=True)})
        for row in rows
    ]


def _value(item: _Fields, name: str) -> msgspec.Raw | None:
    first, _, rest = name.partition(".")
    if first not in item and "run" in item:
        item = _fields(item["run"])
    value = item.get(first)
    return _value(_fields(value), rest) if rest and value is not None else value


def _fields(raw: "bytes | msgspec.Raw") -> _Fields:
    """The fields of an object; none of anything else."""
    try:
        return msgspec.json.decode(raw, type=_Fields)
    except msgspec.ValidationError:
        return {}
