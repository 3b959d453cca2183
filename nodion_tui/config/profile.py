"""Profiles, API keys and the sources of configuration values."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import msgspec

if TYPE_CHECKING:
    from nodion_tui.config.archive_limits import ArchiveLimits

DEFAULT_API_URL = "https://api.nodion.com/v1"


def is_header_word(text: str) -> bool:
    """Whether a text may be sent as one word of an HTTP header: printable ASCII, no spaces."""
    return text.isascii() and text.isprintable() and " " not in text


class Secret:
    """An API key whose `repr` and `str` are `***`."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        """Store a key without surrounding whitespace, such as the newline of a file or pipe.

        Raises:
            ValueError: the key is empty or contains characters that are not allowed in an HTTP
                header; the message contains no part of it.
        """
        stripped = value.strip()
        if not stripped:
            raise ValueError("the key is empty")
        if not is_header_word(stripped):
            raise ValueError(
                "the key contains invalid characters (spaces, control characters or non-ASCII)"
            )
        self._value = stripped

    def __repr__(self) -> str:
        return "***"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._value == self._value

    def __hash__(self) -> int:
        return hash(self._value)

    def reveal(self) -> str:
        """The key itself, for the Authorization header."""
        return self._value


class Source(msgspec.Struct, frozen=True):
    """Source of a configuration value."""

    kind: Literal["flag", "environment", "file", "default"]
    name: str = ""
    """Name of the flag, variable or file."""
    line: int | None = None
    """Line in the file, from 1."""

    def __str__(self) -> str:
        if self.kind == "file" and self.line is not None:
            return f"{self.name}:{self.line}"
        return self.name or self.kind


DEFAULT_SOURCE = Source("default")


class KeySource(msgspec.Struct, frozen=True):
    """Where a profile's key is obtained, which may take seconds."""

    kind: Literal["environment", "command", "keyring", "file"]
    source: Source
    """Source of this setting."""
    name: str = ""
    """Variable, user name in the keyring, or file."""
    argv: tuple[str, ...] = ()
    """Command and arguments, run without a shell."""

    def __repr__(self) -> str:
        return f"KeySource({self})"

    @property
    def is_instant(self) -> bool:
        """Whether the key is available without a command or keyring."""
        return self.kind in {"environment", "file"}

    def __str__(self) -> str:
        if self.kind == "command":
            # Arguments may contain confidential data.
            return f"key_command ({Path(self.argv[0]).name})"
        kind = "variable" if self.kind == "environment" else self.kind
        return f"{kind} {self.name}"


class RunnerRef(msgspec.Struct, frozen=True):
    """A runner configured by id, for services that do not list runners."""

    id: str
    name: str = ""


class Profile(msgspec.Struct, frozen=True):
    """One account or engine to monitor, with its safety settings."""

    name: str = "default"
    api_url: str = DEFAULT_API_URL
    key: Secret | None = None
    project: str | None = None
    """Sent as X-Nodion-Project; a project key ignores it."""
    runners: tuple[RunnerRef, ...] = ()
    """Runners to use if `/runners` is not available."""
    ca_file: str | None = None
    """File with the certificates of trusted authorities, instead of the system's."""
    color: str | None = None
    """Color of the title bar."""
    read_only: bool = False
    confirm_name: bool = False
    """Require typing the runner's name before a stop."""
    allow_http: bool = False
    """Allow plain http to other hosts."""
    commands: bool = True
    """Whether commands of one's own may be run."""
    archive: "ArchiveLimits | None" = None
    """What the archive of finished logs may take; None: no log is kept on disk."""
    engine: Literal["demo", "kept", "served", "ephemeral"] | None = None
    """The engine of a folder on this machine: with simulated data, with data that stays, started
    for it or by `serve`, or with data that is removed at the end; None: any other service."""
    key_source: KeySource | None = None
    """Where `with_key` obtains `key`; None if no key is configured."""
    group: tuple[str, ...] = ()
    """Names of the profiles that are watched together under this name; empty: one account."""
    sources: Mapping[str, Source] = {}
    """Field name → source of its value; missing fields are defaults."""

    def source(self, name: str) -> Source:
        """Source of a field's value."""
        return self.sources.get(name, DEFAULT_SOURCE)
