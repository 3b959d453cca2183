"""What is told to Podman or Docker: the program, its arguments, and logins of registries."""

from typing import Literal

import msgspec


class ContainerSpec(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`[container]` of local.toml."""

    program: str = ""
    """Name or path; empty: that of the executor."""
    engine_args: tuple[str, ...] = ()
    """In front of every command, such as `--storage-driver vfs`."""
    pull_args: tuple[str, ...] = ()
    """For login and pull, such as `--tls-verify=false`."""
    run_args: tuple[str, ...] = ()
    """For creating a container, such as `--network none`."""
    pull: Literal["always", "missing"] = "always"
    """Pull at every run, as the service does, or where the image is not here."""


class RegistrySpec(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One `[[registries]]` of local.toml: a login for images of one host."""

    host: str
    """As an image's name starts, such as `registry.example.com:5000`."""
    username: str
    password_file: str = ""
    """A file that holds the password, for its owner alone."""

    def serves(self, image: str) -> bool:
        """Whether an image comes from it."""
        return image.startswith(f"{self.host}/")
