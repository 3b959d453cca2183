"""Parses the JSON body of a trigger into a TriggerRequest, with errors by field."""

from typing import Any

import msgspec

from nodion_tui.model.trigger import EnvVariable, Problems, TriggerRequest


class InvalidBody(Exception):
    """The body breaks a rule of the API reference."""

    def __init__(self, problems: Problems) -> None:
        super().__init__("invalid body")
        self.problems = problems
        """Field → messages; empty if the body is not a JSON object."""


def parse_trigger_body(body: bytes) -> TriggerRequest:
    """Parse and validate the body of a trigger. Unknown fields and nulls are ignored.

    Raises:
        InvalidBody: not a JSON object, or a field exceeds a documented limit.
    """
    try:
        fields = msgspec.json.decode(body or b"{}", type=dict[str, Any])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise InvalidBody({}) from None
    problems: Problems = {}
    request = TriggerRequest(
        argv=_convert_field(fields, "argv", tuple[str, ...], "an array of strings", problems),
        command=_convert_field(fields, "command", str, "a string", problems) or None,
        entrypoint=_convert_field(fields, "entrypoint", str, "a string", problems),
        env_variables=_convert_field(
            fields,
            "env_variables",
            tuple[EnvVariable, ...],
            "an array of objects with env_key and env_val, both strings",
            problems,
        )
        or (),
    )
    problems |= {
        field: texts for field, texts in request.problems().items() if field not in problems
    }
    if problems:
        raise InvalidBody(problems)
    return request


def _convert_field(
    fields: dict[str, Any], name: str, kind: Any, expected: str, problems: Problems
) -> Any:
    value = fields.get(name)
    if value is None:
        return None
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError:
        problems[name] = (f"must be {expected}",)
        return None
