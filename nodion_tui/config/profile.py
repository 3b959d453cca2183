"""The values of a configuration: a key that hides itself, a profile, and where each came from."""

from collections.abc import Mapping
from pathlib import Path
from typing import Literal

import msgspec

DEFAULT_API_URL = "https://api.nodion.com/v1"


class Secret:
    """A key that never shows itself: its `repr` and `str` are `***`."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        """Keep a key, stripped of the newline that files and pipes put behind it.

        Raises:
            ValueError: it is empty or holds what no HTTP header can carry (the message has no
                part of it).
        """
        stripped = value.strip()
        if not stripped:
            raise ValueError("the key is empty")
        if not (stripped.isascii() and stripped.isprintable()) or " " in stripped:
            raise ValueError("the key holds characters that no key has (spaces, controls, umlauts)")
        self._value = stripped

    def __repr__(self) -> str:
        return "***"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._value == self._value

    def __hash__(self) -> int:
        return hash(self._value)

    def reveal(self) -> str:
        """The key itself, for the one header that carries it."""
        return self._value


class Source(msgspec.Struct, frozen=True):
    """Where a value came from."""

    kind: Literal["flag", "environment", "file", "default"]
    name: str = ""
    """The flag, the variable or the file."""
    line: int | None = None
    """Line of the file, from 1."""

    def __str__(self) -> str:
        if self.kind == "file" and self.line is not None:
            return f"{self.name}:{self.line}"
        return self.name or self.kind


DEFAULT_SOURCE = Source("default")


class KeySource(msgspec.Struct, frozen=True):
    """How a profile's key is to be had; obtaining it may take seconds."""

    kind: Literal["environment", "command", "keyring", "file"]
    source: Source
    """What said so."""
    name: str = ""
    """The variable, the user name in the keyring, or the file."""
    argv: tuple[str, ...] = ()
    """The command and its arguments; no shell sees them."""

    def __repr__(self) -> str:
        return f"KeySource({self})"

    @property
    def is_instant(self) -> bool:
        """Whether the key is there without a command or a keyring."""
        return self.kind in {"environment", "file"}

    def __str__(self) -> str:
        if self.kind == "command":
            # Arguments of a command can hold what is not for others to see.
            return f"key_command ({Path(self.argv[0]).name})"
        kind = "variable" if self.kind == "environment" else self.kind
        return f"{kind} {self.name}"


class RunnerRef(msgspec.Struct, frozen=True):
    """A runner known by its id, where the service does not list runners."""

    id: str
    name: str = ""


class Profile(msgspec.Struct, frozen=True):
    """One account or engine to watch, and how careful to be with it."""

    name: str = "default"
    api_url: str = DEFAULT_API_URL
    key: Secret | None = None
    project: str | None = None
    """Sent as X-Nodion-Project; a project key ignores it."""
    runners: tuple[RunnerRef, ...] = ()
    """The list to use where `/runners` is not answered."""
    color: str | None = None
    """What the title bar wears."""
    read_only: bool = False
    confirm_name: bool = False
    """Ask that the runner's name be typed before a stop."""
    allow_http: bool = False
    """Plain http to other machines than this one."""
    key_source: KeySource | None = None
    """How `with_key` fills `key`; None where no key is configured."""
    sources: Mapping[str, Source] = {}
    """Field name → where its value came from; what is missing here is a default."""

    def source(self, name: str) -> Source:
        """Where the value of a field came from."""
        return self.sources.get(name, DEFAULT_SOURCE)
