"""A runner: a container job definition, as the API sends it."""

from datetime import datetime

import msgspec


class Region(msgspec.Struct, frozen=True, kw_only=True):
    """Where a runner's containers are started."""

    name: str = ""
    slug: str = ""


class InstanceType(msgspec.Struct, frozen=True, kw_only=True):
    """The size of a runner's container and what it costs."""

    name: str = ""
    slug: str = ""
    cpu: float = 0
    """Cores."""
    mem: int = 0
    """MiB."""
    price_second: float | None = None
    """Times a run's duration: what the run cost."""


class Runner(msgspec.Struct, frozen=True, kw_only=True):
    """A job definition: image, default command, size and time-out.

    Only `id` must be there: older answers leave keys out, and a runner known by id alone
    (NODION_RUNNERS) has nothing else.
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
        """The name, or the start of the id where there is none."""
        return self.name or short_id(self.id)

    @property
    def image(self) -> str:
        """`name:tag` as a registry writes it; empty if unknown."""
        return f"{self.image_name}:{self.image_tag}" if self.image_tag else self.image_name


def short_id(identifier: str) -> str:
    """The first eight characters, enough to tell ids apart on a screen."""
    return identifier[:8]
