"""Actions on runs, with dialogs that are answered at once and no screen."""

import sys
from collections.abc import Coroutine
from typing import Any

import pytest
from textual.app import App
from textual.screen import Screen

from nodion_tui.config import Profile, Secret
from nodion_tui.monitor.monitor import Monitor
from nodion_tui.ui.dashboard.lists.dashboard_lists import DashboardLists
from nodion_tui.ui.dashboard.run_actions import WEB_PAGES, RunActions
from nodion_tui.ui.dialogs.menu import Menu
from nodion_tui.ui.stop.bulk_dialog import BulkResultsDialog, BulkStopDialog
from nodion_tui.ui.stop.dialog import StopDialog
from nodion_tui.ui.trigger.dialog import TriggerDialog
from tests.support.filled_monitor import a_run, filled_monitor

RUNS = [a_run("backup", 1), a_run("import", 2, "failed"), a_run("backup", 3, "running")]


class Terminal(App[None]):
    """An app that is not running; each dialog is dismissed with the next answer."""

    def __init__(self) -> None:
        super().__init__()
        self.toasts: list[str] = []
        self.dialogs: list[Screen[Any]] = []
        self.answers: list[Any] = []
        self.opened: list[str] = []

    def notify(self, message: str, **_: Any) -> None:
        self.toasts.append(message)

    def open_url(self, url: str, *, new_tab: bool = True) -> None:
        del new_tab
        self.opened.append(url)

    async def push_screen_wait(self, screen: Any, *, mode: str | None = None) -> Any:
        del mode
        self.dialogs.append(screen)
        return self.answers.pop(0) if self.answers else None


class Stage:
    """The actions on the lists of a monitor."""

    def __init__(self, monitor: Monitor | None = None) -> None:
        self.app = Terminal()
        self.lists = DashboardLists("Connecting …")
        self.started: list[Coroutine[Any, Any, None]] = []
        self.actions = RunActions(lambda: self.app, self.lists, lambda _: None, self.started.append)
        if monitor is not None:
            self.lists.attach(monitor)
            self.lists.show_runners()

    async def dialog(self) -> Screen[Any]:
        """The dialog of the action that was started."""
        await self.started.pop()
        return self.app.dialogs[-1]


@pytest.fixture
def stage() -> Stage:
    return Stage(filled_monitor("backup", "import", runs=RUNS))


@pytest.mark.parametrize(
    ("action", "told"),
    [
        ("trigger", ["No runner to trigger yet."]),
        ("rerun", ["Select a run first, then re-run it."]),
        ("repeat", ["Select a run first, then repeat it."]),
        ("stop", ["Select a run first, then stop it."]),
        ("copy_id", []),
        ("open_browser", ["This service has no website."]),
    ],
)
@pytest.mark.parametrize("where", ["connected", "not connected"])
def test_with_nothing_to_act_on_it_says_so_and_starts_nothing(
    action: str, told: list[str], where: str
) -> None:
    other = Profile(api_url="http://127.0.0.1:1/v1", key=Secret("key"))
    stage = Stage(filled_monitor(profile=other) if where == "connected" else None)
    getattr(stage.actions, f"action_{action}")()
    assert stage.app.toasts == told
    assert not stage.started
    available = {name for name, is_so in stage.actions.availability().items() if is_so}
    assert available <= {"run.await", "run.copy_id"}  # which sends nothing


async def test_a_trigger_is_of_the_selected_runner_or_of_that_of_the_run(stage: Stage) -> None:
    stage.lists.runners.select("import")
    stage.actions.action_trigger()
    form = await stage.dialog()
    assert isinstance(form, TriggerDialog)
    assert len(stage.app.dialogs) == 1


async def test_a_trigger_asks_for_the_runner_where_none_is_selected() -> None:
    stage = Stage(filled_monitor("backup", "import"))
    stage.actions.action_trigger()
    assert isinstance(await stage.dialog(), Menu)
    stage.app.answers = ["import"]
    stage.actions.action_trigger()
    assert isinstance(await stage.dialog(), TriggerDialog)


async def test_a_rerun_opens_the_form_with_the_run(stage: Stage) -> None:
    stage.lists.runs.move_to(1)
    stage.actions.action_rerun()
    form = await stage.dialog()
    assert isinstance(form, TriggerDialog)
    assert form.draft.argv() == RUNS[1].argv


def test_a_key_to_repeat_that_is_held_down_repeats_once(stage: Stage) -> None:
    stage.lists.runs.move_to(1)
    for _ in range(30):
        stage.actions.action_repeat()
    (repeat,) = stage.started
    repeat.close()


async def test_a_stop_asks_for_the_run_and_nothing_is_sent_without_an_answer(stage: Stage) -> None:
    stage.lists.runs.move_to(0)
    stage.actions.action_stop()
    assert isinstance(await stage.dialog(), StopDialog)
    assert stage.lists.runs.current is not None
    assert not stage.lists.runs.facts.is_stopping(stage.lists.runs.current.key)


def test_a_run_that_has_ended_is_not_stopped(stage: Stage) -> None:
    stage.lists.runs.move_to(1)
    stage.actions.action_stop()
    assert stage.app.toasts == ["This run has already ended: failed."]
    assert not stage.started


async def test_marked_runs_are_stopped_together_and_stay_marked_until_confirmed() -> None:
    nobody = Profile(api_url="http://127.0.0.1:1/v1", key=Secret("key"))
    monitor = filled_monitor("backup", "import", runs=RUNS, profile=nobody)
    stage = Stage(monitor)
    stage.lists.runs.move_to(0)
    stage.lists.runs.marks.toggle(stage.lists.runs.items[0].key)
    stage.actions.action_stop()
    assert isinstance(await stage.dialog(), BulkStopDialog)
    assert stage.lists.runs.marks
    stage.app.answers = [[RUNS[2].key]]
    stage.actions.action_stop()
    await monitor.start()
    assert isinstance(await stage.dialog(), BulkResultsDialog)
    await monitor.aclose()
    assert not stage.lists.runs.marks


async def test_an_open_stop_dialog_gets_the_other_state_of_its_run(stage: Stage) -> None:
    stage.lists.runs.move_to(0)
    ended = a_run("backup", 3, "succeeded")
    stage.actions.update_run(ended)  # no dialog is open
    told: list[str] = []

    class Watching(Terminal):
        async def push_screen_wait(self, screen: Any, *, mode: str | None = None) -> Any:
            del mode
            screen.update_run = lambda run: told.append(run.status)
            stage.actions.update_run(ended)

    stage.app = Watching()
    stage.actions.action_stop()
    await stage.started.pop()
    stage.actions.update_run(ended)
    assert told == ["succeeded"]


def test_the_id_of_the_run_is_copied_or_else_that_of_the_runner(stage: Stage) -> None:
    stage.lists.runs.move_to(2)
    stage.actions.action_copy_id()
    assert stage.app.clipboard == "backup-1"
    idle = Stage(filled_monitor("idle"))
    idle.lists.runners.select("idle")
    idle.actions.action_copy_id()
    assert idle.app.clipboard == "idle"
    assert idle.app.toasts == ["Sent the runner's id to the clipboard: idle"]


def test_the_website_is_opened_or_named_where_no_window_can_open(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.delenv("DISPLAY", raising=False)
    stage.actions.action_open_browser()
    assert not stage.app.opened
    assert WEB_PAGES in stage.app.toasts[0]
    monkeypatch.setenv("DISPLAY", ":0")
    stage.actions.action_open_browser()
    assert stage.app.opened == [WEB_PAGES]


def test_what_is_available_depends_on_run_runner_and_key(stage: Stage) -> None:
    stage.lists.runs.move_to(0)
    assert all(stage.actions.availability().values())
    stage.lists.runs.move_to(1)
    assert stage.actions.availability() == {
        "run.stop": False,
        "run.rerun": True,
        "run.repeat": True,
        "run.await": False,
        "run.copy_id": True,
        "run.trigger": True,
    }
    reader = Profile(key=Secret("key"), read_only=True)
    stage = Stage(filled_monitor("backup", "import", runs=RUNS, profile=reader))
    available = {name for name, is_so in stage.actions.availability().items() if is_so}
    assert available <= {"run.await", "run.copy_id"}  # which sends nothing


def test_marked_runs_can_be_stopped_while_one_of_them_runs(stage: Stage) -> None:
    stage.lists.runs.show(RUNS[:2])
    assert not stage.actions.availability()["run.stop"], "the one under the cursor has ended"
    stage.lists.runs.marks.toggle(RUNS[2].key)
    assert stage.actions.availability()["run.stop"]
    stage.lists.runs.marks.toggle(RUNS[2].key)
    stage.lists.runs.marks.toggle(RUNS[1].key)
    assert not stage.actions.availability()["run.stop"]
