from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from nodion_tui.model.run import Run, RunKey
from nodion_tui.model.runner import Runner
from nodion_tui.monitor.runs.bulk_stop import StopOutcome, StopState
from nodion_tui.ui.dialogs.controls import CompactButton
from nodion_tui.ui.stop.bulk_dialog import BulkResultsDialog, BulkStopDialog
from nodion_tui.ui.stop.confirm_name import ConfirmNameField

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from nodion_tui.config import Profile
    from tests.support.dialogs import DialogStage, OpenDialog

    Make = Callable[..., BulkStopDialog]


@pytest.fixture
def runs(run: Run) -> list[Run]:
    return [
        run,
        msgspec.structs.replace(run, id="f0000000-a", runner_id="etl", argv=(), command="a | b"),
        msgspec.structs.replace(run, id="f1111111-a", status="succeeded"),
    ]


@pytest.fixture
def runners(runner: Runner) -> dict[str, Runner]:
    return {runner.id: runner, "etl": Runner(id="etl", name="Nightly ETL")}


@pytest.fixture
def make(runs: list[Run], runners: dict[str, Runner], here: Profile, now: datetime) -> Make:
    def dialog(listed: list[Run] | None = None, **changed: Any) -> BulkStopDialog:
        given: dict[str, Any] = {"profile": here, "clock": lambda: now}
        return BulkStopDialog(runs if listed is None else listed, runners, **given | changed)

    return dialog


@pytest.fixture
def results(runs: list[Run], runners: dict[str, Runner]) -> BulkResultsDialog:
    return BulkResultsDialog(runs, runners, clock=iter(range(10, 1000)).__next__)


def rows(stage: DialogStage) -> list[str]:
    return stage.text("#bulk-rows").split("\n")


async def test_every_run_is_named_and_the_ended_ones_are_left_out(
    opened: OpenDialog, make: Make, runs: list[Run]
) -> None:
    async with opened(make(description="3 marked rows, 1 hidden by the filter")) as stage:
        text = stage.screen_text()
        assert "Stop 2 runs?" in text
        assert "3 marked rows, 1 hidden by the filter" in text
        assert "production" in text
        listed = rows(stage)
        assert listed[0].split() == [
            *("Database", "Backup", "e5f6a7b8", "running", "for", "42", "s"),
            *runs[0].argv,
        ]
        assert "Nightly ETL" in listed[1]
        assert "already succeeded" in listed[2]
        await stage.press("tab", "enter")
        assert await stage.dismissed() == (runs[0].key, runs[1].key)


@pytest.mark.parametrize("key", ["enter", "escape", "space"])
async def test_the_first_key_keeps_them_running(opened: OpenDialog, make: Make, key: str) -> None:
    async with opened(make()) as stage:
        await stage.press(key)
        assert await stage.dismissed() is None


async def test_what_ends_meanwhile_is_left_out(
    opened: OpenDialog, make: Make, runs: list[Run]
) -> None:
    dialog = make()
    async with opened(dialog) as stage:
        dialog.update_run(msgspec.structs.replace(runs[0], status="failed"))
        assert "Stop 1 run?" in str(stage.app.screen.query_one(".box").border_title)
        assert stage.app.screen.query_one(".box").has_class("-grave")
        dialog.update_run(msgspec.structs.replace(runs[1], status="failed"))
        await stage.pilot.pause()
        assert "already ended" in stage.text("#bulk-note")
        assert not stage.app.screen.query_one(".box").has_class("-grave"), "no danger in that"
        assert stage.app.screen.query_one("#bulk-stop", CompactButton).disabled


@pytest.mark.parametrize("kind", ["question", "results"])
async def test_runs_may_change_before_it_opens_and_after_it_has_closed(
    opened: OpenDialog, make: Make, results: BulkResultsDialog, runs: list[Run], kind: str
) -> None:
    dialog = make() if kind == "question" else results
    requested = StopOutcome(StopState.REQUESTED)
    canceled = msgspec.structs.replace(runs[0], status="canceled")
    results.show_outcome(runs[0].key, requested)
    dialog.update_run(canceled)
    async with opened(dialog) as stage:
        assert "canceled" in rows(stage)[0]
        await stage.press("escape")
        await stage.until(lambda: not dialog.children)
        results.show_outcome(runs[0].key, requested)
        dialog.update_run(canceled)


@pytest.mark.parametrize(("several", "words"), [(True, "stop 2"), (False, "Database Backup")])
async def test_what_has_to_be_typed(
    opened: OpenDialog,
    make: Make,
    here: Profile,
    runs: list[Run],
    several: bool,  # noqa: FBT001 - a parameter of the test
    words: str,
) -> None:
    listed = runs if several else [runs[0], runs[2]]
    async with opened(
        make(listed, profile=msgspec.structs.replace(here, confirm_name=True))
    ) as stage:
        stop = stage.app.screen.query_one("#bulk-stop", CompactButton)
        await stage.press(*words[:-1])
        assert stop.disabled
        await stage.press(words[-1], "enter", "tab", "enter")
        assert await stage.dismissed() == tuple(run.key for run in listed if not run.is_final)


@pytest.mark.parametrize(("several", "note"), [(True, "All of them have"), (False, "It has")])
async def test_nothing_is_to_be_typed_once_nothing_is_left_to_stop(
    opened: OpenDialog,
    make: Make,
    here: Profile,
    runs: list[Run],
    several: bool,  # noqa: FBT001 - a parameter of the test
    note: str,
) -> None:
    listed = runs if several else runs[:1]
    dialog = make(listed, profile=msgspec.structs.replace(here, confirm_name=True))
    async with opened(dialog) as stage:
        await stage.press("s")
        assert "to confirm" in stage.screen_text()
        for run in listed:
            dialog.update_run(msgspec.structs.replace(run, status="canceled"))
        await stage.pilot.pause()
        assert "to confirm" not in stage.screen_text()
        assert stage.text("#bulk-note") == f"{note} already ended."
        await stage.press("s", "enter")
        assert await stage.dismissed() is None


async def test_a_read_only_profile_stops_none(
    opened: OpenDialog, make: Make, here: Profile
) -> None:
    async with opened(make(profile=msgspec.structs.replace(here, read_only=True))) as stage:
        assert "read-only" in stage.text("#bulk-note")
        assert stage.app.screen.query_one("#bulk-stop", CompactButton).disabled


async def test_results_tell_requested_from_confirmed(
    opened: OpenDialog, results: BulkResultsDialog, runs: list[Run]
) -> None:
    async with opened(results) as stage:
        assert all("waiting" in row for row in rows(stage))
        results.show_outcome(runs[0].key, StopOutcome(StopState.REQUESTED))
        results.show_outcome(runs[1].key, StopOutcome(StopState.FAILED, "Not found [/nope]\x1b"))
        results.show_outcome(runs[2].key, StopOutcome(StopState.ENDED, "succeeded"))
        assert "stop requested · " in rows(stage)[0]
        assert "Not found [/nope]␛" in rows(stage)[1]
        assert "had already ended: succeeded" in rows(stage)[2]
        assert stage.text("#bulk-note") == "1 requested · 1 had ended · 1 failed"
        results.update_run(msgspec.structs.replace(runs[0], status="canceled"))
        assert "canceled" in rows(stage)[0]


async def test_what_failed_may_be_tried_again(
    opened: OpenDialog, results: BulkResultsDialog, runs: list[Run]
) -> None:
    async with opened(results) as stage:
        assert stage.app.screen.query_one("#bulk-again", CompactButton).disabled
        results.show_outcome(runs[1].key, StopOutcome(StopState.FAILED, "x"))
        await stage.pilot.pause()
        await stage.pilot.click("#bulk-again")
        assert await stage.dismissed() == (runs[1].key,)


async def test_what_failed_and_is_canceled_all_the_same_has_not_failed(
    opened: OpenDialog, results: BulkResultsDialog, runs: list[Run]
) -> None:
    async with opened(results):
        results.show_outcome(runs[1].key, StopOutcome(StopState.FAILED, "outcome unknown"))
        results.update_run(runs[1])
        results.update_run(msgspec.structs.replace(runs[1], id="other", status="canceled"))
        assert results._outcomes[runs[1].key].state is StopState.FAILED
        results.update_run(msgspec.structs.replace(runs[1], status="canceled"))
        assert results._failed == ()


async def test_seconds_are_counted_from_the_request(
    opened: OpenDialog, runs: list[Run], runners: dict[str, Runner]
) -> None:
    seconds = [100.0]
    dialog = BulkResultsDialog(runs, runners, clock=lambda: seconds[0])
    async with opened(dialog) as stage:
        dialog.show_outcome(runs[0].key, StopOutcome(StopState.REQUESTED))
        seconds[0] = 103.5
        dialog.show_outcome(runs[0].key, StopOutcome(StopState.REQUESTED))
        assert "stop requested · 3 s" in rows(stage)[0]


@pytest.mark.parametrize("size", [(120, 36), (80, 24), (40, 20)])
async def test_many_runs_leave_room_for_the_buttons(
    opened: OpenDialog, make: Make, run: Run, size: tuple[int, int]
) -> None:
    many = [msgspec.structs.replace(run, id=f"{number:08}-x") for number in range(60)]
    async with opened(make(many), size) as stage:
        assert stage.is_seen(stage.app.screen.query_one("#stop-keep"))
        await stage.press("tab")
        focused = stage.app.screen.focused
        assert focused is not None
        assert stage.is_seen(focused)
        await stage.press("enter")
        assert await stage.dismissed() == tuple(RunKey(run.runner_id, each.id) for each in many)


async def test_in_a_low_window_all_can_be_read_by_the_keyboard(
    opened: OpenDialog, make: Make, here: Profile
) -> None:
    async with opened(
        make(profile=msgspec.structs.replace(here, confirm_name=True)), (40, 12)
    ) as stage:
        assert stage.is_seen(stage.app.screen.query_one("#stop-keep"))
        seen = stage.screen_text()
        for _ in range(4):
            await stage.press("pagedown")
            seen += stage.screen_text()
        for words in ("production", "e5f6a7b8", "f0000000", "to confirm", "Keep running"):
            assert words in seen


async def test_at_40_columns_each_run_to_stop_has_one_row(
    opened: OpenDialog, make: Make, run: Run
) -> None:
    listed = [msgspec.structs.replace(run, id=f"e{number:07}-a") for number in range(14)]
    created_at = run.created_at
    assert created_at is not None
    record = msgspec.structs.replace(
        run.record,
        id="f0000000-a",
        status="pending",
        created_at=created_at - timedelta(minutes=13),
        started_at=None,
    )
    async with opened(make([record.run, *listed]), (40, 10)) as stage:
        first, *others = (row for row in stage.screen_text().split("\n") if "Databa" in row)
        assert "◌ " in first
        assert first.rstrip("│ ▁▂▃▄▅▆▇").endswith("f0000000  13 min 47 s")
        assert all(f"e{number:07}  42 s" in row for number, row in enumerate(others))
        assert len(others) >= 2


@pytest.mark.parametrize("size", [(40, 10), (80, 24)])
async def test_what_confirms_a_stop_of_several_is_seen_and_told_at_every_size(
    opened: OpenDialog, make: Make, here: Profile, size: tuple[int, int]
) -> None:
    dialog = make(profile=msgspec.structs.replace(here, confirm_name=True))
    async with opened(dialog, size) as stage:
        await stage.until(lambda: stage.is_seen(dialog.query_one(ConfirmNameField)))
        await stage.press(*"stop 3", "enter")
        await stage.sees("Not the same text.")
        assert "stop 2" in stage.text(".-confirm")
        for button in dialog.query(CompactButton):
            assert stage.is_seen(button)
