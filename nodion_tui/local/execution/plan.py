"""What a run executes: the runner's defaults with the run's overrides (API reference)."""

import shlex

from nodion_tui.local.execution.job import JobSpec
from nodion_tui.local.runners.runner_spec import RunnerSpec
from nodion_tui.local.storage.run_row import RunRow


def plan(run: RunRow, runner: RunnerSpec) -> JobSpec:
    """Join a run with its runner.

    argv or command of the run replace those of the runner as a whole; the entrypoint is replaced
    on its own; the environment is joined, the run's variables winning.
    """
    entrypoint = runner.entrypoint if run.entrypoint is None else run.entrypoint
    return JobSpec(
        run=run.number,
        run_id=run.id,
        runner=runner,
        argv=_argv(run.argv, run.command) or _argv(runner.argv, runner.run_command),
        entrypoint=_entrypoint(entrypoint or ""),
        env=runner.env | run.env,
    )


def _argv(argv: tuple[str, ...], command: str | None) -> tuple[str, ...]:
    if argv:
        return argv
    return ("sh", "-c", command) if command else ()


def _entrypoint(text: str) -> tuple[str, ...]:
    """Words as a shell would read them; text that no shell could read is one word."""
    try:
        return tuple(shlex.split(text))
    except ValueError:
        return (text,)
