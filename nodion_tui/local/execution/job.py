"""Interface between the engine and the executors of runs."""

from dataclasses import dataclass
from typing import Protocol

from nodion_tui.local.execution.run_output import RunOutput
from nodion_tui.local.runners.runner_spec import RunnerSpec, too_long_variables


@dataclass(frozen=True, slots=True)
class JobSpec:
    """What to execute: runner defaults merged with the run's overrides."""

    run_number: int
    """The run's number in the data folder."""
    run_id: str
    runner: RunnerSpec
    argv: tuple[str, ...]
    """Exec form: argv, or `sh -c` with the command; empty: the image's own command."""
    entrypoint: tuple[str, ...]
    """Prepended to argv; empty: none."""
    env: dict[str, str]
    """The runner's environment with the run's overrides."""

    @property
    def program(self) -> str | None:
        """The file to execute, unless an image has an entrypoint; None: the image's command."""
        return next(iter((*self.entrypoint, *self.argv)), None)

    def check(self) -> None:
        """Find what no executor can execute, before anything is fetched for it.

        Raises:
            StartFailed: the entrypoint has no name, or a variable is longer than Linux allows.
        """
        # Docker and Podman take such an entrypoint for none. An empty first word of argv is an
        # argument if the image has an entrypoint.
        if self.entrypoint and not self.entrypoint[0]:
            raise StartFailed("exec: '': not found", 127)
        if problems := too_long_variables(self.env):
            raise StartFailed(f"The environment is refused: {'; '.join(problems)}", 126)


class StartFailed(Exception):
    """The job could not be started; the message is for the run's public log."""

    def __init__(self, message: str, exit_code: int | None = None) -> None:
        super().__init__(message)
        self.exit_code = exit_code


class Job(Protocol):
    """A started job."""

    async def wait(self) -> int:
        """Return its exit code (128 + n after signal n) once all its output is in the log."""

    async def terminate(self) -> None:
        """Ask it to end: SIGTERM, or a container's own stop signal, once to each process."""

    async def kill(self) -> None:
        """Send SIGKILL to all its processes."""


class Executor(Protocol):
    """A way to execute runs."""

    async def recover(self) -> None:
        """End the jobs of a crashed engine; called before any job is started."""

    async def prepare(self, spec: JobSpec, output: RunOutput) -> None:
        """Fetch what a job needs, such as its image; may be cancelled.

        Raises:
            StartFailed: the job cannot be started.
        """

    async def start(self, spec: JobSpec, output: RunOutput) -> Job:
        """Start a job; if cancelled, nothing of the job remains.

        Raises:
            StartFailed: it could not be executed (127: not found, 126: not executable, 125: the
                executor itself failed).
        """
