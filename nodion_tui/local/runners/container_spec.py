"""Settings of Podman or Docker: program, extra arguments and registry logins."""

from typing import Literal

import msgspec


class ContainerSpec(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`[container]` of local.toml."""

    program: str = ""
    """Name or path of the container engine; empty: as the executor."""
    engine_args: tuple[str, ...] = ()
    """Arguments before every command, such as `--storage-driver vfs`."""
    pull_args: tuple[str, ...] = ()
    """Arguments of login and pull, such as `--tls-verify=false`."""
    run_args: tuple[str, ...] = ()
    """Arguments of create, such as `--network none`."""
    pull: Literal["always", "missing"] = "always"
    """Pull for every run, like the service, or only if the image is not available locally."""


class RegistrySpec(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One `[[registries]]` of local.toml: the login for the images of one host."""

    host: str
    """Host part of image names, such as `registry.example.com:5000`."""
    username: str
    password_file: str = ""
    """File that contains the password; readable by its owner only."""

    def serves(self, image: str) -> bool:
        """Whether an image comes from this registry."""
        return image.startswith(f"{self.host}/")
