"""Podman for the container tests: separate storage, a small image, a private registry."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from nodion_tui.local.runners.container_spec import ContainerSpec, RegistrySpec

REQUIRED = "REQUIRE_CONTAINERS"
"""Environment variable: if set, a missing Podman fails the test instead of skipping it."""
USER, PASSWORD = "ci", "registry-pass"
_HASH = "$2b$04$abcdefghijklmnopqrstuuZT9kc9sRod2mthFOG22CtgNrsQZP1VK"
"""bcrypt of PASSWORD, the only format that docker-registry accepts."""
_APPLETS = ("sh", "env", "printf", "sleep", "cat", "kill", "seq", "true", "id", "tr", "yes", "tee")
_RUN_ARGS = ("--network", "none", "--ulimit", "nofile=1024:1024", "--ulimit", "nproc=1000:1000")


@dataclass(frozen=True)
class Podman:
    """A working Podman and the image in its registry."""

    settings: ContainerSpec
    registry: str
    """Host and port; needs USER and PASSWORD."""
    image_name: str
    home: Path

    def call(self, *arguments: str) -> str:
        return call(self.settings, *arguments)


def registry_login(podman: Podman, folder: Path) -> RegistrySpec:
    """Return the login of its registry, with the password in a file."""
    return login_of(podman.registry, folder)


def login_of(host: str, folder: Path) -> RegistrySpec:
    """Return the login of a registry of the tests, with the password in a file."""
    password = folder / "password"
    password.write_text(f"{PASSWORD}\n")
    password.chmod(0o600)
    return RegistrySpec(host=host, username=USER, password_file=str(password))


def skip_or_fail(reason: str, *, required: bool = True) -> None:
    """Skip the test, or fail if containers must be tested and `required` does not except it."""
    if required and os.environ.get(REQUIRED):
        pytest.fail(f"containers must be tested here: {reason}")
    pytest.skip(f"container test: {reason}")


def call(settings: ContainerSpec, *arguments: str) -> str:
    command = [settings.program, *settings.engine_args, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, f"{arguments[0]}: {done.stderr}"
    return done.stdout.strip()


@contextlib.contextmanager
def working_podman(home: Path) -> Iterator[Podman]:
    """Provide Podman with all data in one folder, and a registry on loopback with one image."""
    for program in ("podman", "docker-registry", "busybox"):
        if shutil.which(program) is None:
            skip_or_fail(f"{program} is not installed")
    settings = _settings(home)
    local = "localhost/nodion-test:latest"
    _build(settings, home / "image", local)
    try:
        call(settings, "run", "--rm", *settings.run_args, "--memory", "64m", local, "true")
    except AssertionError as problem:
        skip_or_fail(f"podman cannot run a container: {problem}")
    with _registry(home) as host:
        image = f"{host}/test/tool"
        login = ("--creds", f"{USER}:{PASSWORD}", "--tls-verify=false")
        call(settings, "push", *login, local, f"{image}:latest")
        call(settings, "rmi", "--all", "--force")
        yield Podman(settings, host, image, home)


def _settings(home: Path) -> ContainerSpec:
    runc = shutil.which("runc") or shutil.which("runc", path="/usr/sbin:/usr/local/sbin")
    return ContainerSpec(
        program="podman",
        engine_args=(
            *(("--runtime", runc) if runc else ()),
            *("--storage-driver", "vfs"),
            *("--root", str(home / "root"), "--runroot", str(home / "run")),
        ),
        pull_args=("--tls-verify=false",),
        run_args=_RUN_ARGS,
    )


def _build(settings: ContainerSpec, folder: Path, name: str) -> None:
    change = 'CMD ["/bin/sh", "-c", "echo from the image"]'
    call(settings, "import", "--change", change, image_archive(folder), name)


def image_archive(folder: Path) -> str:
    """Make the root file system of the test image in a new folder, and a tar file beside it."""
    bin_folder = folder / "bin"
    bin_folder.mkdir(parents=True)
    (folder / "tmp").mkdir()
    shutil.copy(shutil.which("busybox") or "", bin_folder / "busybox")
    for applet in _APPLETS:
        (bin_folder / applet).symlink_to("busybox")
    script = bin_folder / "no-interpreter"
    script.write_text("#!/no/such -x\n")
    script.chmod(0o755)
    return shutil.make_archive(str(folder), "tar", folder)


@contextlib.contextmanager
def _registry(home: Path) -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        host = f"127.0.0.1:{probe.getsockname()[1]}"
    config = registry_config(home, host)
    command = ["docker-registry", "serve", str(config)]
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, stdout=quiet, stderr=quiet) as registry:
        try:
            _wait_for(host)
            yield host
        finally:
            registry.send_signal(signal.SIGTERM)


def registry_config(home: Path, host: str) -> Path:
    """Write the configuration of a registry that needs USER and PASSWORD."""
    (home / "htpasswd").write_text(f"{USER}:{_HASH}\n")
    config = home / "registry.yml"
    config.write_text(
        f"""version: 0.1
log: {{accesslog: {{disabled: true}}, level: error}}
storage: {{filesystem: {{rootdirectory: {home / "registry"}}}}}
http: {{addr: "{host}"}}
auth: {{htpasswd: {{realm: test, path: {home / "htpasswd"}}}}}
"""
    )
    return config


def _wait_for(host: str) -> None:
    name, _, port = host.partition(":")
    for _ in range(200):
        try:
            socket.create_connection((name, int(port)), timeout=1).close()
        except ConnectionRefusedError:
            time.sleep(0.05)
        else:
            return
    pytest.fail("docker-registry did not start")
