"""Content of the trigger form as one frozen value, including input that is not sent.

A draft keeps the input of every mode, so that switching loses nothing, and a rejected trigger can
be reopened unchanged. `request` returns what would be sent.
"""

import re
from enum import StrEnum

import msgspec

from nodion_tui.model.run import Run
from nodion_tui.model.text.masking import looks_secret
from nodion_tui.model.trigger import (
    ENV_KEY,
    EnvVariable,
    Problems,
    TriggerRequest,
    format_argv,
    parse_argv,
)


class CommandMode(StrEnum):
    """What a run executes: the runner's default, an argv, or a shell command."""

    DEFAULT = "default"
    ARGV = "argv"
    COMMAND = "command"


class ArgvStyle(StrEnum):
    """Input format of an argv."""

    QUOTED = "quoted"
    """One line with shell quoting."""
    LINES = "lines"
    """One token per line, all characters literal."""


class EnvRow(msgspec.Struct, frozen=True):
    """One row of the environment: a variable and its state in the form."""

    key: str = ""
    value: str = ""
    enabled: bool = True
    """A disabled row stays in the form and is not sent."""
    hidden: bool = False
    """The value is masked and not stored in files."""
    needs_value: bool = False
    """The value was not stored and must be entered."""

    @property
    def is_blank(self) -> bool:
        """Whether name and value are empty."""
        return not self.key.strip() and not self.value

    @property
    def is_sent(self) -> bool:
        """Whether the row is sent."""
        return self.enabled and not self.is_blank

    def variable(self) -> EnvVariable:
        """The variable to send."""
        return EnvVariable(self.key.strip(), self.value)


class TriggerDraft(msgspec.Struct, frozen=True, kw_only=True):
    """The content of the form."""

    mode: CommandMode = CommandMode.DEFAULT
    argv_text: str = ""
    argv_style: ArgvStyle = ArgvStyle.QUOTED
    command: str = ""
    entrypoint: str = ""
    empty_entrypoint: bool = False
    """An empty `entrypoint` overrides that of runner and image; else it overrides nothing."""
    env: tuple[EnvRow, ...] = ()

    def argv(self) -> tuple[str, ...]:
        """The parsed argv.

        Raises:
            ValueError: see `parse_argv`.
        """
        return parse_argv_text(self.argv_text, self.argv_style)

    @property
    def sent_entrypoint(self) -> str | None:
        """The entrypoint to send; None: not overridden."""
        return self.entrypoint or ("" if self.empty_entrypoint else None)

    def request(self) -> TriggerRequest:
        """The request to send.

        Raises:
            ValueError: see `argv`.
        """
        return TriggerRequest(
            argv=self.argv() if self.mode is CommandMode.ARGV else None,
            command=self.command if self.mode is CommandMode.COMMAND else None,
            entrypoint=self.sent_entrypoint,
            env_variables=tuple(row.variable() for row in self.env if row.is_sent),
        )

    def problems(self) -> Problems:
        """Problems by field as in the API reference; empty if the draft can be sent."""
        try:
            request = self.request()
        except ValueError as error:
            request = msgspec.structs.replace(self, mode=CommandMode.DEFAULT).request()
            return self._with_rows(request.problems() | {"argv": (str(error),)})
        problems = request.problems()
        if request.argv == ():
            problems["argv"] = ("argv is empty",)
        if request.command is not None and not request.command.strip():
            problems["command"] = ("command is empty",)
        return self._with_rows(problems)

    def _with_rows(self, problems: Problems) -> Problems:
        """Replaces the request's environment problems by those of the rows."""
        problems.pop("env_variables", None)
        rows = row_problems(self.env)
        if rows:
            problems["env_variables"] = tuple(
                f"{self.env[index].key or 'unnamed'}: {message}" for index, message in rows.items()
            )
        return problems


def parse_argv_text(text: str, style: ArgvStyle) -> tuple[str, ...]:
    """Parses argv input; a newline at the end of the text adds no token.

    Raises:
        ValueError: see `parse_argv`.
    """
    if style is ArgvStyle.QUOTED:
        return parse_argv(text)
    return tuple(text.removesuffix("\n").split("\n")) if text else ()


def format_argv_text(tokens: tuple[str, ...], style: ArgvStyle) -> str:
    """Formats tokens as argv input; the inverse of `parse_argv_text`.

    Raises:
        ValueError: a token contains a line break, which needs the quoted format.
    """
    if style is ArgvStyle.QUOTED:
        return format_argv(tokens)
    if any("\n" in token for token in tokens):
        raise ValueError("a token contains a line break, which needs the quoted format")
    return "\n".join(tokens) + "\n" * (tokens[-1:] == ("",))


def row_problems(rows: tuple[EnvRow, ...]) -> dict[int, str]:
    """Problems of the rows that are sent, by index."""
    problems: dict[int, str] = {}
    seen: set[str] = set()
    for index, row in enumerate(rows):
        if not row.is_sent:
            continue
        key = row.key.strip()
        message = _row_problem(row, key, seen)
        if message:
            problems[index] = message
        seen.add(key)
    return problems


def draft_from_run(run: Run, env: tuple[EnvRow, ...] = ()) -> TriggerDraft:
    """A draft with a run's command and entrypoint, and its environment if known."""
    mode = CommandMode.DEFAULT if run.command is None else CommandMode.COMMAND
    if run.argv:
        mode = CommandMode.ARGV
    return TriggerDraft(
        mode=mode,
        argv_text=format_argv(run.argv),
        command=run.command or "",
        entrypoint=run.entrypoint or "",
        empty_entrypoint=run.entrypoint == "",
        env=env,
    )


def env_row_from(variable: EnvVariable) -> EnvRow:
    """A row for a variable, hidden if it looks like a secret."""
    hidden = looks_secret(variable.env_key, variable.env_val)
    return EnvRow(variable.env_key, variable.env_val, hidden=hidden)


def changed_fields(start: TriggerDraft, now: TriggerDraft) -> frozenset[str]:
    """Fields that would be sent differently: `mode`, `argv`, `command`, `entrypoint`, `env`."""
    changed = set()
    if start.mode is not now.mode:
        changed.add("mode")
    elif now.mode is CommandMode.ARGV and _tokens(start) != _tokens(now):
        changed.add("argv")
    elif now.mode is CommandMode.COMMAND and start.command != now.command:
        changed.add("command")
    if start.sent_entrypoint != now.sent_entrypoint:
        changed.add("entrypoint")
    if _environment(start) != _environment(now):
        changed.add("env")
    return frozenset(changed)


def changed_rows(start: tuple[EnvRow, ...], now: tuple[EnvRow, ...]) -> frozenset[int]:
    """Indexes of rows whose value differs from the start, or is no longer sent."""
    before = {row.key.strip(): row.value for row in start if row.is_sent}
    return frozenset(
        index
        for index, row in enumerate(now)
        if not row.is_blank and before.get(row.key.strip()) != (row.value if row.enabled else None)
    )


def _tokens(draft: TriggerDraft) -> object:
    """The tokens, or the text if it cannot be parsed."""
    try:
        return draft.argv()
    except ValueError:
        return draft.argv_text


def _environment(draft: TriggerDraft) -> dict[str, str]:
    return {row.key.strip(): row.value for row in draft.env if row.is_sent}


def _row_problem(row: EnvRow, key: str, seen: set[str]) -> str:
    if row.needs_value and not row.value:
        return "secret not stored: enter a value or untick"
    if not key:
        return "name is empty"
    if not re.match(ENV_KEY, key):
        return "invalid name: letters, digits and _, not starting with a digit"
    if key in seen:
        return "duplicate name"
    if "\0" in row.value:
        return "value contains a NUL character: not allowed"
    return ""
