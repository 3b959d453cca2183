"""Dialogs on a small app, and what they are about."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from textual.screen import ModalScreen

from nodion_tui.config import Profile, Secret
from nodion_tui.model.run import Run
from nodion_tui.model.runner import Runner
from nodion_tui.model.trigger_draft import TriggerDraft
from nodion_tui.ui.paint.theme import UNICODE, Glyphs
from nodion_tui.ui.trigger.dialog import TriggerDialog
from tests.support.dialogs import DialogApp, Opened, Stage
from tests.support.trigger_form import Make

NOW = datetime(2026, 1, 15, 14, 5, 31, tzinfo=UTC)


@pytest.fixture
def opened() -> Opened:
    """`async with opened(dialog, (80, 24)) as stage`."""

    @asynccontextmanager
    async def open_dialog(
        dialog: ModalScreen[Any],
        size: tuple[int, int] = (100, 40),
        *,
        keymap: dict[str, str] | None = None,
        glyphs: Glyphs = UNICODE,
    ) -> AsyncIterator[Stage]:
        app = DialogApp(dialog, keymap or {}, glyphs)
        async with app.run_test(size=size) as pilot:
            await pilot.pause()
            yield Stage(app, pilot)

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
    return Run(
        id="e5f6a7b8-c9d0-1234-efab-345678901234",
        status="running",
        runner_id=runner.id,
        argv=("python", "migrate.py", "--env", "staging"),
        created_at=NOW - timedelta(seconds=47),
        started_at=NOW - timedelta(seconds=42),
    )


@pytest.fixture
def here() -> Profile:
    return Profile(name="production", key=Secret("canary-key"), project="proj-1")


@pytest.fixture
def make(runner: Runner, here: Profile) -> Make:
    """`make(draft)` is a trigger form."""

    def dialog(draft: TriggerDraft | None = None, **changed: Any) -> TriggerDialog:
        given: dict[str, Any] = {"profile": here, "runner": runner, "draft": draft}
        return TriggerDialog(**given | changed)

    return dialog
