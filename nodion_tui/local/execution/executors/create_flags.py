"""What a container is created with: Podman and Docker agree on nearly all of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from nodion_tui.local.execution.job import JobSpec
from nodion_tui.local.runners.container_spec import ContainerSpec

Kind = Literal["podman", "docker"]
ENGINE_LABEL = "nodion-tui.engine"
RUN_LABEL = "nodion-tui.run"
_FILE_LINE_BYTES = 60_000
"""A longer variable does not fit a line of an environment file."""
_OWN_PREFIXES = ("LD_", "XDG_", "CONTAINER", "DOCKER", "PODMAN", "GO", "REGISTRY", "STORAGE", "_")
_OWN = frozenset({"PATH", "HOME", "TMPDIR", "USER", "LANG", "SHELL", "PWD", "NOTIFY_SOCKET"})


@dataclass(frozen=True, slots=True)
class Names:
    """How one run's container is found again."""

    container: str
    engine: str
    """Value of `ENGINE_LABEL`: a number of the data folder's own."""
    run: str


def create_arguments(
    spec: JobSpec, names: Names, container: ContainerSpec, kind: Kind, env_file: Path
) -> list[str]:
    """Everything behind `podman create`; no privilege beyond the program's default."""
    size = spec.runner.instance_type
    first_word, *words = spec.entrypoint or ("",)
    arguments = [
        *("--name", names.container),
        *("--label", f"{ENGINE_LABEL}={names.engine}", "--label", f"{RUN_LABEL}={names.run}"),
        *("--log-driver", "none"),
        *("--memory", f"{size.mem}m", "--cpus", f"{size.cpu:g}"),
        *("--env-file", str(env_file)),
        *(f"--env={key}" for key in spec.env if key in passed_on(spec.env)),
        *container.run_args,
    ]
    if spec.entrypoint:
        arguments += ["--entrypoint", first_word]
    return [*arguments, image(spec.runner.image, kind), *words, *spec.argv]


def image(name: str, kind: Kind) -> str:
    """An image's full name: what is without a host comes from docker.io, as Docker has it."""
    host, slash, _ = name.partition("/")
    if kind == "docker" or (slash and ("." in host or ":" in host or host == "localhost")):
        return name
    return f"docker.io/{name}" if slash else f"docker.io/library/{name}"


def env_file_text(env: dict[str, str]) -> str:
    """The variables that fit an environment file: a line each, taken as it is."""
    rest = passed_on(env)
    return "".join(f"{key}={value}\n" for key, value in env.items() if key not in rest)


def passed_on(env: dict[str, str]) -> dict[str, str]:
    """The variables that go through the program's own environment instead.

    Both ways keep values out of argv, which everybody on the machine can read.
    """
    return {key: value for key, value in env.items() if _fits_no_line(value)}


def unpassable(env: dict[str, str]) -> list[str]:
    """Variables of `passed_on` that the program itself would obey."""
    return [key for key in passed_on(env) if key in _OWN or key.startswith(_OWN_PREFIXES)]


def _fits_no_line(value: str) -> bool:
    return "\n" in value or "\r" in value or len(value.encode()) > _FILE_LINE_BYTES


def listing(engine: str) -> list[str]:
    """The command that prints the ids of an engine's containers, whatever their state."""
    return ["ps", "--all", "--quiet", "--filter", f"label={ENGINE_LABEL}={engine}"]


def removal(kind: Kind, containers: Iterable[str]) -> list[str]:
    """The command that kills and removes containers, without asking them."""
    patience = ("--time", "0") if kind == "podman" else ()
    return ["rm", "--force", "--volumes", *patience, *containers]
