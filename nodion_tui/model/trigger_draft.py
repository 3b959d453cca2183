"""What stands in the trigger form, as one frozen value: everything typed, sent or not.

A draft keeps what was typed in every mode, so that switching loses nothing, and a refused trigger
can be opened again as it was. `request` is what it would send.
"""

from enum import StrEnum

import msgspec

from nodion_tui.model.masking import looks_secret
from nodion_tui.model.run import Run
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
    """How an argv is typed."""

    QUOTED = "quoted"
    """On one line, quoted as for a shell."""
    LINES = "lines"
    """One token a line, each character standing for itself."""


class EnvRow(msgspec.Struct, frozen=True):
    """One row of the environment: a variable, and how the form treats it."""

    key: str = ""
    value: str = ""
    enabled: bool = True
    """A row that is off stays in the form and is not sent."""
    hidden: bool = False
    """The value is masked, and not kept in files."""
    needs_value: bool = False
    """The value was not kept and has yet to be typed."""

    @property
    def is_blank(self) -> bool:
        """Whether nothing was typed into it."""
        return not self.key.strip() and not self.value

    @property
    def is_sent(self) -> bool:
        """Whether it is sent."""
        return self.enabled and not self.is_blank

    def variable(self) -> EnvVariable:
        """What is sent."""
        return EnvVariable(self.key.strip(), self.value)


class TriggerDraft(msgspec.Struct, frozen=True, kw_only=True):
    """The content of the form."""

    mode: CommandMode = CommandMode.DEFAULT
    argv_text: str = ""
    argv_style: ArgvStyle = ArgvStyle.QUOTED
    command: str = ""
    entrypoint: str = ""
    env: tuple[EnvRow, ...] = ()

    def argv(self) -> tuple[str, ...]:
        """The tokens that the text means.

        Raises:
            ValueError: a quotation or an escape is not closed.
        """
        return parse_argv_text(self.argv_text, self.argv_style)

    def request(self) -> TriggerRequest:
        """What it sends.

        Raises:
            ValueError: see `argv`.
        """
        return TriggerRequest(
            argv=self.argv() if self.mode is CommandMode.ARGV else None,
            command=self.command if self.mode is CommandMode.COMMAND else None,
            entrypoint=self.entrypoint or None,
            env_variables=tuple(row.variable() for row in self.env if row.is_sent),
        )

    def problems(self) -> Problems:
        """Why it cannot be sent, by field as in the API reference; empty where it can."""
        try:
            request = self.request()
        except ValueError as problem:
            request = msgspec.structs.replace(self, mode=CommandMode.DEFAULT).request()
            return self._with_rows(request.problems() | {"argv": (_unclosed(problem),)})
        found = request.problems()
        if request.argv == ():
            found["argv"] = ("nothing is typed: give a token, or choose the runner's default",)
        if request.command is not None and not request.command.strip():
            found["command"] = ("nothing is typed: give a command, or the runner's default",)
        return self._with_rows(found)

    def _with_rows(self, found: Problems) -> Problems:
        """The rows' own problems instead of the request's, which does not know rows."""
        found.pop("env_variables", None)
        rows = row_problems(self.env)
        if rows:
            found["env_variables"] = tuple(
                f"{self.env[index].key or 'a row'}: {message}" for index, message in rows.items()
            )
        return found


def parse_argv_text(text: str, style: ArgvStyle) -> tuple[str, ...]:
    """The tokens of a typed text; a newline at the end of the last line is no token.

    Raises:
        ValueError: a quotation or an escape is not closed.
    """
    if style is ArgvStyle.QUOTED:
        return parse_argv(text)
    return tuple(text.removesuffix("\n").split("\n")) if text else ()


def format_argv_text(tokens: tuple[str, ...], style: ArgvStyle) -> str:
    """The text that means these tokens; `read_argv` of it is the tokens again.

    Raises:
        ValueError: a token holds a line break, which one token a line cannot say.
    """
    if style is ArgvStyle.QUOTED:
        return format_argv(tokens)
    if any("\n" in token for token in tokens):
        raise ValueError("a token holds a line break, which only quotes can say")
    return "\n".join(tokens) + "\n" * (tokens[-1:] == ("",))


def row_problems(rows: tuple[EnvRow, ...]) -> dict[int, str]:
    """What is wrong with the rows that are sent, by index."""
    found: dict[int, str] = {}
    seen: set[str] = set()
    for index, row in enumerate(rows):
        if not row.is_sent:
            continue
        key = row.key.strip()
        message = _row_problem(row, key, seen)
        if message:
            found[index] = message
        seen.add(key)
    return found


def draft_from_run(run: Run, env: tuple[EnvRow, ...] = ()) -> TriggerDraft:
    """The form filled from a run: what the API returns, and the environment where it is known."""
    mode = (
        CommandMode.ARGV
        if run.argv
        else CommandMode.DEFAULT
        if run.command is None
        else CommandMode.COMMAND
    )
    return TriggerDraft(
        mode=mode,
        argv_text=format_argv(run.argv),
        command=run.command or "",
        entrypoint=run.entrypoint or "",
        env=env,
    )


def env_row_from(variable: EnvVariable) -> EnvRow:
    """A row for a variable, hidden where it looks like a secret."""
    hidden = looks_secret(variable.env_key, variable.env_val)
    return EnvRow(variable.env_key, variable.env_val, hidden=hidden)


def changed_fields(start: TriggerDraft, now: TriggerDraft) -> frozenset[str]:
    """What would be sent differently: `mode`, `argv`, `command`, `entrypoint`, `env`."""
    changed = set()
    if start.mode is not now.mode:
        changed.add("mode")
    elif now.mode is CommandMode.ARGV and _tokens(start) != _tokens(now):
        changed.add("argv")
    elif now.mode is CommandMode.COMMAND and start.command != now.command:
        changed.add("command")
    if start.entrypoint != now.entrypoint:
        changed.add("entrypoint")
    if _environment(start) != _environment(now):
        changed.add("env")
    return frozenset(changed)


def changed_rows(start: tuple[EnvRow, ...], now: tuple[EnvRow, ...]) -> frozenset[int]:
    """Places of the rows that send another value than at the start, or none any more."""
    before = {row.key.strip(): row.value for row in start if row.is_sent}
    return frozenset(
        index
        for index, row in enumerate(now)
        if not row.is_blank and before.get(row.key.strip()) != (row.value if row.enabled else None)
    )


def _tokens(draft: TriggerDraft) -> object:
    """The tokens, or what is typed where it means none."""
    try:
        return draft.argv()
    except ValueError:
        return draft.argv_text


def _environment(draft: TriggerDraft) -> dict[str, str]:
    return {row.key.strip(): row.value for row in draft.env if row.is_sent}


def _row_problem(row: EnvRow, key: str, seen: set[str]) -> str:
    if row.needs_value and not row.value:
        return "not kept: type its value, or switch the row off"
    if not key:
        return "a name is missing"
    if not ENV_KEY.match(key):
        return "a name has letters, digits and _ only, and no digit first"
    if key in seen:
        return "this name is given twice"
    if "\0" in row.value:
        return "the value holds a NUL, which no process can receive"
    return ""


def _unclosed(problem: ValueError) -> str:
    quote = (
        "a quotation is not closed"
        if "quotation" in str(problem)
        else "the last \\ escapes nothing"
    )
    return f"{quote}: nothing can be sent like this"
