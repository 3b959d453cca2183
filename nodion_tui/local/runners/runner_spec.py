"""A runner as the engine defines it: the documented fields and the environment of its jobs."""

import math
import uuid

import msgspec

from nodion_tui.local import payloads
from nodion_tui.model.trigger import EnvVariable, Problems, TriggerRequest

_NAMESPACE = uuid.UUID("8f3f5b1e-9d0c-5c0e-8a55-6d1f0e6a7c11")
MAX_TIMEOUT_SECONDS = 86_400
MAX_RUN_COMMAND_CHARACTERS = 1000
MIN_CPU, MAX_CPU = 0.01, 1024
MIN_MEM, MAX_MEM = 6, 1 << 24
"""What Podman and Docker take at least, and more than any machine has."""


class InstanceSpec(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How large a runner's container is and what it would cost."""

    id: str = ""
    """Empty: one derived from the slug, as with a region's."""
    name: str = "Local"
    slug: str = "local"
    cpu: float = 1
    """Cores; a container may not use more."""
    mem: int = 1024
    """MiB; a container may not use more."""
    price_month: float = 0.0
    price_second: float = 0.0

    def problems(self) -> list[tuple[str, str]]:
        """Fields and what is wrong with them."""
        rules = {
            "cpu": (MIN_CPU <= self.cpu <= MAX_CPU, f"{MIN_CPU} to {MAX_CPU:,} cores"),
            "mem": (MIN_MEM <= self.mem <= MAX_MEM, f"{MIN_MEM} to {MAX_MEM:,} MiB"),
            "price_month": (0 <= self.price_month < math.inf, "0 or more"),
            "price_second": (0 <= self.price_second < math.inf, "0 or more"),
        }
        return [(field, text) for field, (is_valid, text) in rules.items() if not is_valid]


class RegionSpec(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where a runner's containers would be started."""

    id: str = ""
    status: str = "available"
    name: str = "This machine"
    slug: str = "local"


class RunnerSpec(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One `[[runners]]` of local.toml."""

    name: str
    id: str = ""
    """A UUID; empty: one derived from the name, the same at every start."""
    status: str = "available"
    image_name: str = ""
    image_tag: str = "latest"
    run_command: str | None = None
    argv: tuple[str, ...] = ()
    entrypoint: str | None = None
    timeout_seconds: int = 3600
    env: dict[str, str] = {}
    """Environment of every run; a run's own variables override it."""
    workdir: str | None = None
    """Where processes start; None: an empty folder of the run's own. Containers have their own."""
    region: RegionSpec = RegionSpec()
    instance_type: InstanceSpec = InstanceSpec()

    @property
    def api_id(self) -> str:
        """Its id as the API names it."""
        return self.id or str(uuid.uuid5(_NAMESPACE, self.name))

    @property
    def image(self) -> str:
        """`name:tag`, as a registry has it."""
        return f"{self.image_name}:{self.image_tag}"

    def problems(self) -> Problems:
        """What breaks a documented limit, by field; one of a table is `table.field`."""
        defaults = TriggerRequest(
            argv=self.argv or None,
            command=self.run_command,
            entrypoint=self.entrypoint,
            env_variables=tuple(EnvVariable(key, value) for key, value in self.env.items()),
        ).problems()
        problems: Problems = {
            _RUNNER_FIELDS.get(field, field): texts for field, texts in defaults.items()
        }
        for field, text in self._runner_problems():
            problems[field] = (*problems.get(field, ()), text)
        return problems

    def _runner_problems(self) -> list[tuple[str, str]]:
        problems = []
        if not 3 <= len(self.name) <= 50:
            problems.append(("name", "3 to 50 characters"))
        if self.id and not _is_uuid(self.id):
            problems.append(("id", "not a UUID"))
        if len(self.run_command or "") > MAX_RUN_COMMAND_CHARACTERS:
            problems.append(("run_command", f"at most {MAX_RUN_COMMAND_CHARACTERS:,} characters"))
        if not 1 <= self.timeout_seconds <= MAX_TIMEOUT_SECONDS:
            problems.append(("timeout_seconds", f"1 to {MAX_TIMEOUT_SECONDS:,}"))
        instance_problems = self.instance_type.problems()
        return problems + [(f"instance_type.{field}", text) for field, text in instance_problems]


_RUNNER_FIELDS = {"command": "run_command", "env_variables": "env"}


def runner_payload(spec: RunnerSpec, created_at: int, updated_at: int) -> dict[str, object]:
    """A runner as the API answers it.

    Args:
        spec: what it is.
        created_at: milliseconds since 1970, as is `updated_at`.
        updated_at: when its definition last changed.
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


def _is_uuid(text: str) -> bool:
    try:
        return str(uuid.UUID(text)) == text.lower()
    except ValueError:
        return False
