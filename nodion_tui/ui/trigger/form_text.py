"""Texts of the trigger form, as pure functions of its content."""

from collections.abc import Collection, Mapping

from textual.content import Content

from nodion_tui.model.run import Run
from nodion_tui.model.runner import Runner, short_id
from nodion_tui.model.text.format import count
from nodion_tui.model.text.sanitize import sanitize
from nodion_tui.model.trigger import (
    MAX_ARGV_CHARACTERS,
    MAX_ARGV_ELEMENTS,
    MAX_COMMAND_CHARACTERS,
    MAX_ENTRYPOINT_CHARACTERS,
    Problems,
    TriggerRequest,
    format_argv,
)
from nodion_tui.model.trigger_draft import ArgvStyle, CommandMode, EnvRow
from nodion_tui.ui.commands.registry import commands_in, key_label, keys_of
from nodion_tui.ui.dialogs.field import FieldNotes, shorten

MODE_LABELS = (
    (CommandMode.DEFAULT.value, "default"),
    (CommandMode.ARGV.value, "argv"),
    (CommandMode.COMMAND.value, "shell command"),
)
SHORT_MODE_LABELS = (
    (CommandMode.DEFAULT.value, "default"),
    (CommandMode.ARGV.value, "argv"),
    (CommandMode.COMMAND.value, "shell"),
)
"""For windows of 40 columns."""

ARGV_STYLE_LABELS = ((ArgvStyle.QUOTED.value, "quoted"), (ArgvStyle.LINES.value, "one per line"))
DISCARD_PROMPT = "Press Esc again to discard your input"
CURL_COPIED = "Sent the curl command, without the key, to the terminal's clipboard"
ENV_UNKNOWN = (
    "The API does not return a run's environment, and this run was not triggered from here. "
    "Without variables, those of the runner apply."
)


def key_hints(keymap: Mapping[str, str]) -> list[str]:
    """Key hints of the form by rank, except for the key shown on the submit button."""
    commands = [command for command in commands_in(("form",)) if command.id != "form.submit"]
    shown = sorted((each for each in commands if each.footer), key=lambda each: each.rank)
    pairs = [(keys_of(command, keymap), command.footer) for command in shown]
    return [f"{key_label(keys[0])} {footer}" for keys, footer in pairs if keys]


def submit_label(keymap: Mapping[str, str], runs: int = 0) -> str:
    """Label of the submit button, with the number of runs if many are started, and its key."""
    (command,) = [command for command in commands_in(("form",)) if command.id == "form.submit"]
    keys = keys_of(command, keymap)
    label = f"Trigger {count(runs, 'run')}" if runs else "Trigger"
    return f"{label}  {key_label(keys[0])}" if keys else label


def default_command_text(runner: Runner) -> str:
    """What runs if neither argv nor a command is given."""
    if runner.argv:
        return f"command: (default) {format_argv(runner.argv)}"
    if runner.run_command:
        return f"command: (default) sh -c {runner.run_command}"
    return "command: the default of the runner or its image"


def argv_notes(
    tokens: tuple[str, ...], leftovers: tuple[str, ...], problems: tuple[str, ...]
) -> FieldNotes:
    """Counters and hints of the argv field."""
    characters = sum(map(len, tokens))
    return FieldNotes(
        count=f"{_of(len(tokens), MAX_ARGV_ELEMENTS)} args · "
        f"{_of(characters, MAX_ARGV_CHARACTERS)} chars",
        over_limit=len(tokens) > MAX_ARGV_ELEMENTS or characters > MAX_ARGV_CHARACTERS,
        problems=problems,
        hints=(shell_hint(leftovers),) if leftovers else (),
    )


def shell_hint(leftovers: tuple[str, ...]) -> str:
    """Hint that no shell interprets what looks like shell syntax."""
    examples = " ".join(leftovers[:3]) + (" …" if len(leftovers) > 3 else "")
    return f'{examples}: passed literally, no shell expands it; use "shell command" instead'


def command_notes(command: str, problems: tuple[str, ...]) -> FieldNotes:
    """Counter of the command field."""
    return FieldNotes(
        count=f"{_of(len(command), MAX_COMMAND_CHARACTERS)} chars · run by sh -c",
        over_limit=len(command) > MAX_COMMAND_CHARACTERS,
        problems=problems,
    )


def entrypoint_notes(entrypoint: str, problems: tuple[str, ...]) -> FieldNotes:
    """Counter of the entrypoint field; empty while the field is empty."""
    return FieldNotes(
        f"{_of(len(entrypoint), MAX_ENTRYPOINT_CHARACTERS)} chars" if entrypoint else "",
        over_limit=len(entrypoint) > MAX_ENTRYPOINT_CHARACTERS,
        problems=problems,
    )


def entrypoint_placeholder(runner: Runner, *, empty: bool = False) -> str:
    """Placeholder of the entrypoint field; `empty` if an empty one is sent."""
    if empty:
        return 'none: overridden by ""'
    return f"(default) {runner.entrypoint}" if runner.entrypoint else "(default) of the image"


def env_summary(rows: tuple[EnvRow, ...], baseline: tuple[EnvRow, ...]) -> str:
    """Number of variables sent and disabled, and names removed since the baseline."""
    sent = sum(row.is_sent for row in rows)
    off = sum(not row.enabled and not row.is_blank for row in rows)
    parts = [count(sent, "variable")] if sent or off else []
    parts += [f"{off} off"] if off else []
    removed = {row.key for row in baseline if row.is_sent} - {row.key.strip() for row in rows}
    parts += [f"removed: {sanitize(', '.join(sorted(removed)))}"] if removed else []
    return " · ".join(parts)


def env_note(known: tuple[EnvRow, ...] | None, filled: tuple[EnvRow, ...]) -> str:
    """What is to be said of the environment of a repeated run.

    Args:
        known: as it was remembered; None: not at all.
        filled: the same, with secrets of this session.
    """
    if known is None:
        return ENV_UNKNOWN
    secrets = sum(row.needs_value for row in known) - sum(row.needs_value for row in filled)
    return f"{count(secrets, 'secret')} filled in as typed in this session" if secrets else ""


def ready_text(request: TriggerRequest, runner: Runner, runs: int = 0) -> str:
    """What submitting will start, on one line; `runs` if many are started."""
    if request.argv is not None:
        command = count(len(request.argv), "argument")
    elif request.command is not None:
        command = "a shell command"
    else:
        command = "the default command"
    parts = [command]
    if request.entrypoint:
        parts.append("a custom entrypoint")
    if request.env_variables:
        parts.append(count(len(request.env_variables), "variable"))
    times = f" {count(runs, 'time')}" if runs else ""
    return f"Starts {runner.label}{times} with {', '.join(parts)}"


def status_content(
    problems: Problems, request: TriggerRequest | None, runner: Runner, runs: int
) -> Content:
    """What submitting will start, or why it cannot be submitted."""
    if problems or request is None:
        return Content.styled(not_ready_text(problems), "$text-error")
    return Content(sanitize(ready_text(request, runner, runs)))


def title_content(runner: Runner, run: Run | None, *, is_changed: bool) -> Content:
    """The runner, the run that is repeated, and whether the form differs from it."""
    parts = [Content.styled(sanitize(runner.label), "bold")]
    if run:
        parts.append(Content(f"  run {sanitize(short_id(run.id))}"))
    if is_changed:
        parts.append(Content.styled("  * changed", "bold $text-accent"))
    if runner.image:
        parts.append(Content.styled(f"  {sanitize(runner.image)}", "$foreground-muted"))
    return Content("").join(parts)


def rejection_lines(
    message: str, errors: Mapping[str, tuple[str, ...]], visible: Collection[str]
) -> Content:
    """The service's messages that belong to no visible field."""
    rejections = [message] if message else []
    for field, messages in errors.items():
        if not any(field.startswith(name) for name in visible):
            rejections += [f"{field}: {text}" for text in messages]
    return Content("\n").join(Content(f"✗ {shorten(text)}") for text in rejections)


def not_ready_text(problems: Problems) -> str:
    """The first problem of each field: `argv: 205 elements, limit 200`."""
    return " · ".join(
        shorten(messages[0] if _names_field(messages[0], field) else f"{field}: {messages[0]}")
        for field, messages in problems.items()
    )


def _names_field(message: str, field: str) -> bool:
    """Whether a message says where it belongs: it begins with a variable, or with its field."""
    return field == "env_variables" or message.startswith(field)


def _of(used: int, limit: int) -> str:
    return f"{used:,}/{limit:,}"
