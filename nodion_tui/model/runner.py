"""A runner: the definition of a container job."""

import re
from datetime import datetime, timedelta
from fnmatch import fnmatchcase

import msgspec

_UUID = r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
_UUID_LENGTH = 36


class Region(msgspec.Struct, frozen=True, kw_only=True):
    """Region in which a runner's containers run."""

    name: str = ""
    slug: str = ""


class InstanceType(msgspec.Struct, frozen=True, kw_only=True):
    """Size and price of a runner's container."""

    name: str = ""
    slug: str = ""
    cpu: float = 0
    """Cores."""
    mem: int = 0
    """MiB."""
    price_second: float | None = None
    """Price per second of a run's duration."""


class Runner(msgspec.Struct, frozen=True, kw_only=True):
    """A job definition: image, default command, size and time-out.

    Only `id` is required: older responses omit keys, and a runner from NODION_RUNNERS has an id
    only.
    """

    id: str
    name: str = ""
    status: str = ""
    image_name: str = ""
    image_tag: str = ""
    run_command: str | None = None
    """Default shell command, run as `sh -c`; excludes `argv`."""
    argv: tuple[str, ...] = ()
    """Default argv in exec form."""
    entrypoint: str | None = None
    timeout_seconds: int | None = None
    warmed_at: datetime | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None
    region: Region | None = None
    instance_type: InstanceType | None = None

    @property
    def label(self) -> str:
        """The name, or the short id if there is none."""
        return self.name or short_id(self.id)

    @property
    def time_limit(self) -> timedelta | None:
        """How long a run may take; None if that is not known."""
        seconds = self.timeout_seconds
        return timedelta(seconds=seconds) if seconds and seconds > 0 else None

    @property
    def image(self) -> str:
        """Image reference `name:tag`; empty if unknown."""
        tag = f":{self.image_tag}" if self.image_name and self.image_tag else ""
        return f"{self.image_name}{tag}"


def unknown_runner(_runner_id: str) -> None:
    """Stands in where a function returns what is known of a runner: nothing is."""


def matches_runner(pattern: str, runner_id: str, name: str) -> bool:
    """Whether a pattern matches a runner's name or id: `*` any text, `?` any character.

    Upper and lower case are the same.
    """
    # Nothing else is a wildcard: a runner may be called `[prod] backup`.
    folded = pattern.casefold().replace("[", "[[]")
    return fnmatchcase(name.casefold(), folded) or fnmatchcase(runner_id.casefold(), folded)


def short_id(identifier: str) -> str:
    """The first eight characters, enough to distinguish ids on a screen."""
    return identifier[:8]


def is_uuid(identifier: str) -> bool:
    """Whether this is a whole UUID, as all ids of the service are."""
    return len(identifier) == _UUID_LENGTH and bool(re.fullmatch(_UUID, identifier))
