"""Adds variables to a new container of Docker that its command line cannot pass.

`docker create` takes a value from an environment file (one line), from its own environment (where
it would obey DOCKER_HOST or PATH itself) or from argv (which all users can read). Docker's API
takes any: the container that the command created is described, removed and created again through
the API with the variables in addition, so that a user's own arguments still count.
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


def _request_body(container: dict[str, Any], variables: dict[str, str]) -> dict[str, object]:
    config: dict[str, Any] = container["Config"]
    own = [text for text in config["Env"] or () if text.partition("=")[0] not in variables]
    if config["Hostname"] == container["Id"][:_ID_CHARACTERS]:
        del config["Hostname"]
    return {
        **config,
        "Env": [*own, *(f"{key}={value}" for key, value in variables.items())],
        "HostConfig": container["HostConfig"],
        "NetworkingConfig": {"EndpointsConfig": container["NetworkSettings"]["Networks"]},
    }
