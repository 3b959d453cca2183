"""Adds variables to a new container or service of Docker that its command line cannot pass.

`docker create` takes a value from an environment file (one line), from its own environment (where
it would obey DOCKER_HOST or PATH itself) or from argv (which all users can read). Docker's API
takes any: the container that the command created is described, removed and created again through
the API with the variables in addition, so that a user's own arguments still count. A service is
created without tasks, and gets the one when it gets the variables.
"""

from typing import Any

from nodion_tui.local.execution.executors.docker_api import DockerApiError, get_json, post_json
from nodion_tui.local.execution.executors.engine_cli import CommandResult, EngineCli

_ID_CHARACTERS = 12
"""A container's default host name is the start of its id."""


async def add_variables(cli: EngineCli, name: str, variables: dict[str, str]) -> CommandResult:
    """Replace a container that was created, but not started, by one with further variables.

    Returns the daemon's words if it refuses; nothing of the container may be left then.

    Args:
        cli: Docker.
        name: the container's name, which the new one gets.
        variables: override those of the image and of the container.
    """
    try:
        container = await get_json(cli, f"/containers/{name}/json")
        await cli.remove(name)
        await post_json(cli, "/containers/create", _request_body(container, variables), name=name)
    except DockerApiError as error:
        return CommandResult(1, str(error).encode())
    return CommandResult(0, b"")


async def start_service(
    cli: EngineCli, service_id: str, variables: dict[str, str]
) -> CommandResult:
    """Give a service that has no task yet its variables and one task.

    Returns the daemon's words if it refuses.

    Args:
        cli: Docker.
        service_id: the service.
        variables: override those of the service; a swarm takes them for templates.
    """
    path = f"/services/{service_id}"
    try:
        service = await get_json(cli, path)
        spec = service["Spec"]
        container = spec["TaskTemplate"]["ContainerSpec"]
        container["Env"] = _merged(container.get("Env"), variables)
        spec["Mode"] = {"Replicated": {"Replicas": 1}}
        await post_json(cli, f"{path}/update", spec, version=str(service["Version"]["Index"]))
    except DockerApiError as error:
        return CommandResult(1, str(error).encode())
    return CommandResult(0, service_id.encode())


def _request_body(container: dict[str, Any], variables: dict[str, str]) -> dict[str, object]:
    config: dict[str, Any] = container["Config"]
    if config["Hostname"] == container["Id"][:_ID_CHARACTERS]:
        del config["Hostname"]
    return {
        **config,
        "Env": _merged(config["Env"], variables),
        "HostConfig": container["HostConfig"],
        "NetworkingConfig": {"EndpointsConfig": container["NetworkSettings"]["Networks"]},
    }


def _merged(env: list[str] | None, variables: dict[str, str]) -> list[str]:
    own = [text for text in env or () if text.partition("=")[0] not in variables]
    return [*own, *(f"{key}={value}" for key, value in variables.items())]
