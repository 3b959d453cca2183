"""Arguments for creating containers; Podman and Docker agree on nearly all of them."""

from pathlib import Path

from nodion_tui.local.execution.executors.engine_cli import ContainerEngine
from nodion_tui.local.execution.job import JobSpec
from nodion_tui.local.runners.container_spec import ContainerSpec

ENGINE_LABEL = "nodion-tui.engine"
"""Label with the number of the data folder."""
RUN_LABEL = "nodion-tui.run"
_MAX_ENV_FILE_LINE_BYTES = 60_000
"""Maximum size of a variable in an environment file."""
_CLI_PREFIXES = ("LD_", "XDG_", "CONTAINER", "DOCKER", "PODMAN", "GO", "REGISTRY", "STORAGE", "_")
_CLI_VARIABLES = frozenset(
    {"PATH", "HOME", "TMPDIR", "USER", "LANG", "SHELL", "PWD", "NOTIFY_SOCKET"}
)


def container_name(spec: JobSpec) -> str:
    """Return the name of a run's container."""
    return f"nodion-tui-{spec.run_id}"


def create_arguments(
    spec: JobSpec,
    folder_number: int,
    container: ContainerSpec,
    engine: ContainerEngine,
    env_file: Path,
) -> list[str]:
    """Return the arguments of `podman create`; no privileges beyond the engine's defaults."""
    instance = spec.runner.instance_type
    entrypoint, *entrypoint_arguments = spec.entrypoint or ("",)
    arguments = [
        *("--name", container_name(spec)),
        *("--label", f"{ENGINE_LABEL}={folder_number}"),
        *("--label", f"{RUN_LABEL}={spec.run_id}"),
        *("--log-driver", "none"),
        *("--memory", f"{instance.mem}m", "--cpus", f"{instance.cpu:g}"),
        *("--env-file", str(env_file)),
        *(f"--env={key}" for key in spec.env if key in inherited_env(spec.env)),
        *container.run_args,
    ]
    if spec.entrypoint:
        arguments += ["--entrypoint", entrypoint]
    return [
        *arguments,
        full_image_name(spec.runner.image, engine),
        *entrypoint_arguments,
        *spec.argv,
    ]


def full_image_name(name: str, engine: ContainerEngine) -> str:
    """Return an image name with its host (default: docker.io, as in Docker)."""
    host, slash, _ = name.partition("/")
    if engine == "docker" or (slash and ("." in host or ":" in host or host == "localhost")):
        return name
    return f"docker.io/{name}" if slash else f"docker.io/library/{name}"


def env_file_text(env: dict[str, str]) -> str:
    """Return the environment file: one variable per line, literally."""
    inherited = inherited_env(env)
    return "".join(f"{key}={value}\n" for key, value in env.items() if key not in inherited)


def inherited_env(env: dict[str, str]) -> dict[str, str]:
    """Return the variables to pass through the environment of the engine's command instead.

    Both ways keep values out of argv, which all users of the machine can read.
    """
    return {key: value for key, value in env.items() if _exceeds_env_file_line(value)}


def unsafe_to_inherit(env: dict[str, str]) -> list[str]:
    """Return the variables of `inherited_env` that would affect the engine's command itself."""
    return [
        key for key in inherited_env(env) if key in _CLI_VARIABLES or key.startswith(_CLI_PREFIXES)
    ]


def _exceeds_env_file_line(value: str) -> bool:
    return "\n" in value or "\r" in value or len(value.encode()) > _MAX_ENV_FILE_LINE_BYTES


def list_arguments(folder_number: int) -> list[str]:
    """Return the command that lists the ids of a data folder's containers in any state."""
    return ["ps", "--all", "--quiet", "--filter", f"label={ENGINE_LABEL}={folder_number}"]
