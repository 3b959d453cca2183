"""Fixtures: dialogs in a small app, and the whole app against a real engine."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

import pytest
from textual.screen import ModalScreen

from nodion_tui.api.client import NodionClient
from nodion_tui.config import Profile, Secret
from nodion_tui.local.engine_settings import EngineSettings
from nodion_tui.model.run import Run, RunRecord
from nodion_tui.model.runner import Runner
from nodion_tui.model.trigger import TriggerRequest
from nodion_tui.model.trigger_draft import TriggerDraft
from nodion_tui.ui.dashboard.screen import DashboardScreen
from nodion_tui.ui.trigger.dialog import TriggerDialog
from tests.support.dialogs import DialogApp, DialogStage, OpenDialog
from tests.support.faulty_engine import Fault, with_faults
from tests.support.onscreen import OnScreen, on_screen
from tests.support.trigger_form import Make, trigger_form


@dataclass
class Faults:
    """Faults that the engine injects, by the start of method and path."""

    by_start: dict[str, Fault] = field(default_factory=dict)

    def __call__(self, method: str, path: str) -> Fault | None:
        asked = f"{method} {path.removeprefix('/v1')}"
        return next((f for start, f in self.by_start.items() if asked.startswith(start)), None)


class Board(OnScreen):
    """The dashboard on a virtual screen."""

    @property
    def dashboard(self) -> DashboardScreen:
        return self.app.dashboard

    async def select_runner(self, name: str) -> None:
        """Select a runner."""
        runners = self.dashboard.lists.runners
        await self.until(lambda: any(each.label == name for each in runners.items), name)
        runners.select(next(each.id for each in runners.items if each.label == name))
        await self.until(lambda: f"Runs · {name}" in self.text, f"runs of {name}")


Open = Callable[..., AbstractAsyncContextManager[Board]]


class Start(Protocol):
    """Starts a run of the runner that has a name."""

    def __call__(self, runner: str, request: TriggerRequest = ..., /) -> Awaitable[Run]: ...


@pytest.fixture
def faults() -> Faults:
    return Faults()


@pytest.fixture
def engine_settings(engine_settings: EngineSettings, faults: Faults) -> EngineSettings:
    return with_faults(engine_settings, faults, stop_seconds=0.5)


@asynccontextmanager
async def board(
    profile: Profile, size: tuple[int, int] = (120, 36), **options: Any
) -> AsyncIterator[Board]:
    """The app at a given size; closed at the end."""
    async with on_screen(profile, size, **options) as shown:
        yield Board(shown.app, shown.pilot)


@pytest.fixture
def open_board() -> Open:
    return board


@pytest.fixture
def start(client: NodionClient, runner_id: Callable[[str], str]) -> Start:
    """`await start("Hello")`."""

    def start_run(runner: str, request: TriggerRequest = NONE, /) -> Awaitable[Run]:
        return client.trigger(runner_id(runner), request)

    return start_run


NONE = TriggerRequest()
NOW = datetime(2026, 1, 15, 14, 5, 31, tzinfo=UTC)


@pytest.fixture
def opened() -> OpenDialog:
    """`async with opened(dialog, (80, 24)) as stage`."""

    @asynccontextmanager
    async def open_dialog(
        dialog: ModalScreen[Any],
        size: tuple[int, int] = (100, 40),
        *,
        keymap: dict[str, str] | None = None,
        ascii_only: bool = False,
        notifications: bool = False,
    ) -> AsyncIterator[DialogStage]:
        app = DialogApp(dialog, keymap or {}, ascii_only=ascii_only)
        async with app.run_test(size=size, notifications=notifications) as pilot:
            await pilot.pause()
            yield DialogStage(app, pilot)

    return open_dialog


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def runner() -> Runner:
    return Runner(
        id="a1b2c3d4-e5f6-7890-abcd-ef1234567890",
        name="Database Backup",
        image_name="mycompany/backup-tool",
        image_tag="latest",
        run_command="python backup.py",
    )


@pytest.fixture
def run(runner: Runner) -> Run:
    return RunRecord(
        id="e5f6a7b8-c9d0-1234-efab-345678901234",
        status="running",
        runner_id=runner.id,
        argv=("python", "migrate.py", "--env", "staging"),
        created_at=NOW - timedelta(seconds=47),
        started_at=NOW - timedelta(seconds=42),
    ).run


@pytest.fixture
def here() -> Profile:
    return Profile(name="production", key=Secret("canary-key"), project="proj-1")


@pytest.fixture
def make(runner: Runner, here: Profile) -> Make:
    """`make(draft)` creates a trigger form."""

    def dialog(draft: TriggerDraft | None = None, **changed: Any) -> TriggerDialog:
        given: dict[str, Any] = {"profile": here, "runner": runner, "draft": draft}
        return trigger_form(**given | changed)

    return dialog
