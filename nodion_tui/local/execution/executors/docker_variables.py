"""Adds variables to a new container of Docker that its command line cannot pass.

`docker create` takes a value from an environment file (one line), from its own environment (where
it would obey DOCKER_HOST or PATH itself) or from argv (which all users can read). Docker's API
takes any: the container that the command created is described, removed and created again through
the API with the variables in addition, so that a user's own arguments still count. The connection
is that of the command itself, whatever context, TLS or SSH it needs (`docker system dial-stdio`).
"""

import contextlib

import msgspec

from nodion_tui.local.execution.executors.engine_cli import CommandResult, EngineCli

_CREATED = b"HTTP/1.1 201 "
_DESCRIPTION = (
    "{{json .Id}}\n{{json .Config}}\n{{json .HostConfig}}\n{{json .NetworkSettings.Networks}}"
)
_ID_CHARACTERS = 12
"""A container's default host name is the start of its id."""


class _Refusal(msgspec.Struct):
    """Docker's answer to a request that failed."""

    message: str


async def add_variables(cli: EngineCli, name: str, variables: dict[str, str]) -> CommandResult:
    """Replace a container that was created, but not started, by one with further variables.

    Args:
        cli: Docker.
        name: the container's name, which the new one gets.
        variables: override those of the image and of the container.
    """
    described = await cli.run("inspect", "--format", _DESCRIPTION, name)
    if described.exit_code != 0:
        return described
    body = msgspec.json.encode(_request_body(described.output, variables))
    await cli.remove(name)
    head = (
        f"POST /containers/create?name={name} HTTP/1.1\r\nHost: docker\r\nConnection: close\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    answer = await cli.run("system", "dial-stdio", stdin=head.encode() + body)
    if answer.exit_code == 0 and not answer.output.startswith(_CREATED):
        return CommandResult(1, _refusal(answer.output))
    return answer


def _request_body(description: bytes, variables: dict[str, str]) -> dict[str, object]:
    container_id, config, host_config, networks = map(msgspec.json.decode, description.splitlines())
    own = [text for text in config["Env"] or () if text.partition("=")[0] not in variables]
    if config["Hostname"] == container_id[:_ID_CHARACTERS]:
        del config["Hostname"]
    return {
        **config,
        "Env": [*own, *(f"{key}={value}" for key, value in variables.items())],
        "HostConfig": host_config,
        "NetworkingConfig": {"EndpointsConfig": networks},
    }


def _refusal(answer: bytes) -> bytes:
    """Return the message of a response, or all of it."""
    with contextlib.suppress(msgspec.DecodeError):
        return msgspec.json.decode(answer.partition(b"\r\n\r\n")[2], type=_Refusal).message.encode()
    return answer
