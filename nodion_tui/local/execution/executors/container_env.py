"""Passes a run's variables to a container: any name, any value, never in argv.

All users of the machine can read argv, so a value is never there. An environment file has one line
per variable and a maximum line; what it cannot hold travels another way. Podman has secrets that
become variables: a secret's value is read from standard input, whatever its name, and is gone from
Podman's store once the container is initialized. Docker has no such secrets outside of a swarm; its
command inherits these variables instead. If one of them is among the few that the command obeys
itself, they are added to the container afterwards, through Docker's API.
"""

import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import NamedTuple

from nodion_tui.local.execution.executors import create_flags
from nodion_tui.local.execution.executors.engine_cli import CANNOT_RUN_EXIT_CODE, EngineCli
from nodion_tui.local.execution.job import JobSpec, StartFailed


class PassedVariables(NamedTuple):
    """What the command that creates a container gets."""

    arguments: tuple[str, ...]
    environment: dict[str, str]
    """In addition to the engine's own."""
    missing: dict[str, str]
    """What a created container or service of Docker lacks; see `docker_variables`."""


@contextlib.asynccontextmanager
async def passed_variables(
    cli: EngineCli, spec: JobSpec, folder_number: int, folder: Path
) -> AsyncIterator[PassedVariables]:
    """Provide a run's variables to `create`, and to `init` of Podman, inside the block.

    Args:
        cli: the container engine.
        spec: the run.
        folder_number: number of the data folder; part of the secrets' names.
        folder: private folder for the environment file.

    Raises:
        StartFailed: a variable cannot be passed.
    """
    env_file = folder / "env"
    env_file.write_text(create_flags.env_file_text(spec.env), encoding="utf-8")
    arguments, others = ("--env-file", str(env_file)), create_flags.inherited_env(spec.env)
    if cli.engine == "podman":
        async with _secrets(cli, f"{_prefix(folder_number)}{spec.run_id}", others) as secrets:
            yield PassedVariables((*arguments, *secrets), {}, {})
    elif create_flags.unsafe_to_inherit(spec.env):
        yield PassedVariables((), {}, spec.env)
    else:
        yield PassedVariables((*arguments, *(f"--env={key}" for key in others)), others, {})


async def remove_stale_secrets(cli: EngineCli, folder_number: int) -> None:
    """Remove the secrets of a crashed engine; a Podman without secrets has none."""
    listed = await cli.run("secret", "ls", "--format", "{{.Name}}")
    prefix = _prefix(folder_number)
    names = [name for name in listed.text.split() if name.startswith(prefix)]
    if listed.exit_code == 0 and names:
        await cli.run("secret", "rm", *names)


def _prefix(folder_number: int) -> str:
    return f"nodion-tui-{folder_number}-"


@contextlib.asynccontextmanager
async def _secrets(
    cli: EngineCli, prefix: str, variables: dict[str, str]
) -> AsyncIterator[tuple[str, ...]]:
    """Provide a secret per variable, and the arguments that turn them into variables."""
    names = {f"{prefix}-{index}": key for index, key in enumerate(variables)}
    try:
        for name, key in names.items():
            await _create_secret(cli, name, variables[key])
        yield tuple(f"--secret={name},type=env,target={key}" for name, key in names.items())
    finally:
        if names:
            await cli.run("secret", "rm", *names)


async def _create_secret(cli: EngineCli, name: str, value: str) -> None:
    # The driver that a user's configuration may name stores secrets elsewhere.
    result = await cli.run("secret", "create", "--driver", "file", name, "-", stdin=value.encode())
    if result.exit_code != 0:
        problem = f"A variable could not be passed to the container: {result.text}"
        raise StartFailed(problem, CANNOT_RUN_EXIT_CODE)
