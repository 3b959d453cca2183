"""The sentences of the trigger form: pure values of what is typed."""

from collections.abc import Mapping

from nodion_tui.model.runner import Runner
from nodion_tui.model.sanitize import sanitize
from nodion_tui.model.trigger import (
    MAX_ARGV_CHARACTERS,
    MAX_ARGV_ELEMENTS,
    MAX_COMMAND_CHARACTERS,
    MAX_ENTRYPOINT_CHARACTERS,
    TriggerRequest,
    format_argv,
)
from nodion_tui.model.trigger_draft import ArgvStyle, CommandMode, EnvRow
from nodion_tui.ui.commands.registry import commands_in, key_label, keys_of
from nodion_tui.ui.dialogs.field import FieldNotes

MODE_LABELS = (
    (CommandMode.DEFAULT.value, "runner default"),
    (CommandMode.ARGV.value, "argv"),
    (CommandMode.COMMAND.value, "shell command"),
)
SHORT_MODE_LABELS = (
    (CommandMode.DEFAULT.value, "default"),
    (CommandMode.ARGV.value, "argv"),
    (CommandMode.COMMAND.value, "shell"),
)
"""For windows of 40 columns."""

ARGV_STYLE_LABELS = ((ArgvStyle.QUOTED.value, "quoted"), (ArgvStyle.LINES.value, "one a line"))
DISCARD_PROMPT = "Esc again leaves and forgets what was typed"
CURL_COPIED = "The curl command was sent to the terminal's clipboard; the key is not in it."
ENV_UNKNOWN = (
    "The API does not return a run's environment, and this run was not triggered from here: "
    "without rows the runner's own applies."
)
_FIELDS = {
    "argv": "argv",
    "command": "the command",
    "entrypoint": "the entrypoint",
    "env_variables": "the environment",
}


def key_hints(keymap: Mapping[str, str]) -> str:
    """The keys of the form, as far as they are not on its buttons."""
    shown = [each for each in commands_in(("form",)) if each.footer and each.id != "form.submit"]
    pairs = [(keys_of(each, keymap), each.footer) for each in shown]
    return " · ".join(f"{key_label(keys[0])} {footer}" for keys, footer in pairs if keys)


def submit_label(keymap: Mapping[str, str]) -> str:
    """What stands on the button that triggers, with its key."""
    (command,) = [each for each in commands_in(("form",)) if each.id == "form.submit"]
    keys = keys_of(command, keymap)
    return f"Trigger  {key_label(keys[0])}" if keys else "Trigger"


def default_command_text(runner: Runner) -> str:
    """What runs where neither argv nor a command is given."""
    if runner.argv:
        return f"Runs {format_argv(runner.argv)}"
    if runner.run_command:
        return f"Runs sh -c: {runner.run_command}"
    return "Runs what the runner or its image defines"


def argv_notes(
    tokens: tuple[str, ...], leftovers: tuple[str, ...], problems: tuple[str, ...]
) -> FieldNotes:
    """Counters and hints of the argv field."""
    characters = sum(map(len, tokens))
    return FieldNotes(
        count=f"{_of(len(tokens), MAX_ARGV_ELEMENTS)} tokens · "
        f"{_of(characters, MAX_ARGV_CHARACTERS)} chars",
        over_limit=len(tokens) > MAX_ARGV_ELEMENTS or characters > MAX_ARGV_CHARACTERS,
        problems=problems,
        hints=(shell_hint(leftovers),) if leftovers else (),
    )


def shell_hint(leftovers: tuple[str, ...]) -> str:
    """That no shell will see what looks like shell syntax."""
    shown = " ".join(leftovers[:3]) + (" …" if len(leftovers) > 3 else "")
    return f"{shown}: no shell reads this, the program gets it as it is. A shell command would act."


def command_notes(command: str, problems: tuple[str, ...]) -> FieldNotes:
    """Counter of the command field."""
    return FieldNotes(
        count=f"{_of(len(command), MAX_COMMAND_CHARACTERS)} chars · run by sh -c",
        over_limit=len(command) > MAX_COMMAND_CHARACTERS,
        problems=problems,
    )


def entrypoint_notes(entrypoint: str, problems: tuple[str, ...]) -> FieldNotes:
    """Counter of the entrypoint, once there is something to count."""
    count = f"{_of(len(entrypoint), MAX_ENTRYPOINT_CHARACTERS)} chars" if entrypoint else ""
    return FieldNotes(
        count, over_limit=len(entrypoint) > MAX_ENTRYPOINT_CHARACTERS, problems=problems
    )


def entrypoint_placeholder(runner: Runner) -> str:
    """What stands in the empty entrypoint field."""
    return f"runner's own: {runner.entrypoint}" if runner.entrypoint else "the image's own"


def env_summary(rows: tuple[EnvRow, ...], start: tuple[EnvRow, ...]) -> str:
    """How many variables are sent, how many stay at home, and which are gone since the start."""
    sent = sum(row.is_sent for row in rows)
    off = sum(not row.enabled and not row.is_blank for row in rows)
    said = [f"{sent} sent"] if sent or off else []
    said += [f"{off} off"] if off else []
    gone = {row.key for row in start if row.is_sent} - {row.key.strip() for row in rows}
    said += [f"removed: {sanitize(', '.join(sorted(gone)))}"] if gone else []
    return " · ".join(said)


def ready_text(request: TriggerRequest, runner: Runner) -> str:
    """What pressing Trigger will do, in a line."""
    if request.argv is not None:
        what = f"argv of {_count(len(request.argv), 'token')}"
    elif request.command is not None:
        what = "a shell command"
    else:
        what = "the runner's default"
    parts = [what]
    if request.entrypoint:
        parts.append("its own entrypoint")
    if request.env_variables:
        parts.append(_count(len(request.env_variables), "variable"))
    return f"Starts {runner.label} with {', '.join(parts)}"


def not_ready_text(fields: tuple[str, ...]) -> str:
    """Where something has to be put right before it can be sent."""
    return f"Not ready: look at {' and '.join(_FIELDS.get(field, field) for field in fields)}"


def _of(used: int, limit: int) -> str:
    return f"{used:,}/{limit:,}"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
