"""How an embedded engine is set up; each value with the default that `serve` has."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from nodion_tui.local.runners.container_spec import ContainerSpec, RegistrySpec

if TYPE_CHECKING:
    from nodion_tui.config import Secret
    from nodion_tui.local.fault_injection import Fault
    from nodion_tui.local.runners.runner_spec import RunnerSpec

ExecutorName = Literal["process", "podman", "docker"]

_DEFAULTS = ContainerSpec()


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineSettings:
    """Everything that can be told to an engine; it changes nothing of it while it runs."""

    data_dir: Path | None = None
    """Where runs and logs are kept; None: a temporary folder, removed at the end."""
    host: str = "127.0.0.1"
    """Address to listen on; anything but loopback is the caller's explicit wish."""
    port: int = 0
    """0 takes a free one."""
    key: "Secret | None" = None
    """The key to ask for; None: the one kept in the data folder, made at the first start."""
    read_key: "Secret | None" = None
    """A second key with the scope `read` alone: trigger and stop answer 403.

    None: one that is made from the other."""

    executor: ExecutorName = "process"
    runners: "tuple[RunnerSpec, ...] | None" = None
    """The runners to serve; None: those of `runners_file`, or the demo ones without a file."""
    runners_file: Path | None = None
    """local.toml, read again when it changes."""
    container: ContainerSpec = _DEFAULTS
    """How containers are made, where no `runners_file` says it."""
    registries: tuple[RegistrySpec, ...] = ()
    """Logins for images, where no `runners_file` says it."""
    max_running: int = 8
    """Runs that execute at once; more of them wait as `pending`."""
    stop_seconds: float = 10.0
    """From SIGTERM to SIGKILL."""
    shutdown_seconds: float = 2.0
    """The same when the engine itself goes."""

    page_size: int = 1000
    """Lines in one answer of `GET logs` at most."""
    ping_seconds: float = 15.0
    """Between two `: ping` comments of a stream."""
    stream_from: Literal["first", "now"] = "first"
    """Where a stream without `after_id` starts; the reference does not say."""
    list_runners: bool = True
    """False: `/runners` answers 404, as a service that knows runs alone would."""
    requests_per_minute: int | None = None
    """More are answered with 429 and Retry-After; None: no limit."""
    max_body_bytes: int = 1_048_576
    fault: "Callable[[str, str], Fault | None] | None" = None
    """Asked with method and path of each request: a fault to answer with, for tests."""

    max_line_bytes: int = 65_536
    """A longer line is cut in pieces."""
    flush_seconds: float = 1.0
    """How long output without a newline waits before it becomes a line."""
    max_log_bytes: int = 1 << 30
    """Output of one run that is kept; what comes after it is counted and let go."""
