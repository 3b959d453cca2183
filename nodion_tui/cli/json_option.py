"""`--json[=FIELDS]`: JSON Lines of whole objects, or of the named fields alone.

click's own optional value takes any word that follows, so `runs --json etl` would lose its runner.
Here a word that follows is a value only if all of it are fields.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

import click

JsonFields = tuple[str, ...] | None
"""Fields to print; empty: whole objects as the API sent them; None: no JSON."""

_OPTION = "--json"
_NAMES = r"[a-z_]+(?:\.[a-z_]+)*(?:,[a-z_]+(?:\.[a-z_]+)*)*"
_OWN_FIELDS = frozenset(
    {"run", "run_id", "runner", "runner_id", "failures", "active", "period", "due_at", "overdue"}
    | {"typical", "cost", "change", "line", "path", "lines", "state", "detail", "setting"}
    | {"value", "source", "keys", "group", "title", "known", "note"}
    | {"rule", "matches", "conditions", "since", "body", "tell", "command"}
    | {"match", "text_bytes", "stored_bytes", "profile"}
    | {"in_use", "api_url", "key", "project", "runners", "ca_file", "color", "read_only"}
    | {"confirm_name", "allow_http", "archive", "commands"}
)
"""Fields of the objects that the program makes itself."""


class JsonFieldsType(click.ParamType[tuple[str, ...]]):
    """Comma-separated names of fields."""

    name = "fields"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, ...]:
        """Parses the typed value; an empty one is no field."""
        if isinstance(value, tuple):
            return value
        if value and not re.fullmatch(_NAMES, value):
            self.fail(f"{value!r} are no fields such as id,status", param, ctx)
        return tuple(filter(None, value.split(",")))


json_option = click.option(
    _OPTION,
    "as_json",
    type=JsonFieldsType(),
    is_flag=False,
    flag_value="",
    metavar="[FIELDS]",
    help="Print JSON Lines, what the API sent as it sent it; with FIELDS (id,status) these alone.",
)


def with_json_values(arguments: Sequence[str]) -> list[str]:
    """A command line in which every `--json` has its value: `--json=id,status` or `--json=`."""
    end = arguments.index("--") if "--" in arguments else len(arguments)
    return [*_with_values(arguments[:end]), *arguments[end:]]


def _with_values(words: Sequence[str]) -> Iterator[str]:
    remaining = iter(enumerate(words, 1))
    for following, word in remaining:
        if word != _OPTION:
            yield word
        elif following < len(words) and _are_fields(words[following]):
            yield f"{_OPTION}={next(remaining)[1]}"
        else:
            yield f"{_OPTION}="


def _are_fields(word: str) -> bool:
    return bool(re.fullmatch(_NAMES, word)) and all(
        name.rpartition(".")[2] in known_fields() for name in word.split(",")
    )


@cache
def known_fields() -> frozenset[str]:
    """Names of documented fields, and of those of the program's own objects."""
    import msgspec  # noqa: PLC0415  # only a command line with the option needs these

    from nodion_tui.model.log_line import LogLine  # noqa: PLC0415  # see above
    from nodion_tui.model.run import RunRecord  # noqa: PLC0415  # see above
    from nodion_tui.model.runner import Runner  # noqa: PLC0415  # see above

    structs = (RunRecord, Runner, LogLine)
    names = (field.encode_name for struct in structs for field in msgspec.structs.fields(struct))
    return _OWN_FIELDS.union(names)
