"""Arguments for creating containers; Podman and Docker agree on nearly all of them."""

import re
from collections.abc import Iterable

from nodion_tui.local.execution.executors.engine_cli import ContainerEngine
from nodion_tui.local.execution.job import JobSpec
from nodion_tui.local.runners.container_spec import ContainerSpec

ENGINE_LABEL = "nodion-tui.engine"
"""Label with the number of the data folder."""
RUN_LABEL = "nodion-tui.run"
MAX_ENV_FILE_LINE_BYTES = 60_000
"""Maximum size of a variable in an environment file; both engines refuse lines above 64 KiB."""
_DOCKER_VARIABLE = re.compile(
    r"PATH|HOME|TMPDIR|LD_.*|SSL_CERT_(?:FILE|DIR)|(?i:https?|no|all)_(?i:proxy)"
    r"|GO(?:COVERDIR|DEBUG|GC|MAXPROCS|MEMLIMIT|TRACEBACK)"
    r"|DOCKER_(?:API_VERSION|CERT_PATH|CLI_.*|CONFIG|CONTENT_TRUST(?:_SERVER)?|CONTEXT"
    r"|CUSTOM_HEADERS|DEFAULT_PLATFORM|HIDE_LEGACY_COMMANDS|HOST|TLS|TLS_VERIFY)"
)
"""What Docker's command obeys itself, or the Go runtime and the loader below it."""


def container_name(spec: JobSpec) -> str:
    """Return the name of a run's container."""
    return f"nodion-tui-{spec.run_id}"


def create_arguments(
    spec: JobSpec,
    folder_number: int,
    container: ContainerSpec,
    engine: ContainerEngine,
    variables: Iterable[str],
) -> list[str]:
    """Return the arguments of `podman create`; no privileges beyond the engine's defaults.

    Args:
        spec: the run.
        folder_number: number of the data folder.
        container: the user's own arguments.
        engine: the container engine.
        variables: the arguments that pass the run's variables.
    """
    instance = spec.runner.instance_type
    entrypoint, *entrypoint_arguments = spec.entrypoint or ("",)
    arguments = [
        *("--name", container_name(spec)),
        *("--label", f"{ENGINE_LABEL}={folder_number}"),
        *("--label", f"{RUN_LABEL}={spec.run_id}"),
        *("--log-driver", "none"),
        *("--memory", f"{instance.mem}m", "--cpus", f"{instance.cpu:g}"),
        # Podman hands the engine's own proxies on, with their passwords; Docker never does.
        *(("--http-proxy=false",) if engine == "podman" else ()),
        *variables,
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
    """Return the variables that an environment file cannot hold, such as those with lines."""
    return {key: value for key, value in env.items() if _exceeds_env_file_line(value)}


def unsafe_to_inherit(env: dict[str, str]) -> list[str]:
    """Return the variables of `inherited_env` that would affect Docker's command itself."""
    return [key for key in inherited_env(env) if _DOCKER_VARIABLE.fullmatch(key)]


def _exceeds_env_file_line(value: str) -> bool:
    return "\n" in value or "\r" in value or len(value.encode()) > MAX_ENV_FILE_LINE_BYTES


def list_arguments(folder_number: int) -> list[str]:
    """Return the command that lists the ids of a data folder's containers in any state."""
    return ["ps", "--all", "--quiet", "--filter", f"label={ENGINE_LABEL}={folder_number}"]
