"""The request of a trigger: from options, and from an earlier run."""

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path

import click

from nodion_tui.cli.process.exit_codes import CommandLineError
from nodion_tui.cli.session import CommandSession
from nodion_tui.cli.trigger.env_options import env_variables
from nodion_tui.model.errors import InputError
from nodion_tui.model.run import Run, RunKey
from nodion_tui.model.trigger import EnvVariable, Problems, TriggerRequest
from nodion_tui.model.trigger_draft import CommandMode, EnvRow
from nodion_tui.monitor.storage.shared_preset import SUFFIX, read_shared_preset

_OPTION_OF_FIELD: Mapping[str, str] = {
    "argv": "ARGV",
    "command": "--shell",
    "entrypoint": "--entrypoint",
    "env_variables": "--env",
}
"""Field of the API → option or argument of the command line."""


def request_from_options(
    argv: tuple[str, ...],
    shell: str | None,
    entrypoint: str | None,
    files: Sequence[str],
    pairs: Sequence[str],
) -> TriggerRequest:
    """The request of a command line.

    Raises:
        UsageError: ARGV and --shell are given together.
        CommandLineError: a file cannot be read, or a variable has no value.
        InputError: a documented limit is exceeded, or --shell is empty (as with an unset variable).
    """
    if argv and shell is not None:
        raise click.UsageError("ARGV and --shell cannot be given together")
    request = TriggerRequest(
        argv=argv or None,
        command=shell,
        entrypoint=entrypoint,
        env_variables=env_variables(files, pairs),
    )
    problems = request.problems()
    if shell is not None and not shell.strip():
        problems["command"] = ("command is empty; omit --shell to run the runner's default",)
    _raise(problems)
    return request


async def request_like(
    session: CommandSession, key: RunKey, changes: TriggerRequest
) -> TriggerRequest:
    """The request that repeats a run, with the given changes.

    The environment is that of a run triggered from this machine: the service never tells it.

    Raises:
        InputError: a secret was not stored and is not given, or a limit is exceeded.
        NodionError: the run cannot be read.
    """
    run = await session.client.get_run(*key)
    remembered = await asyncio.to_thread(session.history.env_for, key)
    if remembered.notice:
        session.output.notice(remembered.notice)
    if remembered.rows is None:
        session.output.warning(
            f"the environment of run {run.id} is not known: it was not triggered from here;"
            " give it with --env"
        )
    request = _repeated(run, remembered.rows or (), changes)
    _raise(request.problems())
    return request


def is_preset_file(source: str) -> bool:
    """Whether the value of `--from` is a file with a preset; no id or name of a run ends so."""
    return source.endswith(SUFFIX)


def request_of_preset(path: Path, changes: TriggerRequest) -> TriggerRequest:
    """The request of a preset that was shared as a file, with the given changes.

    Raises:
        CommandLineError: the file cannot be read, or is no preset.
        InputError: a secret was not stored and is not given, or a limit is exceeded.
    """
    try:
        draft = read_shared_preset(path).draft
        base = TriggerRequest(
            argv=draft.argv() if draft.mode is CommandMode.ARGV else None,
            command=draft.command if draft.mode is CommandMode.COMMAND else None,
            entrypoint=draft.sent_entrypoint,
        )
    except OSError as error:
        raise CommandLineError(f"{path}: {error.strerror or error}") from None
    except ValueError as error:
        raise CommandLineError(str(error)) from None
    request = _repeated(base, draft.env, changes)
    _raise(request.problems())
    return request


def _repeated(
    run: Run | TriggerRequest, rows: Sequence[EnvRow], changes: TriggerRequest
) -> TriggerRequest:
    """The run's own command and entrypoint, an empty one included, unless they are changed."""
    has_command = changes.argv is not None or changes.command is not None
    source = changes if has_command else run
    values = {row.key: row for row in rows if row.is_sent}
    given = {variable.env_key: variable for variable in changes.env_variables}
    if missing := [key for key, row in values.items() if row.needs_value and key not in given]:
        reason = f"the secret {missing[0]} was not stored; give it with --env {missing[0]}=VALUE"
        raise InputError(reason)
    kept = {key: EnvVariable(key, row.value) for key, row in values.items()}
    return TriggerRequest(
        argv=source.argv or None,
        command=source.command,
        entrypoint=run.entrypoint if changes.entrypoint is None else changes.entrypoint,
        env_variables=tuple((kept | given).values()),
    )


def _raise(problems: Problems) -> None:
    if problems:
        by_option = {_OPTION_OF_FIELD[field]: messages for field, messages in problems.items()}
        raise InputError("a documented limit is exceeded", by_option)
