"""Marking runs and stopping them together."""

from typing import TYPE_CHECKING

from nodion_tui.api.client import NodionClient
from nodion_tui.config import Profile
from nodion_tui.local.fault_injection import Fault
from nodion_tui.model.run import RunKey
from nodion_tui.model.trigger import TriggerRequest
from nodion_tui.ui.dashboard.marked_rows import MarkedRows

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.ui.conftest import Faults, Open

KEYS = [RunKey("r", str(number)) for number in range(6)]


def test_a_range_marks_all_between_its_ends_in_either_direction() -> None:
    for begin, end in ((1, 4), (4, 1)):
        marks = MarkedRows()
        marks.mark_range(KEYS, KEYS[begin])
        marks.mark_range(KEYS, KEYS[end])
        assert set(marks.keys) == set(KEYS[1:5])
        assert marks.anchor is None


def test_a_range_whose_beginning_has_gone_begins_anew() -> None:
    marks = MarkedRows()
    marks.mark_range(KEYS, KEYS[1])
    marks.mark_range(KEYS[2:], KEYS[4])
    assert marks.anchor == KEYS[4]


def test_a_mark_is_taken_away_by_marking_again() -> None:
    marks = MarkedRows()
    marks.toggle(KEYS[0])
    marks.toggle(KEYS[1])
    marks.toggle(KEYS[0])
    assert set(marks.keys) == {KEYS[1]}
    assert marks.clear()
    assert not marks.clear()


async def test_marked_runs_are_stopped_together_and_each_is_told(
    profile: Profile,
    client: NodionClient,
    runner_id: "Callable[[str], str]",
    open_board: "Open",
) -> None:
    endless = runner_id("Until stopped")
    runs = [await client.trigger(endless, TriggerRequest()) for _ in range(3)]
    async with open_board(profile) as board:
        await board.select_runner("Until stopped")
        await board.until(lambda: board.text.count("● running") >= 3, "three running")
        await board.press("tab", "g", "v", "j", "v")
        await board.sees("2 marked")
        await board.press("X")
        await board.sees("Stop 2 runs?", "2 marked rows")
        await board.press("escape")
        await board.sees("2 marked")
        await board.press("X")
        await board.sees("Stop 2 runs?")
        await board.press("tab", "enter")
        await board.sees("Stopped 2 of 2", "canceled")
        await board.until(lambda: board.text.count("canceled") >= 2, "both confirmed")
        await board.press("escape")
        await board.until(lambda: "marked" not in board.text, "marks gone")
    after = [(await client.get_run(endless, run.id)).status for run in runs]
    assert sorted(after) == ["canceled", "canceled", "running"]


async def test_a_stop_that_fails_is_told_in_its_row_and_can_be_tried_again(
    profile: Profile,
    client: NodionClient,
    faults: "Faults",
    runner_id: "Callable[[str], str]",
    open_board: "Open",
) -> None:
    endless = runner_id("Until stopped")
    good, bad = [await client.trigger(endless, TriggerRequest()) for _ in range(2)]
    faults.by_start[f"POST /runners/{endless}/runs/{bad.id}/stop"] = Fault(status=400)
    async with open_board(profile) as board:
        await board.select_runner("Until stopped")
        await board.until(lambda: board.text.count("● running") >= 2, "two running")
        await board.press("tab", "g", "space", "space")
        await board.press("X")
        await board.sees("Stop 2 runs?")
        await board.press("tab", "enter")
        await board.sees("Retry failed", "failed")
        faults.by_start.clear()
        await board.press("shift+tab", "enter")
        await board.sees("1 canceled")
    assert (await client.get_run(endless, bad.id)).status == "canceled"
    assert (await client.get_run(endless, good.id)).status == "canceled"
