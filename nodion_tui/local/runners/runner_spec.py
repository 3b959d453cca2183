"""Definition of a runner: the documented fields and the environment of its jobs."""

import math
import uuid
from collections.abc import Mapping

import msgspec

from nodion_tui.local import payloads
from nodion_tui.model.runner import is_uuid
from nodion_tui.model.trigger import EnvVariable, Problems, TriggerRequest

_NAMESPACE = uuid.UUID("8f3f5b1e-9d0c-5c0e-8a55-6d1f0e6a7c11")

MAX_VARIABLE_BYTES = 131_071
"""`NAME=value`: Linux starts no program with a longer one (MAX_ARG_STRLEN, less the final NUL)."""


class InstanceSpec(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Size and price of a runner's container."""

    id: str = ""
    """Empty: derived from the slug, as for regions."""
    name: str = "Local"
    slug: str = "local"
    cpu: float = 1
    """Cores; limit of a container."""
    mem: int = 1024
    """MiB; limit of a container."""
    price_month: float = 0.0
    price_second: float = 0.0


class RegionSpec(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Region of a runner's containers."""

    id: str = ""
    status: str = "available"
    name: str = "This machine"
    slug: str = "local"


class RunnerSpec(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One `[[runners]]` of local.toml."""

    name: str
    id: str = ""
    """A UUID; empty: derived from the name, so stable across restarts."""
    status: str = "available"
    image_name: str = ""
    image_tag: str = "latest"
    run_command: str | None = None
    argv: tuple[str, ...] = ()
    entrypoint: str | None = None
    timeout_seconds: int = 3600
    env: dict[str, str] = {}
    """Environment of every run; overridden by the run's own variables."""
    workdir: str | None = None
    """Working directory of processes; None: a new empty folder. Containers have their own."""
    region: RegionSpec = RegionSpec()
    instance_type: InstanceSpec = InstanceSpec()

    @property
    def api_id(self) -> str:
        """Its id in the API."""
        return self.id or str(uuid.uuid5(_NAMESPACE, self.name))

    @property
    def image(self) -> str:
        """Image reference, `name:tag`."""
        return f"{self.image_name}:{self.image_tag}"

    def problems(self) -> Problems:
        """Return violations of documented limits by field; nested as `table.field`."""
        defaults = TriggerRequest(
            argv=self.argv or None,
            command=self.run_command,
            entrypoint=self.entrypoint,
            env_variables=tuple(EnvVariable(key, value) for key, value in self.env.items()),
        ).problems()
        problems: Problems = {
            _RUNNER_FIELDS.get(field, field): texts for field, texts in defaults.items()
        }
        if too_long := too_long_variables(self.env):
            problems["env"] = (*problems.get("env", ()), *too_long)
        for field, (is_valid, text) in self._limits().items():
            if not is_valid:
                problems[field] = (*problems.get(field, ()), text)
        return problems

    def _limits(self) -> dict[str, tuple[bool, str]]:
        """Return whether each limit is kept, and what it is."""
        size, command_length = self.instance_type, len(self.run_command or "")
        return {
            "name": (3 <= len(self.name) <= 50, "must be 3–50 characters"),
            "id": (not self.id or is_uuid(self.id), "must be a UUID"),
            "run_command": (command_length <= 1000, "must be at most 1,000 characters"),
            "timeout_seconds": (1 <= self.timeout_seconds <= 86_400, "must be 1–86,400"),
            "instance_type.cpu": (0.01 <= size.cpu <= 1024, "must be 0.01–1,024 cores"),
            # The minimum of Podman and Docker, and more than any machine has.
            "instance_type.mem": (6 <= size.mem <= 16_777_216, "must be 6–16,777,216 MiB"),
            "instance_type.price_month": (0 <= size.price_month < math.inf, "must be 0 or more"),
            "instance_type.price_second": (0 <= size.price_second < math.inf, "must be 0 or more"),
        }


def too_long_variables(env: Mapping[str, str]) -> tuple[str, ...]:
    """Say which variables no program can be started with, and how long they are."""
    sizes = {key: len(f"{key}={value}".encode(errors="replace")) for key, value in env.items()}
    return tuple(
        f"{key} has {size:,} bytes with its name, the system's limit is {MAX_VARIABLE_BYTES:,}"
        for key, size in sizes.items()
        if size > MAX_VARIABLE_BYTES
    )


_RUNNER_FIELDS = {"command": "run_command", "env_variables": "env"}


def runner_payload(spec: RunnerSpec, created_at: int, updated_at: int) -> dict[str, object]:
    """Return a runner in the format of the API.

    Args:
        spec: the runner.
        created_at: milliseconds since 1970, like `updated_at`.
        updated_at: last change of its definition.
    """
    return {
        "id": spec.api_id,
        "status": spec.status,
        "name": spec.name,
        "image_name": spec.image_name,
        "image_tag": spec.image_tag,
        "run_command": spec.run_command,
        "argv": list(spec.argv),
        "entrypoint": spec.entrypoint,
        "timeout_seconds": spec.timeout_seconds,
        "warmed_at": None,
        "created_at": payloads.timestamp(created_at),
        "updated_at": payloads.timestamp(updated_at),
        "region": _with_id(spec.region),
        "instance_type": _with_id(spec.instance_type),
        "container_registry": None,
    }


def _with_id(spec: RegionSpec | InstanceSpec) -> dict[str, object]:
    derived = str(uuid.uuid5(_NAMESPACE, f"{type(spec).__name__} {spec.slug}"))
    return {**msgspec.structs.asdict(spec), "id": spec.id or derived}
