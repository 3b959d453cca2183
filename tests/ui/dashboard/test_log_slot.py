"""The place of the log pane before and after there is one."""

from collections.abc import AsyncIterator

import pytest
from textual.app import App
from textual.screen import Screen

from nodion_tui.monitor.storage.ui_state import UiState
from nodion_tui.ui.dashboard.log_slot import LogSlot
from tests.support.filled_monitor import a_run, filled_monitor

RUNS = [a_run("backup", 1), a_run("backup", 2)]


class Cursor:
    """A slot, and the run that it opens the log of."""

    def __init__(self, screen: Screen[None]) -> None:
        self.index = 0
        self._monitor = filled_monitor("backup", runs=RUNS)
        self.slot = LogSlot(screen, lambda: (self._monitor, RUNS[self.index]))


@pytest.fixture
async def screen() -> AsyncIterator[Screen[None]]:
    """The empty screen of an app, which the pane finds its timers and workers in."""
    async with App[None]().run_test() as pilot:
        screen = Screen[None]()
        await pilot.app.push_screen(screen)
        yield screen


def test_before_there_is_a_pane_no_log_is_opened_and_nothing_is_saved() -> None:
    slot = Cursor(Screen[None]()).slot
    slot.open()
    slot.redraw()
    slot.update_run(RUNS[0])
    assert slot.session_of(RUNS[0]) is None
    assert slot.updated_state(UiState()) == UiState()


def test_the_pane_gets_the_state_that_was_restored_before_it() -> None:
    slot = Cursor(Screen[None]()).slot
    slot.create()
    state = slot.updated_state(UiState())
    assert state.choices["log.times"] == "local"
    early = Cursor(Screen[None]()).slot
    early.restore_state(state.with_choice("log.times", "off"))
    early.create()
    assert early.updated_state(UiState()).choices["log.times"] == "off"


async def test_the_log_of_the_run_under_the_cursor_is_open_and_no_other(
    screen: Screen[None],
) -> None:
    cursor = Cursor(screen)
    cursor.slot.create()
    cursor.slot.open()
    first = cursor.slot.session_of(RUNS[0])
    assert first is not None
    assert cursor.slot.session_of(RUNS[1]) is None
    cursor.index = 1
    cursor.slot.open()
    assert cursor.slot.session_of(RUNS[0]) is None
    assert cursor.slot.session_of(RUNS[1]) is not None


async def test_a_pane_without_a_monitor_has_no_log(screen: Screen[None]) -> None:
    slot = LogSlot(screen, lambda: (None, None))
    slot.create()
    slot.open()
    assert slot.session_of(RUNS[0]) is None


async def test_opening_at_once_leaves_nothing_to_open_later(screen: Screen[None]) -> None:
    slot = Cursor(screen).slot
    slot.create()
    slot.open_soon()
    waiting = (slot.is_pending, slot.session_of(RUNS[0]))
    slot.open()
    assert waiting == (True, None)
    assert not slot.is_pending
