"""Parses the JSON body of a trigger into a TriggerRequest, with errors by field."""

from typing import Any, Literal

import msgspec

from nodion_tui.model.trigger import EnvVariable, Problems, TriggerRequest

_FIELDS: dict[str, tuple[Any, str]] = {
    "argv": (tuple[str, ...] | None, "an array of strings"),
    "command": (str | None, "a string"),
    "entrypoint": (str | None, "a string"),
    "env_variables": (
        tuple[EnvVariable, ...] | None,
        "an array of objects with env_key and env_val, both strings",
    ),
}
"""Field → type, and what it must be."""


class InvalidBody(Exception):
    """The body breaks a rule of the API reference."""

    def __init__(self, problems: Problems) -> None:
        super().__init__("invalid body")
        self.problems = problems
        """Field → messages; empty if the body is not a JSON object."""


def parse_trigger_body(
    body: bytes, empty_argv: Literal["absent", "given"] = "absent"
) -> TriggerRequest:
    """Parse and validate the body of a trigger. Unknown fields and nulls are ignored.

    Args:
        body: the JSON.
        empty_argv: how `argv: []` beside a command is read: see `EngineSettings.empty_argv`.

    Raises:
        InvalidBody: not a JSON object, or a field exceeds a documented limit.
    """
    try:
        fields = msgspec.json.decode(body or b"{}", type=dict[str, Any])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise InvalidBody({}) from None
    problems: Problems = {}
    values: dict[str, Any] = {}
    for name, (kind, expected) in _FIELDS.items():
        try:
            values[name] = msgspec.convert(fields.get(name), kind)
        except msgspec.ValidationError:
            problems[name] = (f"must be {expected}",)
    request = TriggerRequest(
        argv=values.get("argv"),
        command=values.get("command") or None,
        entrypoint=values.get("entrypoint"),
        env_variables=values.get("env_variables") or (),
    )
    problems |= {
        field: texts for field, texts in request.problems().items() if field not in problems
    }
    if empty_argv == "given" and request.argv == () and request.command is not None:
        problems["argv"] = ("argv and command are mutually exclusive",)
    if problems:
        raise InvalidBody(problems)
    return request
