"""Fixtures that several rooms share: an engine of one's own, and what is needed to reach it."""

import gc
import os
import signal
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

from nodion_tui.config import Profile
from nodion_tui.local.engine_settings import EngineSettings
from nodion_tui.local.http.server import EngineServer
from nodion_tui.local.runners.runner_spec import RunnerSpec
from nodion_tui.ui.terminal.plain_textual import PLAIN_VARIABLE, plain_textual
from tests.support.containers import Podman, working_podman
from tests.support.docker_daemon import Docker, shared_docker
from tests.support.forks import Forks
from tests.support.seen_terminal import SeenDriver
from tests.support.shared_css import share_parsed_css

if TYPE_CHECKING:
    from nodion_tui.api.client import NodionClient


collect_ignore = (
    [
        "test_counted_work.py",
        "ui/dashboard/lists/test_cursor_list.py",
        "ui/terminal/test_compositor.py",
        "ui/terminal/test_key_first.py",
        "ui/terminal/test_screen_diff.py",
    ]
    if plain_textual()
    else []
)
"""They import `ui.terminal.inside`, which a Textual that is not tested may not allow."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what holds only where our own compositor and driver are used."""
    if plain_textual():
        for item in items:
            if mark := item.get_closest_marker("own_textual"):
                item.add_marker(pytest.mark.skip(reason=f"on a plain Textual: {mark.args[0]}"))


def pytest_xdist_auto_num_workers() -> int:
    """Two more than there are cores: a test waits for processes and sockets much of its time."""
    return (os.cpu_count() or 1) + 2


def pytest_configure() -> None:
    """Look for garbage less often: a run of thousands of tests holds much that is none.

    Parse each style sheet once. Let generated examples take their time: a busy machine may stand
    still within one. And have signals mean what they mean in a shell: programs that are started
    inherit that they are ignored, as they are under `nohup` and in the background of a script.
    """
    for number in (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT):
        if signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, signal.SIG_DFL)
    gc.set_threshold(50_000, 20, 50)
    share_parsed_css()
    settings.register_profile(
        "patient", deadline=None, suppress_health_check=[HealthCheck.too_slow]
    )
    settings.load_profile("patient")


TEST_RUNNERS = (
    RunnerSpec(name="Hello", image_name="test/hello", run_command="echo one; echo two; echo three"),
    RunnerSpec(name="Failing", image_name="test/failing", run_command="echo oops >&2; exit 3"),
    RunnerSpec(
        name="Until stopped",
        image_name="test/until-stopped",
        run_command="echo ready; while :; do sleep 0.05; echo tick; done",
    ),
    RunnerSpec(
        name="Chatty",
        image_name="test/chatty",
        run_command="i=0; while [ $i -lt 2000 ]; do i=$((i+1)); echo line $i; done",
    ),
    RunnerSpec(
        name="Environment",
        image_name="test/environment",
        argv=("env",),
        env={"BACKUP_TARGET": "s3://default", "VERBOSE": "false"},
    ),
)
"""Fast jobs that need nothing but a POSIX shell; found by their names."""


@pytest.fixture(autouse=True)
def seen_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Apps under Pilot have a terminal that shows what they send."""
    monkeypatch.setattr("textual.drivers.headless_driver.HeadlessDriver", SeenDriver)


@pytest.fixture(params=["0", "1"], ids=["own", "plain"])
def either_textual(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Programs in a pty use our compositor and driver, then those of Textual."""
    if request.param == "0" and plain_textual():
        pytest.skip("the whole run is on a plain Textual")
    monkeypatch.setenv(PLAIN_VARIABLE, request.param)


@pytest.fixture(scope="session")
def podman() -> Iterator[Podman]:
    """A working Podman with a registry; skips with the reason where there is none."""
    # Podman takes no path of more than 50 characters, and pytest's own are longer.
    with (
        tempfile.TemporaryDirectory(prefix="np-", ignore_cleanup_errors=True) as home,
        working_podman(Path(home)) as working,
    ):
        yield working


@pytest.fixture(scope="session")
def docker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Docker]:
    """A Docker daemon with an image and a swarm; skips with the reason where there is none."""
    base = tmp_path_factory.getbasetemp()
    with shared_docker(base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) as working:
        yield working


@pytest.fixture(scope="session")
def forks() -> Iterator[Forks]:
    """The imported program, of which each command is a fork."""
    with Forks() as running:
        yield running


@pytest.fixture
def engine_settings(tmp_path: Path) -> EngineSettings:
    """How `engine` is set up; a test module overrides it with its own fixture of this name."""
    return EngineSettings(data_dir=tmp_path / "engine", runners=TEST_RUNNERS)


@pytest.fixture
async def engine(engine_settings: EngineSettings) -> AsyncIterator[EngineServer]:
    """An embedded engine on a free port of loopback, in the test's own event loop."""
    async with EngineServer(engine_settings) as server:
        yield server


@pytest.fixture
def profile(engine: EngineServer) -> Profile:
    """A profile that points at `engine`."""
    return Profile(name="test", api_url=engine.url, key=engine.key)


@pytest.fixture
async def client(profile: Profile) -> "AsyncIterator[NodionClient]":
    """Our own client, connected to `engine`."""
    from nodion_tui.api.client import NodionClient

    connected = NodionClient(profile)
    yield connected
    await connected.aclose()


@pytest.fixture
def runner_id() -> Callable[[str], str]:
    """The id of a test runner by its name."""
    return {spec.name: spec.api_id for spec in TEST_RUNNERS}.__getitem__
