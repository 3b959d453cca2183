"""Arguments for the service that executes a run in a swarm."""

import shlex
from collections.abc import Iterable

from nodion_tui.local.execution.executors.create_flags import (
    ENGINE_LABEL,
    RUN_LABEL,
    container_name,
)
from nodion_tui.local.execution.job import JobSpec
from nodion_tui.local.runners.container_spec import ContainerSpec

_ONCE = ("--replicas", "1", "--restart-condition", "none", "--no-healthcheck")
"""One task that is never started again.

Not `--mode replicated-job`: when such a service is removed, its running container goes on and its
ended ones stay (moby issues 42789 and 44312; seen with 20.10)."""
_LOG_DRIVER = (
    *("--log-driver", "json-file", "--log-opt", "mode=blocking"),
    *("--log-opt", "max-size=1t", "--log-opt", "max-file=1"),
)
"""A node keeps the whole log until the service is removed, whatever its daemon is set to."""


def service_arguments(
    spec: JobSpec,
    folder_number: int,
    container: ContainerSpec,
    stop_seconds: float,
    variables: Iterable[str],
) -> list[str]:
    """Return the arguments of `docker service create`.

    A node must have what the run may use: the limits of its instance are reserved as well.

    Args:
        spec: the run.
        folder_number: number of the data folder.
        container: the user's own arguments.
        stop_seconds: time from the stop signal to SIGKILL, which the node measures.
        variables: the arguments that pass the run's variables.
    """
    cpu, memory = f"{spec.runner.instance_type.cpu:g}", f"{spec.runner.instance_type.mem}m"
    entrypoint, *entrypoint_arguments = spec.entrypoint or ("",)
    return [
        *("--detach", "--quiet", *_ONCE, *_LOG_DRIVER),
        *("--name", container_name(spec)),
        *("--label", f"{ENGINE_LABEL}={folder_number}"),
        *("--label", f"{RUN_LABEL}={spec.run_id}"),
        *("--limit-memory", memory, "--limit-cpu", cpu),
        *("--reserve-memory", memory, "--reserve-cpu", cpu),
        *("--stop-grace-period", f"{round(stop_seconds * 1000)}ms"),
        *(("--no-resolve-image",) if container.pull == "missing" else ()),
        *variables,
        *container.run_args,
        # Read like a shell's words; an entrypoint is one word here.
        *(("--entrypoint", shlex.quote(entrypoint)) if entrypoint else ()),
        spec.runner.image,
        *entrypoint_arguments,
        *spec.argv,
    ]


def literal_variables(env: dict[str, str]) -> dict[str, str]:
    """Return variables that arrive as they are: a swarm takes their values for templates."""
    return {key: value.replace("{{", '{{"{{"}}') for key, value in env.items()}
