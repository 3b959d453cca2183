"""Demo runners: jobs worth watching that need only Python.

Their scripts are copied into the folder of each run and removed with it.
"""

import os
import shlex
import sys
from importlib import resources
from pathlib import Path

from nodion_tui.local.runners.runner_spec import InstanceSpec, RunnerSpec

_SMALL = InstanceSpec(name="Standard S", slug="standard-s", price_month=5.0, price_second=1.9e-6)
_LARGE = InstanceSpec(
    name="Standard L", slug="standard-l", cpu=2, mem=4096, price_month=20.0, price_second=7.6e-6
)


def demo_runners() -> tuple[RunnerSpec, ...]:
    """Return the demo runners; `install_demo_scripts` prepares the folders of their runs."""
    return tuple(
        RunnerSpec(
            name=name,
            image_name=f"nodion-demo/{image}",
            argv=argv,
            run_command=command,
            env={"PYTHONUNBUFFERED": "1", **env},
            timeout_seconds=timeout,
            instance_type=size,
        )
        for name, image, argv, command, env, timeout, size in _DEMO_RUNNERS
    )


def demo_container_runners() -> tuple[RunnerSpec, ...]:
    """Return demo runners for Podman and Docker: one small public image and a shell."""
    return tuple(
        RunnerSpec(name=name, image_name="docker.io/library/busybox", run_command=command)
        for name, command in (
            ("Count to thirty", "for i in $(seq 30); do echo step $i of 30; sleep 0.5; done"),
            ("Chatty", "seq -f 'exported row %.0f of 100000' 100000"),
            ("Fails", "echo about to fail; sleep 1; echo it did >&2; exit 3"),
            ("Until stopped", "while :; do date; sleep 1; done"),
            ("Environment", "env | sort"),
        )
    )


_DEMO_RUNNERS: tuple[
    tuple[str, str, tuple[str, ...], str | None, dict[str, str], int, InstanceSpec], ...
] = (
    ("Database migration", "migrate", ("python", "migrate.py"), None, {}, 3600, _SMALL),
    ("Flaky import", "import", ("python", "flaky.py"), None, {}, 600, _SMALL),
    ("Chatty export", "export", ("python", "chatty.py", "100000"), None, {}, 3600, _LARGE),
    ("Test suite in colour", "tests", ("python", "colours.py"), None, {}, 900, _SMALL),
    ("Queue worker", "worker", ("python", "worker.py"), None, {}, 86_400, _LARGE),
    (
        "Environment check",
        "env",
        (),
        "python environment.py && echo 'done by sh -c'",
        {"BACKUP_TARGET": "s3://my-bucket/backups", "VERBOSE": "false"},
        60,
        _SMALL,
    ),
)


def install_demo_scripts(folder: Path) -> dict[str, str]:
    """Copy the demo scripts into a run's new folder; returns the variables for its job.

    `python` is the interpreter that runs nodion-tui itself.

    Raises:
        OSError: the scripts cannot be written.
    """
    for script in resources.files("nodion_tui.local.demo_jobs").iterdir():
        if script.name.endswith(".py") and script.name != "__init__.py":
            (folder / script.name).write_bytes(script.read_bytes())
    bin_folder = folder / "bin"
    bin_folder.mkdir(mode=0o700)
    python = bin_folder / "python"
    python.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} "$@"\n')
    python.chmod(0o700)
    return {"PATH": os.pathsep.join([str(bin_folder), os.environ.get("PATH", os.defpath)])}
