"""A Docker daemon of the tests' own, in a swarm of one node, shared by all workers of pytest.

It lives in network, process and mount namespaces of its own: fixed ports of a swarm collide with
nothing, and no process or mount outlives it. A supervisor (this module as a program) ends it when
the last worker has released its lock, which the kernel does even for a worker that was killed.
"""

import contextlib
import fcntl
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec

from nodion_tui.local.execution.executors.create_flags import RUN_LABEL
from nodion_tui.local.runners.container_spec import ContainerSpec
from tests.support.containers import (
    PASSWORD,
    USER,
    call,
    image_archive,
    registry_config,
    skip_or_fail,
)

IMAGE_NAME = "localhost/nodion-docker-test"
"""An image that no registry has."""
REGISTRY = "127.0.0.1:5000"
"""A registry inside of the namespaces; needs USER and PASSWORD."""
PULLED_NAME = f"{REGISTRY}/test/pulled"
"""An image that only the registry has."""
START_SECONDS = 30
_PROGRAMS = ("dockerd", "docker", "containerd", "docker-registry", "unshare", "busybox")
_PATH = f"{os.environ.get('PATH', os.defpath)}:/usr/sbin:/sbin"
_SCRIPT = """
busybox ifconfig lo up || exit
docker-registry serve "$1/registry.yml" >"$1/registry.log" 2>&1 &
dockerd --iptables=false --ip6tables=false --bridge=none --storage-driver=vfs \
  --exec-opt native.cgroupdriver=cgroupfs --data-root "$1/data" --exec-root "$1/exec" \
  --pidfile "$1/pid" --host "unix://$1/socket" &
trap 'kill $!' TERM
while kill -0 $! 2>/dev/null; do wait $!; done
"""
"""Not `exec`: the first process of a process namespace has to reap the orphans of the others.

Not systemd's control groups: it would take process ids of this namespace for its own."""


@dataclass(frozen=True)
class Docker:
    """A working Docker with one image, `IMAGE_NAME`, and a swarm of one node."""

    settings: ContainerSpec

    def settings_of(self, executor: str) -> ContainerSpec:
        """Settings for an executor.

        A service of a swarm knows no network `none`; and what one worker's runs reserve of the
        processor would keep another's waiting.
        """
        if executor != "swarm":
            return self.settings
        run_args = ("--network", "host", "--reserve-cpu", "0.01")
        return msgspec.structs.replace(self.settings, run_args=run_args)

    def call(self, *arguments: str) -> str:
        return call(self.settings, *arguments)

    def service(self, run_id: str) -> str:
        """The id of a run's service."""
        return self.call("service", "ls", "--quiet", "--filter", f"label={RUN_LABEL}={run_id}")

    def containers(self, run_id: str) -> str:
        """The ids of a run's containers in any state, whether of a service or not."""
        return self.call("ps", "--all", "--quiet", "--filter", f"name=nodion-tui-{run_id}")


@contextlib.contextmanager
def shared_docker(folder: Path) -> Iterator[Docker]:
    """Provide the daemon, started by whoever comes first; skips with the reason if it cannot be.

    Args:
        folder: the same one for all workers.
    """
    if os.geteuid() != 0:
        skip_or_fail("only root can start a Docker daemon", required=False)
    for program in _PROGRAMS:
        if shutil.which(program, path=_PATH) is None:
            skip_or_fail(f"{program} is not installed")
    with (folder / "docker-users").open("w") as users, (folder / "docker-start").open("w") as start:
        fcntl.flock(start, fcntl.LOCK_EX)
        fcntl.flock(users, fcntl.LOCK_SH)  # waits while the supervisor ends the previous one
        home_file = folder / "docker-home"
        if not home_file.exists():
            home_file.write_text(_start(folder))
        fcntl.flock(start, fcntl.LOCK_UN)
        home = Path(home_file.read_text())
        if not (home / "ready").exists():
            problem = home / "problem"
            reason = problem.read_text() if problem.exists() else f"not within {START_SECONDS} s"
            skip_or_fail(f"dockerd did not start: {reason}", required=False)
        yield Docker(_settings(home))


def _settings(home: Path) -> ContainerSpec:
    return ContainerSpec(
        program=shutil.which("docker") or "docker",
        engine_args=("--host", f"unix://{home}/socket"),
        run_args=("--network", "none"),
        pull="missing",
    )


def _start(folder: Path) -> str:
    """Start the supervisor; returns the daemon's folder once it is usable or has failed."""
    # A socket's path has at most 107 bytes, and pytest's own folders are longer.
    home = Path(tempfile.mkdtemp(prefix="nd-"))
    module = (sys.executable, "-m", "tests.support.docker_daemon", str(home), str(folder))
    with (home / "log").open("w") as log:
        command = ("setsid", "--fork", *module)  # it outlives this worker
        subprocess.run(command, stderr=log, cwd=Path(__file__).parents[2], check=True)
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        if (home / "ready").exists() or (home / "problem").exists():
            break
        time.sleep(0.05)
    return str(home)


def _supervise(home: Path, folder: Path) -> None:
    """Run the daemon until no worker holds its lock any more."""
    namespaces = ("--net", "--pid", "--mount", "--mount-proc", "--fork", "--kill-child")
    command = ("unshare", *namespaces, "sh", "-c", _SCRIPT, "dockerd", str(home))
    environment = {**os.environ, "PATH": _PATH}
    registry_config(home, REGISTRY)
    with (
        (folder / "docker-users").open("w") as users,
        subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL) as daemon,
    ):
        try:
            problem = _problem(home, daemon)
            (home / "outcome").write_text(problem)
            (home / "outcome").rename(home / ("problem" if problem else "ready"))
            fcntl.flock(users, fcntl.LOCK_EX)
        finally:
            _end(daemon)
            (folder / "docker-home").unlink(missing_ok=True)
    shutil.rmtree(home, ignore_errors=True)


def _problem(home: Path, daemon: "subprocess.Popen[bytes]") -> str:
    """Prepare images and swarm as soon as the daemon answers; returns why that cannot be."""
    while not (home / "socket").exists():
        if daemon.poll() is not None:
            lines = (home / "log").read_text(errors="replace").splitlines()
            return lines[-1] if lines else "it says nothing"
        time.sleep(0.05)
    try:
        _prepare(_settings(home), home)
    except AssertionError as problem:
        return str(problem).strip()
    return ""


def _prepare(settings: ContainerSpec, home: Path) -> None:
    archive = image_archive(home / "image")
    for name, source in ((IMAGE_NAME, "image"), (PULLED_NAME, "registry")):
        change = f'CMD ["/bin/sh", "-c", "echo from the {source}"]'
        call(settings, "import", "--change", change, archive, f"{name}:latest")
    call(settings, "run", "--rm", *settings.run_args, IMAGE_NAME, "true")
    call(settings, "swarm", "init", "--advertise-addr", "127.0.0.1")
    _push(settings, home / "config")


def _push(settings: ContainerSpec, config: Path) -> None:
    """Move an image to the registry, with a login of its own."""
    logged_in = msgspec.structs.replace(
        settings, engine_args=(*settings.engine_args, "--config", str(config))
    )
    call(logged_in, "login", "--username", USER, "--password", PASSWORD, REGISTRY)
    call(logged_in, "push", PULLED_NAME)
    call(settings, "rmi", PULLED_NAME)


def _end(daemon: "subprocess.Popen[bytes]") -> None:
    """Stop the daemon; what is left in its namespace goes with their first process."""
    with contextlib.suppress(OSError, ValueError):
        children = Path(f"/proc/{daemon.pid}/task/{daemon.pid}/children").read_text().split()
        os.kill(int(children[0]), signal.SIGTERM)
    try:
        daemon.wait(timeout=15)
    except subprocess.TimeoutExpired:
        daemon.kill()
        daemon.wait()


if __name__ == "__main__":
    _supervise(Path(sys.argv[1]), Path(sys.argv[2]))
