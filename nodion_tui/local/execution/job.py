"""What the engine asks of whatever executes a run."""

from dataclasses import dataclass
from typing import Protocol

from nodion_tui.local.execution.run_output import RunOutput
from nodion_tui.local.runners.runner_spec import RunnerSpec


@dataclass(frozen=True, slots=True)
class JobSpec:
    """What is to be executed: runner defaults and the run's overrides already joined."""

    run_number: int
    """The run's number in the data folder."""
    run_id: str
    runner: RunnerSpec
    argv: tuple[str, ...]
    """Exec form: argv, or `sh -c` with the command; empty where the image decides."""
    entrypoint: tuple[str, ...]
    """Comes in front of argv; empty: none."""
    env: dict[str, str]
    """The runner's environment with the run's overrides."""


class StartFailed(Exception):
    """The job could not be started; the message is for the run's public log."""

    def __init__(self, message: str, exit_code: int | None = None) -> None:
        super().__init__(message)
        self.exit_code = exit_code


class Job(Protocol):
    """Something that was started."""

    async def wait(self) -> int:
        """Its exit code (128 + n after signal n), when all its output is in the log."""

    async def terminate(self) -> None:
        """Ask everything it started to end (SIGTERM)."""

    async def kill(self) -> None:
        """End everything it started (SIGKILL)."""


class Executor(Protocol):
    """A way to execute runs on this machine."""

    async def recover(self) -> None:
        """End what an engine that died left behind, before anything is started."""

    async def prepare(self, spec: JobSpec, output: RunOutput) -> None:
        """What a job needs before its start, such as its image; may be cancelled.

        Raises:
            StartFailed: there is no way to start it.
        """

    async def start(self, spec: JobSpec, output: RunOutput) -> Job:
        """Start it; may be cancelled, and then nothing of it is left.

        Raises:
            StartFailed: it could not be executed (127: not found, 126: not executable).
        """
