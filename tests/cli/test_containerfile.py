"""The Containerfile makes an engine that is not root and keeps its runs in a volume."""

import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.cli.conftest import Cli
from tests.support.containers import Podman

pytestmark = pytest.mark.container
ROOT = Path(__file__).parents[2]
IMAGE, BASE = "localhost/nodion-engine", "localhost/nodion-base"
PACKAGES = [path for path in sys.path if Path(path).name == "site-packages"]


def on_this_machine() -> list[str]:
    """Options that give a container this machine's programs, Python and packages."""
    folders = dict.fromkeys(["/usr", sys.base_prefix, *PACKAGES])
    mounts = [path for path in folders if path == "/usr" or not path.startswith("/usr/")]
    limits = ("--ulimit", "nofile=1024:1024", "--ulimit", "nproc=1000:1000")
    return [*limits, *(f"--volume={path}:{path}:ro" for path in mounts)]


def make_base(podman: Podman, folder: Path) -> None:
    """Import a stand-in for an image of Python, which no registry is asked for.

    It has nothing itself: programs, Python and packages are mounted.
    """
    folder.mkdir()
    for name in ("bin", "sbin", "lib", "lib64"):
        (folder / name).symlink_to(f"usr/{name}")
    for name in ("usr", "tmp", "etc"):
        (folder / name).mkdir()
    (folder / "tmp").chmod(0o1777)
    variables = {
        "PATH": f"{sys.base_prefix}/bin:/usr/bin:/bin",
        "PYTHONPATH": ":".join(PACKAGES),
        "PIP_NO_INDEX": "1",
        "PIP_NO_BUILD_ISOLATION": "0",  # pip reads the variable the wrong way round
    }
    changes = [f"--change=ENV {name}={value}" for name, value in variables.items()]
    podman.call("import", *changes, shutil.make_archive(str(folder), "tar", folder), BASE)


@contextmanager
def engine_in_container(podman: Podman) -> Iterator[tuple[subprocess.Popen[str], str, str]]:
    """Run the image as README does; yields the process of podman, the engine's URL and its key."""
    name = "nodion-engine"
    words = f"run --rm --init --name {name} --network host --volume {name}:/data".split()
    command = [podman.settings.program, *podman.settings.engine_args, *words, *on_this_machine()]
    command += [IMAGE, "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            url = process.stdout.readline().removeprefix("listening on ").strip()
            assert process.stdout.readline() == "key file: /data/engine/key\n"
            assert podman.call("exec", name, "id", "-u") == "1000"
            yield process, url, podman.call("exec", name, "cat", "/data/engine/key")
        finally:
            process.send_signal(signal.SIGTERM)


async def test_the_containerfile_makes_an_engine_whose_volume_outlives_it(
    podman: Podman, tmp_path: Path
) -> None:
    make_base(podman, tmp_path / "base")
    words = f"build --layers=false --network none --build-arg BASE={BASE} --tag {IMAGE}".split()
    file = ROOT / ".packaging" / "Containerfile"
    podman.call(*words, *on_this_machine(), "--file", str(file), str(ROOT))
    with engine_in_container(podman) as (process, url, key):
        first = Cli(tmp_path, url, key)
        done = await first("trigger", "Environment check", "--follow", "--env", "VERBOSE=yes")
    with engine_in_container(podman) as (_, url, same_key):
        runs = await Cli(tmp_path, url, same_key)("runs", "Environment check")
    assert (done.code, done.lines[-1]) == (0, "done by sh -c")
    assert process.returncode == 128 + signal.SIGTERM
    assert same_key == key
    assert [row[1] for row in runs.rows] == ["succeeded"]
