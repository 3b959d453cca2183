"""Settings of the embedded engine, with the defaults of `serve`."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from nodion_tui.config import Secret
from nodion_tui.local.runners.container_spec import ContainerSpec, RegistrySpec
from nodion_tui.local.runners.runner_spec import RunnerSpec

ExecutorName = Literal["process", "podman", "docker", "swarm"]


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineSettings:
    """Settings of an engine; immutable while it runs."""

    data_dir: Path | None = None
    """Folder for runs and logs; None: a temporary folder, removed on exit."""
    host: str = "127.0.0.1"
    """Address to listen on; anything but loopback must be requested explicitly."""
    port: int = 0
    """Port to listen on; 0: any free port."""
    key: Secret | None = None
    """Key that clients must send; None: the key in the data folder, created at first start."""
    read_key: Secret | None = None
    """Second key with the scope `read` only: trigger and stop answer 403.

    None: derived from `key`."""

    executor: ExecutorName = "process"
    runners: tuple[RunnerSpec, ...] | None = None
    """Runners to serve; None: those of `runners_file`, or the demo runners without a file."""
    runners_file: Path | None = None
    """Path of local.toml, which is reloaded when it changes."""
    demo: Literal["past", "live"] | None = None
    """Serve the runners of the demo with a week of history; `live`: new runs are triggered too.

    Needs a data folder without runs, and the executor `process`."""
    container: ContainerSpec = field(default_factory=ContainerSpec)
    """Container settings, if there is no `runners_file`."""
    registries: tuple[RegistrySpec, ...] = ()
    """Registry logins, if there is no `runners_file`."""
    max_running: int = 8
    """Maximum number of concurrent runs; further runs wait as `pending`."""
    stop_seconds: float = 10.0
    """Time from SIGTERM to SIGKILL."""
    shutdown_seconds: float = 2.0
    """Time from SIGTERM to SIGKILL when the engine shuts down."""

    page_size: int = 1000
    """Maximum number of lines in one response of `GET logs`."""
    ping_seconds: float = 15.0
    """Interval of the `: ping` comments in a stream."""
    stream_from: Literal["first", "now"] = "first"
    """Where a stream without `after_id` starts; the API reference does not define it."""
    stream_accept: Literal["required", "any"] = "required"
    """Whether the stream answers 406 unless `Accept` names text/event-stream, as the API reference
    requires. `any`: as a service would that does not check it."""
    empty_argv: Literal["absent", "given"] = "absent"
    """How `argv: []` beside a `command` is read; the API reference does not define it.

    It is absent, because the reference's own answers have both keys. `given`: both were sent, which
    is refused."""
    list_runners: bool = True
    """False: `/runners` answers 404, as a service without runner endpoints would."""
    requests_per_minute: int | None = None
    """Rate limit; requests beyond it get 429 and Retry-After. None: no limit."""
    max_body_bytes: int = 1_048_576
    middleware: Callable[[Any], Any] | None = None
    """Wraps the ASGI application, so that tests can inject faults."""

    max_line_bytes: int = 65_536
    """Maximum length of a line; longer lines are split."""
    flush_seconds: float = 1.0
    """How long output without a newline is buffered before it becomes a line."""
    keep_logs_seconds: float | None = None
    """How long a log is kept after the end of its run; None: for ever."""
    max_log_bytes: int = 1 << 30
    """Maximum output kept per run; further output is counted and discarded."""
