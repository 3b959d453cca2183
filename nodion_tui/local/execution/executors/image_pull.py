"""Pulls a run's image, with a registry login; the output is internal, never public."""

import asyncio
from collections.abc import Iterable
from pathlib import Path

from nodion_tui.local.execution.executors.create_flags import full_image_name
from nodion_tui.local.execution.executors.engine_cli import EngineCli
from nodion_tui.local.execution.job import StartFailed
from nodion_tui.local.execution.run_output import RunOutput
from nodion_tui.local.runners.container_spec import ContainerSpec, RegistrySpec

_DENIED = "access denied"
_UNKNOWN_REASON = "unknown reason"
_REASONS = {
    "the disk is full": ("no space left on device",),
    "the registry does not use TLS; pull_args can allow that": ("http response to https client",),
    "not found": ("manifest unknown", "not found", "repository name not known", "name unknown"),
    _DENIED: ("unauthorized", "authentication required", "denied", "forbidden"),
    "the registry is unreachable": (
        "connection refused",
        "no such host",
        "timeout",
        "timed out",
        "network is unreachable",
        "server misbehaving",
        "tls",
        "https",
    ),
}


async def image_exists(cli: EngineCli, image: str) -> bool:
    """Whether an image is available locally."""
    return (await cli.run("image", "inspect", "--format", "{{.Id}}", image)).exit_code == 0


async def pull_image(
    cli: EngineCli,
    image: str,
    registry: RegistrySpec | None,
    settings: ContainerSpec,
    folder: Path,
    output: RunOutput,
) -> None:
    """Pull an image by its full name, after a login to its registry if there is one.

    Without a registry the engine's stored logins apply; the new login is kept in the private
    `folder`. The output of the commands becomes internal lines.

    Raises:
        StartFailed: the image could not be pulled; the message has the reason in our own words.
    """
    env: dict[str, str] = {}
    if registry is not None:
        env = login_environment(folder)
        await log_in(cli, registry, settings, env, output)
    result = await cli.run("pull", *settings.pull_args, image, env=env, timeout_seconds=None)
    output.write_internal(result.output)
    if result.exit_code != 0:
        problem = f"The image could not be pulled: {_reason(result.text)}"
        if settings.pull == "always" and await image_exists(cli, image):
            problem += '; it is here, and pull = "missing" in [container] would use it'
        raise StartFailed(problem)


def find_registry(registries: Iterable[RegistrySpec], image: str) -> RegistrySpec | None:
    """Return the login for an image, if there is one."""
    # Docker omits the host of its own registry.
    image_with_host = full_image_name(image, "podman")
    return next((row for row in registries if row.serves(image_with_host)), None)


def login_environment(folder: Path) -> dict[str, str]:
    """Return the variables that have a login stored in a private folder, and read from there."""
    return {"REGISTRY_AUTH_FILE": str(folder / "auth.json"), "DOCKER_CONFIG": str(folder)}


async def log_in(
    cli: EngineCli,
    registry: RegistrySpec,
    settings: ContainerSpec,
    env: dict[str, str],
    output: RunOutput,
) -> None:
    """Log in to a registry.

    Raises:
        StartFailed: the password cannot be read, or the login failed.
    """
    try:
        password = await asyncio.to_thread(Path(registry.password_file).read_bytes)
    except OSError:
        raise StartFailed(f"The password for {registry.host} cannot be read") from None
    result = await cli.run(
        "login",
        *settings.pull_args,
        *("--username", registry.username, "--password-stdin", registry.host),
        stdin=password.strip(),
        env=env,
    )
    output.write_internal(result.output)
    if result.exit_code != 0:
        reason = _reason(result.text)
        if reason in {_DENIED, _UNKNOWN_REASON}:
            raise StartFailed(f"The registry {registry.host} rejected the login")
        raise StartFailed(f"The login to {registry.host} failed: {reason}")


def _reason(cli_output: str) -> str:
    """Summarize a failure in our own words: the engine's could contain paths and logins."""
    lower_case = cli_output.lower()
    for reason, markers in _REASONS.items():
        if any(sign in lower_case for sign in markers):
            return reason
    return _UNKNOWN_REASON
